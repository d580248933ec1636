"""The conductor: the one module that knows the order of the stages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maille.annotate.nodes import find_nodes
from maille.annotate.pipeline import load
from maille.errors import MailleError
from maille.extract.arguments import Argument
from maille.extract.assemble import Limits, ahead, events, relations, renamed
from maille.extract.attribution import Attributions, read_statements, statement_proposals
from maille.extract.barred import allowed
from maille.extract.frames.proposal import as_links
from maille.extract.frames.read import read_frames
from maille.extract.joint import agreed, consistent, implied
from maille.extract.judge import judged
from maille.extract.learned import Link, links
from maille.extract.mood import tense
from maille.language import is_minister, is_no_post, place_key, places_of, portfolio_end
from maille.model.pairs import Node, Pairs, score_pairs
from maille.model.weights import default
from maille.records import Article, Claim, Entity, EntityRef, Form, Passage, Reading, Skipped, Text
from maille.resolve import FoundMention, Resolution, resolve
from maille.values import currency_near, parse_values
from maille.vocabulary import ANCHORS, top_class

if TYPE_CHECKING:
    from spacy.tokens import Doc

NAMES = ("PER", "ORG", "LOC", "PROD", "EVENT")
VALUES = {"MONEY": "money", "DATE": "date", "QTY": "number", "PCT": "share"}
TEXTS = ("JOB", "TITLE", "SECTOR", "AWARD", "ALIAS", "SERIES", "TOPIC", "EVNAME")
PRONOUNS = ("PRON", "DET")
NOUNS = ("JOB", "TITLE", "AWARD", "EVNAME")
"""Texts that hold a noun: posts, prizes, names of events."""
SMALL = ("ADJ", "ADV", "ADP", "DET", "NUM", "PUNCT", "CCONJ")
THRESHOLDS = {"default": 0.06}
LIMITS = Limits()
FLOOR = 0.5
"""Mentions of which the model is less sure than this are left out."""


def read_articles(articles: Iterable[Article], model: str | None = None) -> Iterator[Reading]:
    """One Reading an article, in order; `model` names an installed spaCy pipeline to use instead of our own."""
    from itertools import tee

    kept, shown = tee(articles)
    for article, doc in zip(kept, load(model).pipe(a.text for a in shown), strict=True):
        yield read(article, doc)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found in an article before judgement: entities by key, everything a claim may be made of, proposals."""

    entities: dict[str, Entity]
    known: tuple[Argument, ...]
    learned: tuple[Link, ...]
    framed: tuple[Link, ...]


def gather(article: Article, doc: Doc) -> Gathered:
    """Entities, arguments, and what the pair scores and the frames propose."""
    nodes = find_nodes(doc, lambda word: bool(places_of(word)), FLOOR)
    pairs = score_pairs(doc.tensor, [t.text for t in doc], nodes)
    found, place = _mentions(doc, nodes, pairs)
    resolution = resolve(doc.text, found)
    entities = {e.key: e for e in resolution.entities}
    arguments = _arguments(article, doc, nodes, place, resolution, entities)
    known = tuple(a for group in arguments.values() for a in group)
    learned = links(pairs, default().labels["links"], arguments, THRESHOLDS)
    spoken = as_links(statement_proposals(read_statements(doc, known)), ANCHORS)
    framed = (*read_frames(doc, known), *spoken)
    return Gathered(entities, known, tuple(agreed(learned, framed)), framed)


def read(article: Article, doc: Doc) -> Reading:
    """The Reading of an annotated article."""
    found = gather(article, doc)
    proposals = consistent(implied(allowed(doc, judged(doc, found.learned, found.framed))))
    told = Attributions(doc, found.known)
    kinds = {key: e.kind for key, e in found.entities.items()}
    names = {key: e.name for key, e in found.entities.items()}
    claims = renamed(relations(doc, proposals, names, LIMITS, told), kinds)
    happened, roles = events(doc, proposals, LIMITS, told)
    return _reading(article, found.entities, happened, _distinct([*claims, *ahead(happened, roles, article.published)]))


def _passage(doc: Doc, start: int, end: int) -> Passage:
    """The passage of tokens [start, end): a hyphen before an inverted pronoun and a glued "ex-" stay outside."""
    begin, text = doc[start].idx, doc[start:end].text
    cut = 1 if text.startswith("-") and len(text) > 1 else 3 if text.lower().startswith("ex-") and len(text) > 3 else 0
    return Passage(begin + cut, begin + len(text), text[cut:])


