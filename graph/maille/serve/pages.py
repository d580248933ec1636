"""The pages of the site, made in a worker: what is asked of the store, and how it is laid out."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from maille.errors import MailleError
from maille.rdf.mint import canonical
from maille.rdf.names import PREFIXES
from maille.serve.formats import GRAPHS, with_charset
from maille.serve.reader import Segment, Span, segments
from maille.store import Store
from maille.view.labels import terms
from maille.view.quoting import sentence_around
from maille.vocabulary import CLASSES, EVENTS, NAMESPACE

Arguments = dict[str, str]
Answer = tuple[int, str, bytes]

PER_PAGE = 50
CLAIMS_SHOWN = 300
EVENTS_SHOWN = 100
ROWS_SHOWN = 300

_RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Term:
    """Something that a page names: its words, and where it leads (empty: nowhere)."""

    label: str
    href: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as it is shown; the quote is the sentence in three parts, the middle one being the evidence."""

    id: str
    subject: Term
    property: str
    object: Term
    modality: str
    period: str
    confidence: int
    by: str
    rule: str
    before: str
    evidence: str
    after: str
    where: Term
    date: str
    begin: int
    end: int
    subject_iri: str
    article_iri: str


def render(store: Store, name: str, arguments: Arguments) -> Answer:
    """A page by the name of its function: HTTP status, media type, body."""
    return _PAGES[name](store, arguments)


def failure(language: str, status: int, message: str, hint: str) -> str:
    """The page that says what went wrong."""
    return _fill("failure.html", language, "", status=status, message=message, hint=hint)


def words(language: str) -> dict[str, str]:
    """The site's own words, with {placeholders}."""
    return _words()[language]


def home(store: Store, arguments: Arguments) -> Answer:
    """Search, how much there is, who is most cited, the latest articles."""
    counts = {
        "articles": _number(store, "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x maille:articleKey ?k }"),
        "entities": _number(store, "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x skos:prefLabel ?l }"),
        "claims": _number(store, "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a maille:Claim }"),
    }
    cited = store.rows("SELECT ?e ?n WHERE { { SELECT ?e (COUNT(DISTINCT ?a) AS ?n) { ?a schema:mentions ?e } "
                       "GROUP BY ?e ORDER BY DESC(?n) ?e LIMIT 40 } }")  # fmt: skip
    found = [(row["e"], int(row["n"])) for row in cited]
    named = _terms(store, [iri for iri, _ in found], arguments["lang"])
    return _page(store, "home.html", arguments, counts=counts, cited=[(named[iri], n) for iri, n in found],
                 articles=_articles(store, 15))  # fmt: skip


def search(store: Store, arguments: Arguments) -> Answer:
    """Entities by name, articles by words; neither case nor accents matter in names."""
    query = " ".join(arguments.get("q", "").split())[:200]
    wanted = canonical(query)
    ranks: dict[str, tuple[int, int]] = {}
    if wanted:
        for row in store.rows("SELECT DISTINCT ?e ?l WHERE { ?e skos:prefLabel|skos:altLabel ?l }"):
            name = canonical(row["l"])
            if wanted in name:
                rank = 0 if name == wanted else 1 if name.startswith(wanted) else 2
                ranks[row["e"]] = min(ranks.get(row["e"], (9, 0)), (rank, len(name)))
    best = sorted(ranks, key=lambda iri: (*ranks[iri], iri))[:PER_PAGE]
    named = _terms(store, best, arguments["lang"])
    holds = f"SELECT DISTINCT ?a {{ ?a nif:isString ?text FILTER(CONTAINS(LCASE(?text), LCASE({ox.Literal(query)}))) }} LIMIT 20"
    articles = [_article(store, row["a"]) for row in store.rows(holds)] if wanted else []
    shown = [(article, *_excerpt(article["text"], query)) for article in articles]
    return _page(store, "search.html", arguments, query=query, entities=[named[iri] for iri in best], articles=shown)


