"""A store -> what a page shows, asked in SPARQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox

from maille.view.quoting import Span, marks_in, places_of, sentence_around
from maille.view.records import ViewArticle, ViewClaim, ViewEntity, ViewGraph
from maille.vocabulary import CLASSES, EVENTS, NAMESPACE

_ARTICLES = """SELECT ?a ?text ?title ?date ?publisher ?url ?source WHERE {
  ?a maille:articleKey ?key ; nif:isString ?text .
  OPTIONAL { ?a dcterms:title ?title } OPTIONAL { ?a dcterms:date ?date } OPTIONAL { ?a dcterms:publisher ?publisher }
  OPTIONAL { ?a schema:url ?url } OPTIONAL { ?a dcterms:source ?source } }"""
_ENTITIES = "SELECT DISTINCT ?e ?type ?label WHERE { ?e skos:prefLabel ?label ; a ?type }"
_ALIASES = "SELECT DISTINCT ?e ?alias WHERE { ?e skos:altLabel ?alias }"
_EVENTS = (
    "SELECT DISTINCT ?e ?type ?span ?words WHERE { ?e maille:trigger ?span ; a ?type . ?span nif:anchorOf ?words }"
)
_MENTIONS = "SELECT DISTINCT ?span ?e WHERE { ?span maille:mentionOf ?e }"
_CLAIMS = """SELECT ?c ?s ?p ?o ?m ?t ?confidence ?span ?article ?rule ?written ?by ?value ?unit WHERE {
  ?c a maille:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; maille:modality ?m ; maille:period ?t ;
    maille:confidence ?confidence ; prov:wasDerivedFrom ?span . ?span nif:referenceContext ?article .
  OPTIONAL { ?c maille:rule ?rule } OPTIONAL { ?c maille:written ?written } OPTIONAL { ?c maille:attributedTo ?by }
  OPTIONAL { ?o schema:value ?value . OPTIONAL { ?o schema:currency|schema:unitText ?unit } } }"""

Row = dict[str, str]


class Queryable(Protocol):
    """What answers SPARQL: a store."""

    def query(self, sparql: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples: ...


def from_store(store: Queryable) -> ViewGraph:
    """What a page shows of all articles of a store."""
    return gathered(store)[0]


def gathered(store: Queryable) -> tuple[ViewGraph, dict[str, str]]:
    """All of a store, and the id of each entity and event by its IRI; the id of a claim is its IRI."""
    texts: dict[str, str] = {}
    articles: list[ViewArticle] = []
    for row in ask(store, _ARTICLES, "a"):
        texts[row["a"]] = row["text"]
        heading = row["title"] or row["source"] or row["text"][:80]
        articles.append(ViewArticle(row["a"], heading, row["date"], row["publisher"], row["url"]))
    spots: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for row in ask(store, _MENTIONS, "span", "e"):
        article, span = _span(row["span"])
        spots[article, row["e"]].append(span)
    entities = _entities(store)
    for row in ask(store, _EVENTS, "e", "type"):
        kind = row["type"].removeprefix(NAMESPACE)
        if kind in EVENTS:
            entities[row["e"]] = ViewEntity(row["e"], kind, row["words"])
            article, span = _span(row["span"])
            spots[article, row["e"]].append(span)
    short = _shortener(entities)
    found: dict[str, ViewClaim] = {}
    for row in ask(store, _CLAIMS, "c", "span"):
        if row["s"] in entities and row["article"] in texts:
            found.setdefault(row["c"], _claim(row, texts[row["article"]], entities, spots, short))
    order = {article.id: (article.date, article.title, article.id) for article in articles}
    starts = {row["c"]: _span(row["span"])[1] for row in ask(store, _CLAIMS, "c")}
    claims = sorted(found.items(), key=lambda item: (order[item[1].article], starts[item[0]], item[0]))
    shown = tuple(ViewEntity(short[e.id], e.kind, e.label, e.aliases) for e in entities.values())
    graph = ViewGraph(shown, tuple(claim for _, claim in claims), tuple(sorted(articles, key=lambda a: order[a.id])))
    return graph, short


def _entities(store: Queryable) -> dict[str, ViewEntity]:
    """Every entity with its narrowest class."""
    kinds: dict[str, list[str]] = defaultdict(list)
    labels: dict[str, str] = {}
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in ask(store, _ENTITIES, "e", "type", "label"):
        kind = row["type"].removeprefix(NAMESPACE)
        labels.setdefault(row["e"], row["label"])
        if kind in CLASSES:
            kinds[row["e"]].append(kind)
    for row in ask(store, _ALIASES, "e", "alias"):
        aliases[row["e"]].append(row["alias"])
    return {
        iri: ViewEntity(iri, max(found, key=lambda kind: CLASSES[kind] is not None), labels[iri], tuple(aliases[iri]))
        for iri, found in kinds.items()
    }


def _claim(
    row: Row,
    text: str,
    entities: dict[str, ViewEntity],
    spots: dict[tuple[str, str], list[Span]],
    short: dict[str, str],
) -> ViewClaim:
    article, evidence = row["article"], _span(row["span"])[1]
    sentence = sentence_around(text, *evidence)
    if row["o"] in entities:
        words, places = "", spots.get((article, row["o"]), [])
    else:
        words = row["written"] or f"{row['value']} {row['unit']}".strip() or row["o"]
        places = places_of(text, words, evidence) or places_of(text, words, sentence)
    by = row["by"]
    return ViewClaim(
        id=row["c"],
        subject=short[row["s"]],
        property=row["p"].removeprefix(NAMESPACE),
        object=short.get(row["o"], ""),
        value=row["o"] if _is_date(row["o"]) else words,
        modality=row["m"].removeprefix(NAMESPACE),
        period=row["t"].removeprefix(NAMESPACE),
        confidence=float(row["confidence"]),
        sentence=text[slice(*sentence)],
        marks=marks_in(sentence, evidence, spots.get((article, row["s"]), []), places),
        article=article,
        attributed=entities[by].label if by in entities else by,
        rule=row["rule"],
    )


def _is_date(text: str) -> bool:
    parts = text.split("-")
    return len(parts) <= 3 and len(parts[0]) == 4 and all(part.isdigit() for part in parts)


def _span(iri: str) -> tuple[str, Span]:
    article, _, offsets = iri.rpartition("#char=")
    start, _, end = offsets.partition(",")
    return article, (int(start), int(end))


def _shortener(entities: dict[str, ViewEntity]) -> dict[str, str]:
    """IRI -> its part after the base, which readers meet in the page's links: entity/person/claire-morel -> person/..."""
    short: dict[str, str] = {}
    for iri in entities:
        _, found, rest = iri.rpartition("/entity/")
        _, of_event, event = iri.rpartition("/event/")
        short[iri] = rest if found else f"event/{event}" if of_event else iri
    return short if len(set(short.values())) == len(short) else {iri: iri for iri in entities}


def ask(store: Queryable, sparql: str, *order: str) -> Iterator[Row]:
    """Rows as texts, empty for an unbound variable, sorted."""
    found = store.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [{name: _text(row[name]) for name in names} for row in found]
    return iter(sorted(rows, key=lambda row: ([row[name] for name in order], list(row.values()))))


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