def _mentions(doc: Doc, nodes: Sequence[Node], pairs: Pairs) -> tuple[list[FoundMention], dict[int, int]]:
    """What resolution works on, and the place in it of each node that names or means an entity."""
    place = {i: k for k, i in enumerate(i for i, n in enumerate(nodes) if n.label in NAMES or n.label == "REF")}
    scores: dict[int, list[tuple[float, int]]] = {i: [] for i in place}
    for row in range(len(pairs.left)):
        i, j = int(pairs.left[row]), int(pairs.right[row])
        if (
            i != j
            and i in place
            and j in place
            and nodes[i].label == "REF"
            and (nodes[j].start < nodes[i].start or nodes[j].label != "REF")
        ):
            scores[i].append((float(pairs.antecedents[row]), place[j]))
    found = []
    for i in place:
        node = nodes[i]
        form: Form = (
            "NAME"
            if node.label in NAMES
            else "PRONOUN"
            if all(t.pos_ in PRONOUNS for t in doc[node.start : node.end])
            else "NOMINAL"
        )
        found.append(
            FoundMention(_passage(doc, node.start, node.end), node.label, form, _softmax(scores[i]), node.certainty)
        )
    return found, place


def _softmax(scores: list[tuple[float, int]]) -> tuple[tuple[int, float], ...]:
    if not scores:
        return ()
    raw = np.array([s for s, _ in scores])
    e = np.exp(raw - raw.max())
    ranked = sorted(zip((j for _, j in scores), (e / e.sum()).tolist(), strict=True), key=lambda x: (-x[1], x[0]))
    return tuple((j, round(p, 4)) for j, p in ranked[:8] if p >= 0.01)


def _arguments(
    article: Article,
    doc: Doc,
    nodes: Sequence[Node],
    place: dict[int, int],
    resolution: Resolution,
    entities: dict[str, Entity],
) -> dict[int, list[Argument]]:
    """What each node stands for; places known only by an adjective are added to `entities`."""
    result: dict[int, list[Argument]] = {}
    named = [e.name for e in entities.values() if top_class(e.kind) == "Place"]
    for i, node in enumerate(nodes):
        if i in place:
            key = resolution.entity_of[place[i]]
            if key is not None:
                form = "NAME" if node.label in NAMES else "NOMINAL"
                sure = resolution.certainty[place[i]] if node.label == "REF" else 1.0
                result[i] = [
                    Argument(
                        node.start,
                        node.end,
                        node.label,
                        EntityRef(key),
                        form,
                        top_class(entities[key].kind),
                        sure,
                        node.certainty,
                    )
                ]
        elif node.label in VALUES:
            text = doc[node.start : node.end].text
            result[i] = [
                Argument(node.start, node.end, node.label, v, "VALUE", VALUES[node.label], found=node.certainty)
                for v in parse_values(text, node.label, article.published, **_hints(doc, node))
            ]
        elif node.label == "JOB" and (
            _is_clause(doc, node) or says_nothing(doc, node) or is_no_post(doc[node.start : node.end].text)
        ):
            continue
        elif node.label == "JOB":
            end = _trimmed(doc, node.start, _title_end(doc, node, nodes))
            text = _passage(doc, node.start, end).text
            result[i] = [Argument(node.start, end, "JOB", Text(text), "VALUE", "text", found=node.certainty)]
        elif node.label in TEXTS and says_nothing(doc, node):
            continue
        elif node.label in TEXTS:
            end = _trimmed(doc, node.start, node.end)
            text = _passage(doc, node.start, end).text
            result[i] = [Argument(node.start, end, node.label, Text(text), "VALUE", "text", found=node.certainty)]
        elif node.label == "NORP":
            refs = [
                _place(fact.name, fact.kind, entities) for fact in places_of(doc[node.start : node.end].text, named)
            ]
            result[i] = [Argument(node.start, node.end, "NORP", EntityRef(key), "VALUE", "Place") for key in refs]
    return result


def _hints(doc: Doc, node: Node) -> dict[str, Any]:
    """What the text around a value says of it: the currency last named, whether its clause looks ahead or back."""
    if node.label == "MONEY":
        return {"currency": currency_near(doc.text, doc[node.start].idx)}
    return {"tense": tense(doc, node.start)} if node.label == "DATE" else {}


def _is_clause(doc: Doc, node: Node) -> bool:
    """Whether a span taken for a job title is a verb with its auxiliary: "avait été désigné"."""
    return any(c.dep_.startswith("aux") for c in doc[node.start : node.end].root.children)


def says_nothing(doc: Doc, node: Node) -> bool:
    """Whether a span is cut too short to be what it was taken for, as it holds no noun: "première", "meilleur", "11ème"."""
    return node.label in NOUNS and all(t.pos_ in SMALL for t in doc[node.start : node.end])


def _trimmed(doc: Doc, start: int, end: int) -> int:
    """Where a text ends without the small words at its end: "Championnats de"."""
    while end > start + 1 and doc[end - 1].pos_ in ("CCONJ", "ADP", "DET", "PUNCT"):
        end -= 1
    return end


