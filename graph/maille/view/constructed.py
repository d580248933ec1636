"""What a SPARQL CONSTRUCT gives -> what a page shows.

Three things may be constructed, also together: ties (`?a maille:acquires ?b`), drawn with every claim that says so
or, where none does, as they are; claims (`?claim ?p ?o`); entities by their type (`?e a maille:Person`), drawn with
all claims among them. Labels and types that are constructed for other nodes name them. Blank nodes are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from maille.errors import MailleError
from maille.rdf.names import PREFIXES, TYPE
from maille.view.labels import terms
from maille.view.records import ViewClaim, ViewEntity, ViewGraph
from maille.view.stored import Queryable, ask, gathered
from maille.vocabulary import CLASSES, EVENTS, NAMESPACE, RELATIONS, ROLES

_CLAIMS = "SELECT ?c ?s ?p ?o WHERE { ?c a maille:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }"
_TITLES = "SELECT ?a ?title WHERE { ?a maille:articleKey ?key ; dcterms:title ?title }"
_BOOKKEEPING = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "skos", "nif", "prov", "dcterms", "owl"))
_OF_VALUES = {PREFIXES["schema"] + name for name in ("value", "currency", "unitText")}
_LABELS = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title")

Fact = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Built:
    """The triples of an answer: facts, which of their objects are nodes, and names and types by IRI."""

    facts: dict[Fact, bool]
    labels: dict[str, str]
    types: dict[str, str]


def from_construct(store: Queryable, sparql: str) -> ViewGraph:
    """What a page shows of the triples that the query gives; MailleError where it gives none, or rows."""
    found = store.query(sparql)
    if not isinstance(found, ox.QueryTriples):
        raise MailleError(
            "only triples can be drawn, and the query gives none", "ask with CONSTRUCT { ... } WHERE { ... }"
        )
    built = _built(found)
    if not built.facts and not built.types:
        raise MailleError("the query constructs nothing to draw", "try its WHERE in a SELECT with `maille query`")
    graph, short = gathered(store)
    said = {row["c"]: (row["s"], row["p"], row["o"]) for row in ask(store, _CLAIMS)}
    events = {entity.id for entity in graph.entities if entity.is_event}
    kept = _kept_claims(built, said, short, {iri for iri, name in short.items() if name in events})
    told = {said[claim] for claim in kept}
    free = [fact for fact in built.facts if fact not in told and fact[0] not in said and _is_tie(fact[1])]
    titles = {row["a"]: row["title"] for row in ask(store, _TITLES)}
    claims = [claim for claim in graph.claims if claim.id in kept]
    claims += [_tie(number, fact, built, short) for number, fact in enumerate(free)]
    ends = {side for claim in claims for side in (claim.subject, claim.object) if side}
    ends |= {short[iri] for iri in built.types if iri in short}
    known = {entity.id for entity in graph.entities}
    entities = [entity for entity in graph.entities if entity.id in ends]
    entities += [_stranger(iri, built, titles) for iri in sorted(ends - known)]
    cited = {claim.article for claim in claims}
    return ViewGraph(tuple(entities), tuple(claims), tuple(a for a in graph.articles if a.id in cited))


def _built(triples: Iterable[ox.Triple]) -> _Built:
    facts: dict[Fact, bool] = {}
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    types: dict[str, str] = {}
    for subject, predicate, object_ in sorted(set(triples), key=str):
        if not isinstance(subject, ox.NamedNode) or not isinstance(object_, ox.NamedNode | ox.Literal):
            continue
        if predicate == TYPE:
            name = object_.value.removeprefix(NAMESPACE)
            if name in CLASSES or name in EVENTS or subject.value not in types:
                types[subject.value] = name
        elif predicate.value in _LABELS and isinstance(object_, ox.Literal):
            labels[predicate.value].setdefault(subject.value, object_.value)
        facts[subject.value, predicate.value, object_.value] = isinstance(object_, ox.NamedNode)
    named: dict[str, str] = {}
    for predicate_ in reversed(_LABELS):
        named |= labels[predicate_]
    return _Built(facts, named, types)


def _kept_claims(
    built: _Built, said: Mapping[str, Fact], short: Mapping[str, str], every_event: Collection[str]
) -> set[str]:
    """Claims named, claims that say a constructed tie, and claims among the picked entities and their events."""
    subjects = {fact[0] for fact in built.facts}
    picked = {iri for iri in built.types if iri in short}
    events = {s for s, _, o in said.values() if o in picked and s in every_event}
    inside = picked | events

    def among(fact: Fact) -> bool:
        return fact[0] in inside and (fact[2] in inside or fact[2] not in short)

    return {claim for claim, fact in said.items() if claim in subjects or fact in built.facts or among(fact)}


def _is_tie(predicate: str) -> bool:
    """Whether a triple that no claim says is drawn: not where it describes, names or keeps account."""
    if predicate.startswith(_BOOKKEEPING) or predicate in _OF_VALUES:
        return False
    name = predicate.removeprefix(NAMESPACE)
    return name in RELATIONS or name in ROLES or name == predicate or name not in terms("fr")


def _tie(number: int, fact: Fact, built: _Built, short: Mapping[str, str]) -> ViewClaim:
    """A tie without a sentence."""
    subject, predicate, object_ = fact
    is_node = built.facts[fact]
    name = predicate.removeprefix(NAMESPACE)
    return ViewClaim(
        id=f"constructed/{number}",
        subject=short.get(subject, subject),
        property=name if name in terms("fr") else built.labels.get(predicate, _local(predicate)),
        object=short.get(object_, object_) if is_node else "",
        value="" if is_node else object_,
    )


def _stranger(iri: str, built: _Built, titles: Mapping[str, str]) -> ViewEntity:
    """A node that is no entity of the graph: an article, or something that the query made up."""
    kind = built.types.get(iri, "Other")
    label = built.labels.get(iri) or titles.get(iri) or _local(iri)
    return ViewEntity(iri, kind if kind in CLASSES else "Other", label)


def _local(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[#/]", iri.rstrip("#/"))[-1] or iri