def articles(store: Store, arguments: Arguments) -> Answer:
    """All articles, the latest first, a page at a time."""
    number = max(int(arguments.get("page", "1")), 1) if arguments.get("page", "1").isdigit() else 1
    found = _articles(store, PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    return _page(
        store, "articles.html", arguments, articles=found[:PER_PAGE], number=number, more=len(found) > PER_PAGE
    )


def entity(store: Store, arguments: Arguments) -> Answer:
    """What the articles say of an entity, each claim with its sentence; 404 for one that is not there."""
    iri, language = arguments["iri"], arguments["lang"]
    node = ox.NamedNode(iri)
    me = _terms(store, [iri], language)[iri]
    if not me.kind:
        return _missing(store, arguments)
    also = [row["l"] for row in store.rows(f"SELECT DISTINCT ?l {{ {node} skos:altLabel ?l }} ORDER BY ?l")]
    said = _said(store, [*_claims(store, f"rdf:subject {node}"), *_claims(store, f"rdf:object {node}")], language)
    others = {claim.subject_iri for claim in said if claim.subject_iri != iri}
    happened = sorted(other for other in others if _one(store, other, "maille:trigger"))[:EVENTS_SHOWN]
    roles = [claim for event in happened for claim in _claims(store, f"rdf:subject {ox.NamedNode(event)}")]
    parts = _said(store, roles, language)
    events: dict[str, list[Said]] = defaultdict(list)
    for claim in parts:
        events[claim.subject_iri].append(claim)
    return _page(
        store, "entity.html", arguments, iri=iri, me=me, also=also,
        own=_by_property([claim for claim in said if claim.subject_iri == iri]),
        incoming=[claim for claim in said if claim.subject_iri != iri and claim.subject_iri not in happened],
        events=sorted(events.values(), key=lambda claims: (claims[0].date, claims[0].begin), reverse=True),
        articles=_articles(store, PER_PAGE, f"?a schema:mentions {node} ."),
    )  # fmt: skip


def article(store: Store, arguments: Arguments) -> Answer:
    """An article to read: names lead to their pages, what backs a claim is marked; 404 for one that is not there."""
    iri, language = arguments["iri"], arguments["lang"]
    node = ox.NamedNode(iri)
    if not _one(store, iri, "nif:isString"):
        return _missing(store, arguments)
    about = _article(store, iri)
    graph = ox.NamedNode(f"{store.base}graph/{iri.rpartition('/')[2]}")
    claims = [row["c"] for row in store.rows(f"SELECT DISTINCT ?c {{ GRAPH {graph} {{ ?c a maille:Claim }} }}")]
    said = [claim for claim in _said(store, claims, language) if claim.article_iri == iri]
    mentions = list(
        store.rows(
            f"SELECT DISTINCT ?e ?begin ?end {{ GRAPH {graph} {{ ?span maille:mentionOf ?e ; nif:referenceContext {node} ; "
            "nif:beginIndex ?begin ; nif:endIndex ?end } }"
        )
    )
    named = _terms(store, {row["e"] for row in mentions}, language)
    text: str = about["text"]
    names = [Span(int(row["begin"]), int(row["end"]), named[row["e"]]) for row in mentions]
    evidence = sorted({(claim.begin, claim.end) for claim in said})
    cut = segments(text, names, [Span(begin, end) for begin, end in evidence])
    title = len(about["title"]) if about["title"] and text.startswith(about["title"] + "\n") else 0
    return _page(store, "article.html", arguments, iri=iri, about=about, said=said, head=_until(cut, title),
                 body=_after(cut, title + 1 if title else 0))  # fmt: skip


def resource(store: Store, arguments: Arguments) -> Answer:
    """Whatever the graph says of an IRI, and what leads to it; 404 where it says nothing."""
    language = arguments["lang"]
    node = ox.NamedNode(arguments["iri"])
    own = list(store.rows(f"SELECT DISTINCT ?p ?o {{ {node} ?p ?o }} ORDER BY ?p ?o LIMIT {ROWS_SHOWN}"))
    into = list(store.rows(f"SELECT DISTINCT ?s ?p {{ ?s ?p {node} }} ORDER BY ?p ?s LIMIT {ROWS_SHOWN}"))
    if not own and not into:
        return _missing(store, arguments)
    iris = {row[name] for row in (*own, *into) for name in ("s", "o", "p") if _is_iri(row.get(name, ""))}
    named = _terms(store, iris, language)

    def shown(value: str) -> Term:
        return named.get(value, Term(value))

    return _page(
        store, "resource.html", arguments, iri=arguments["iri"], own=[(shown(row["p"]), shown(row["o"])) for row in own],
        into=[(shown(row["s"]), shown(row["p"])) for row in into], limit=ROWS_SHOWN,
    )  # fmt: skip


def data(store: Store, arguments: Arguments) -> Answer:
    """The same in RDF: an article's graph, or what is said of an IRI with the claims about it; 404 for nothing."""
    iri, form = arguments["iri"], arguments["form"]
    node = ox.NamedNode(iri)
    if iri.startswith(f"{store.base}article/"):
        graph = ox.NamedNode(f"{store.base}graph/{iri.rpartition('/')[2]}")
        where = f"{{ GRAPH {graph} {{ ?s ?p ?o }} }} UNION {{ {node} schema:mentions ?s . ?s ?p ?o . FILTER(?p IN (rdf:type, skos:prefLabel, skos:altLabel)) }}"
    elif iri.startswith(f"{store.base}graph/"):
        where = f"GRAPH {node} {{ ?s ?p ?o }}"
    else:
        where = (
            f"{{ VALUES ?s {{ {node} }} ?s ?p ?o }} UNION {{ ?s rdf:subject {node} ; ?p ?o }} UNION {{ ?s rdf:object {node} ; ?p ?o }} "
            f"UNION {{ ?c rdf:subject|rdf:object {node} ; prov:wasDerivedFrom ?s . ?s ?p ?o }} "
            f"UNION {{ {{ ?c rdf:subject {node} ; rdf:object ?s }} UNION {{ ?c rdf:object {node} ; rdf:subject ?s }} ?s ?p ?o . FILTER(?p IN (rdf:type, skos:prefLabel)) }}"
        )
    found = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}")
    assert isinstance(found, ox.QueryTriples)
    triples = sorted({triple for triple in found}, key=str)
    if not triples:
        return 404, "text/plain; charset=utf-8", f"the graph says nothing of {iri}\n".encode()
    written = ox.serialize(triples, format=_RDF[form], prefixes=PREFIXES)
    assert written is not None
    return 200, with_charset(GRAPHS[form]), written


