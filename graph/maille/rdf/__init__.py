"""Reading -> RDF: IRIs, triples, Turtle, and rdflib at the edges (imported only when called)."""

from __future__ import annotations

from maille.rdf.bridge import graph_of, write
from maille.rdf.build import quads, triples
from maille.rdf.mint import DEFAULT_BASE, Minter
from maille.rdf.text import nquads, trig, turtle
from maille.rdf.validate import Violation, violations

__all__ = [
    "DEFAULT_BASE",
    "Minter",
    "Violation",
    "graph_of",
    "nquads",
    "quads",
    "trig",
    "triples",
    "turtle",
    "violations",
    "write",
]
