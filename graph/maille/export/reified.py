"""Claims with RDF 1.2 triple terms: `<claim> rdf:reifies <<( s p o )>>` in the place of three triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import NamedNode, Quad, Triple

from maille.rdf.names import OBJECT, PREDICATE, SUBJECT, term

REIFIES = term("rdf:reifies")


def with_triple_terms(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads with each whole rdf:subject, rdf:predicate, rdf:object of a claim as one rdf:reifies."""
    parts: dict[tuple[Any, Any], dict[NamedNode, Any]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate in (SUBJECT, PREDICATE, OBJECT):
            parts[quad.graph_name, quad.subject][quad.predicate] = quad.object
        else:
            yield quad
    for (graph, claim), said in parts.items():
        if len(said) == 3 and isinstance(said[PREDICATE], NamedNode):
            yield Quad(claim, REIFIES, Triple(said[SUBJECT], said[PREDICATE], said[OBJECT]), graph)
        else:
            yield from (Quad(claim, predicate, value, graph) for predicate, value in said.items())