def network(store: Store, arguments: Arguments) -> Answer:
    """The network as one page; `focus` keeps what lies at most two ties from an entity."""
    from maille.view import page
    from maille.view.stored import from_store

    focus = arguments.get("focus") or None
    try:
        html = page(from_store(store), language=arguments["lang"], focus=focus, distance=2 if focus else 1)
    except MailleError as error:
        return 404, "text/html; charset=utf-8", failure(arguments["lang"], 404, str(error), "").encode()
    return 200, "text/html; charset=utf-8", html.encode()


def editor(store: Store, arguments: Arguments) -> Answer:
    """The SPARQL editor, with the questions that need no name as examples."""
    from maille.query import questions, sparql_of

    language = arguments["lang"]
    ready = []
    for question in questions():
        if all(parameter.default for parameter in question.parameters):
            title = question.title_fr if language == "fr" else question.title_en
            ready.append((title, sparql_of(store, question, {}).strip()))
    first = arguments.get("query") or (
        "SELECT ?subject ?property ?object ?modality WHERE {\n  ?claim a maille:Claim ; rdf:subject/skos:prefLabel ?subject ;\n"
        "    rdf:predicate ?property ; rdf:object/skos:prefLabel ?object ; maille:modality ?modality .\n}\nLIMIT 25"
    )
    return _page(store, "editor.html", arguments, ready=ready, first=first, prefixes=PREFIXES)


_PAGES: dict[str, Callable[[Store, Arguments], Answer]] = {
    "home": home, "search": search, "articles": articles, "entity": entity, "article": article,
    "base": lambda store, _: (200, "text/plain", store.base.encode()), "resource": resource, "data": data, "network": network, "editor": editor,
}  # fmt: skip