def _title_end(doc: Doc, node: Node, nodes: Sequence[Node]) -> int:
    """Where a job title ends: bare nouns and adjectives that hang on it belong to it ("responsable produit")."""
    taken = {k for n in nodes if n is not node for k in range(n.start, n.end)}
    end = node.end
    if is_minister(doc[node.start : end].text):
        return portfolio_end([t.text for t in doc[: end + 24]], end)
    while end < len(doc) and end not in taken and node.start <= doc[end].head.i < end:
        bare = doc[end].dep_ in ("nmod", "amod") and not any(c.dep_ == "case" for c in doc[end].children)
        if not bare or doc[end].pos_ not in ("NOUN", "ADJ"):
            break
        end += 1
    return end


def _place(name: str, kind: str, entities: dict[str, Entity]) -> str:
    """The key of the place `name`, which joins `entities` if it is not among them."""
    wanted = place_key(name)
    for key, entity in entities.items():
        if top_class(entity.kind) == "Place" and wanted in {place_key(n) for n in (entity.name, *entity.aliases)}:
            return key
    key = f"p{len(entities) + 1}"
    entities[key] = Entity(key, kind, name)
    return key


def _distinct(claims: Iterable[Claim]) -> list[Claim]:
    """Each claim once, the surest; the first of equals."""
    best: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (claim.subject, claim.property, claim.object, claim.period)
        if key not in best or claim.confidence > best[key].confidence:
            best[key] = claim
    return list(best.values())


def _reading(article: Article, entities: dict[str, Entity], happened: Sequence[object], claims: list[Claim]) -> Reading:
    """Entities that are named in the text or that a claim needs; everything in a fixed order."""
    used = {ref.key for c in claims for ref in (c.subject, c.object) if isinstance(ref, EntityRef)}
    kept = tuple(e for e in entities.values() if e.mentions or e.key in used)
    return Reading(article, kept, tuple(happened), tuple(claims))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read and wrote; `undated` holds the titles of articles without a publication date."""

    articles: int
    entities: int
    events: int
    claims: int
    skipped: tuple[Skipped, ...]
    undated: tuple[str, ...]
    paths: tuple[Path, ...]


def build(
    inputs: Sequence[str],
    out: Path,
    *,
    each: bool = False,
    model: str | None = None,
    date: dt.date | None = None,
    base: str | None = None,
    progress: Callable[[int, str], None] | None = None,
) -> BuildReport:
    """Read `inputs` and write `out`/graph.ttl, graph.html and store/; with `each` one NAME.ttl an article instead.

    An article given twice is read once. Raises MailleError where `out` cannot be written.
    """
    from maille.inputs import distinct, read_inputs

    skipped: list[Skipped] = []

    def articles() -> Iterator[Article]:
        for found in distinct(read_inputs(inputs, date=date)):
            if isinstance(found, Skipped):
                skipped.append(found)
            else:
                yield found

    readings: list[Reading] = []
    for reading in read_articles(articles(), model):
        readings.append(reading)
        if progress is not None:
            progress(len(readings), reading.article.title)
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = (_write_each if each else _write_all)(readings, out, base) if readings else ()
    except OSError as error:
        raise MailleError(f"{out} cannot be written ({error.strerror})", "choose another folder with -o") from error
    entities = {(top_class(e.kind), e.name) for r in readings for e in r.entities}
    return BuildReport(
        len(readings),
        len(entities),
        sum(len(r.events) for r in readings),
        sum(len(r.claims) for r in readings),
        tuple(skipped),
        tuple(r.article.title or r.article.source for r in readings if r.article.published is None),
        tuple(paths),
    )


def _write_each(readings: Sequence[Reading], out: Path, base: str | None) -> list[Path]:
    """One Turtle file an article, named after its source."""
    from maille.rdf import DEFAULT_BASE, triples, turtle

    paths: list[Path] = []
    for reading in readings:
        stem = (
            Path(reading.article.source).stem
            if reading.article.source not in ("", "standard input")
            else reading.article.key[:12]
        )
        path = out / f"{stem}.ttl"
        if path in paths:
            path = out / f"{stem}-{reading.article.key[:8]}.ttl"
        path.write_text(turtle(triples(reading, base or DEFAULT_BASE), base or DEFAULT_BASE), "utf-8")
        paths.append(path)
    return paths


def _write_all(readings: Sequence[Reading], out: Path, base: str | None) -> list[Path]:
    """The store, and the graph and the picture of all that it then holds."""
    from maille.export import export
    from maille.store import Store
    from maille.view import draw_store

    paths = [out / "graph.ttl", out / "graph.html", out / "store"]
    with Store.open(paths[2], create=True, base=base) as store:
        store.add_all(readings)
        store.flush()
        paths[0].write_text(export(store, "turtle"), "utf-8")
        draw_store(store, paths[1])
    return paths
