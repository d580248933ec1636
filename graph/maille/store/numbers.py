"""How much of what a store holds: by class, event type, property, modality, period, rule."""

from __future__ import annotations

from typing import Protocol

import pyoxigraph as ox

from maille.vocabulary import NAMESPACE

_OF_ARTICLES = "?x a maille:Claim . FILTER NOT EXISTS { ?x maille:inferredFrom ?premise }"
_QUESTIONS = {
    "classes": "?x skos:prefLabel ?label ; a ?name",
    "event types": "?x maille:trigger ?words ; a ?name",
    "properties": f"?x rdf:predicate ?name . {_OF_ARTICLES}",
    "modalities": f"?x maille:modality ?name . {_OF_ARTICLES}",
    "periods": f"?x maille:period ?name . {_OF_ARTICLES}",
    "inferred by rule": "?x maille:inferredFrom ?premise ; maille:rule ?name",
}


class Queryable(Protocol):
    """What answers SPARQL: a store."""

    def query(self, sparql: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples: ...


def numbers(store: Queryable) -> dict[str, dict[str, int]]:
    """Heading -> name -> how many, the most frequent first."""
    return {heading: _counted(store, pattern) for heading, pattern in _QUESTIONS.items()}


def _counted(store: Queryable, pattern: str) -> dict[str, int]:
    sparql = f"SELECT ?name (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }} GROUP BY ?name ORDER BY DESC(?n) ?name"
    found = store.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    pairs = [(row["name"], row["n"]) for row in found]
    return {n.value.removeprefix(NAMESPACE): int(c.value) for n, c in pairs if n is not None and c is not None}