def _claims(store: Store, pattern: str) -> list[str]:
    """The first claims that fit `?c PATTERN`."""
    fits = f"SELECT DISTINCT ?c {{ ?c {pattern} ; a maille:Claim }} LIMIT {CLAIMS_SHOWN}"
    return [row["c"] for row in store.rows(fits)]


def _said(store: Store, claims: Iterable[str], language: str) -> list[Said]:
    """The claims, each with its sentence, in the order of the articles; those without a passage are left out.

    Every IRI is looked up for itself: joins over many claims take the store seconds, look-ups microseconds.
    """
    found = {iri: _about(store, iri) for iri in dict.fromkeys(claims)}
    sides = ("subject", "object", "attributedTo")
    iris = {about[name] for about in found.values() for name in sides if _is_iri(about.get(name, ""))}
    named = _terms(store, iris, language)
    articles: dict[str, dict[str, str]] = {}
    said = []
    for iri, about in found.items():
        span = _about(store, about.get("wasDerivedFrom", ""))
        where = span.get("referenceContext", "")
        if where not in articles:
            articles[where] = _article(store, where)
        if articles[where]["text"]:
            amount = _about(store, about["object"]) if about["object"].startswith(f"{store.base}value/") else {}
            said.append(_claim(iri, about, span, amount, named, articles[where], language))
    return sorted(said, key=lambda one: (one.date, one.article_iri, one.begin, one.end, one.property, one.id))


def _claim(
    iri: str,
    about: dict[str, str],
    span: dict[str, str],
    amount: dict[str, str],
    named: dict[str, Term],
    article: dict[str, str],
    language: str,
) -> Said:
    text, begin, end = article["text"], int(span["beginIndex"]), int(span["endIndex"])
    start, stop = sentence_around(text, begin, end)
    object_, written = about["object"], about.get("written", "")
    unit = amount.get("currency", "") or amount.get("unitText", "")
    value = Term(written or f"{amount.get('value', '')} {unit}".strip() or object_)
    if written and not amount and written != object_:  # a date: what it is, and how it was said
        value = Term(f"{object_} ({written})")
    by = about.get("attributedTo", "")
    return Said(
        id=iri,
        subject=named[about["subject"]],
        property=_label(about["predicate"], language),
        object=named[object_] if object_ in named and not amount else value,
        modality=about["modality"].removeprefix(NAMESPACE),
        period=about["period"].removeprefix(NAMESPACE),
        confidence=round(float(about["confidence"]) * 100),
        by=named[by].label if by in named else by,
        rule=about.get("rule", ""),
        before=text[start:begin],
        evidence=text[begin:end],
        after=text[end:stop],
        where=Term(article["heading"], f"{article['href']}#char={begin},{end}"),
        date=article["date"],
        begin=begin,
        end=end,
        subject_iri=about["subject"],
        article_iri=article["a"],
    )


def _about(store: Store, iri: str) -> dict[str, str]:
    """What the graph says of an IRI, by the last part of the property's name; one value each."""
    if not iri:
        return {}
    rows = store.rows(f"SELECT ?p ?o {{ {ox.NamedNode(iri)} ?p ?o }}")
    return {re.split(r"[#/]", row["p"])[-1]: row["o"] for row in rows}


def _one(store: Store, iri: str, property_: str) -> str:
    """A value of a property, empty where there is none."""
    return next((row["o"] for row in store.rows(f"SELECT ?o {{ {ox.NamedNode(iri)} {property_} ?o }} LIMIT 1")), "")


def _articles(store: Store, limit: int, pattern: str = "", offset: int = 0) -> list[dict[str, str]]:
    """Articles that fit a pattern about ?a, the latest first."""
    rows = store.rows(
        f"SELECT DISTINCT ?a ?date WHERE {{ {pattern} ?a maille:articleKey ?key OPTIONAL {{ ?a dcterms:date ?date }} }} "
        f"ORDER BY DESC(?date) ?a LIMIT {limit} OFFSET {offset}"
    )
    return [_article(store, row["a"]) for row in rows]


def _article(store: Store, iri: str) -> dict[str, str]:
    """What is shown of an article; its text is empty for an IRI that is none."""
    about = _about(store, iri)
    title, source, text = about.get("title", ""), about.get("source", ""), about.get("isString", "")
    url = about.get("url", "")
    return {
        "a": iri,
        "href": href(iri, store.base),
        "text": text,
        "title": title,
        "heading": title or source or text[:80],
        "date": about.get("date", ""),
        "publisher": about.get("publisher", ""),
        "by": about.get("creator", ""),
        "url": url if re.match(r"https?://", url, re.I) else "",
    }


def _terms(store: Store, iris: Iterable[str], language: str) -> dict[str, Term]:
    """How IRIs are shown: by label and kind, an event by its kind and words, others by prefix or without the base."""
    return {iri: _term(store, iri, language) for iri in set(iris)}


def _term(store: Store, iri: str, language: str) -> Term:
    types = store.rows(f"SELECT DISTINCT ?k {{ {ox.NamedNode(iri)} a ?k }} LIMIT 20")
    known = {row["k"].removeprefix(NAMESPACE) for row in types} & {*CLASSES, *EVENTS}
    kind = max(sorted(known), key=lambda name: CLASSES.get(name) is not None, default="")
    shown = terms(language).get(kind, kind)
    label = _one(store, iri, "skos:prefLabel")
    if kind in EVENTS:
        trigger = _one(store, iri, "maille:trigger/nif:anchorOf")
        label = f"{shown} « {trigger} »" if language == "fr" else f"{shown} “{trigger}”"
    if not label and (label := _label(iri, language)) == iri:
        label = iri.removeprefix(store.base)
    return Term(label, href(iri, store.base), shown)


def _label(iri: str, language: str) -> str:
    local = iri.removeprefix(NAMESPACE)
    if local != iri:
        return terms(language).get(local, local)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def href(iri: str, base: str) -> str:
    """Where the site shows an IRI: one of its own at its path, another at /resource."""
    local = iri.removeprefix(base)
    if local != iri and local.partition("/")[0] in ("entity", "article", "event", "claim", "value", "graph"):
        return f"/{quote(local, safe='/#=,%~!$&()*+;:@')}"
    return "/resource?" + urlencode({"iri": iri})


def _is_iri(text: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:(//)?[^\s<>\"{}|\\^`]+$", text) is not None and "://" in text


def _number(store: Store, sparql: str) -> int:
    return int(next(iter(store.rows(sparql)))["n"])


def _excerpt(text: str, query: str) -> tuple[str, str, str]:
    """The sentence where the words stand first: before, the words, after."""
    begin = text.lower().find(query.lower())
    if begin < 0 or len(text.lower()) != len(text):
        return text[:160], "", ""
    end = begin + len(query)
    start, stop = sentence_around(text, begin, end)
    return text[start:begin], text[begin:end], text[end:stop]


def _by_property(claims: list[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for claim in claims:
        found[claim.property].append(claim)
    return dict(sorted(found.items()))


def _until(cut: list[Segment], end: int) -> list[Segment]:
    return [one for one in cut if one.end <= end]


def _after(cut: list[Segment], start: int) -> list[Segment]:
    return [one for one in cut if one.start >= start]


def _missing(store: Store, arguments: Arguments) -> Answer:
    said = words(arguments["lang"])
    html = failure(arguments["lang"], 404, said["notFound"], f"{said['notFoundHint']} {arguments['iri']}")
    return 404, "text/html; charset=utf-8", html.encode()


def _page(store: Store, template: str, arguments: Arguments, **more: Any) -> Answer:
    html = _fill(template, arguments["lang"], arguments.get("here", ""), base=store.base, **more)
    return 200, "text/html; charset=utf-8", html.encode("utf-8", "replace")


def _fill(template: str, language: str, here: str, **more: Any) -> str:
    found: str = _templates().get_template(template).render(language=language, words=words(language), here=here, **more)
    return found


@cache
def _words() -> dict[str, dict[str, str]]:
    rows = list(csv.DictReader((files("maille.serve") / "words.tsv").read_text("utf-8").splitlines(), delimiter="\t"))
    return {language: {row["key"]: row[language] for row in rows} for language in ("fr", "en")}


@cache
def _templates() -> Any:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("maille.serve", "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
