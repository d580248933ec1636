"""Triples as rdflib graphs, for those who work with rdflib."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from maille.rdf.build import quads, triples
from maille.rdf.mint import DEFAULT_BASE
from maille.rdf.names import PREFIXES
from maille.records import Reading

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import IdentifiedNode


def write(reading: Reading, base: str = DEFAULT_BASE) -> rdflib.Dataset:
    """The article's named graph and its share of the entity graph."""
    return dataset(quads(reading, base))


def graph_of(reading: Reading, base: str = DEFAULT_BASE) -> rdflib.Graph:
    """Everything of one article in one flat graph."""
    return graph(triples(reading, base))


def graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """An rdflib graph of these triples, with the usual prefixes bound."""
    import rdflib

    result = rdflib.Graph()
    for prefix, namespace in PREFIXES.items():
        result.bind(prefix, namespace, replace=True)
    for t in triples:
        result.add((_node(t.subject), _iri(t.predicate), _term(t.object)))
    return result


def dataset(quads: Iterable[Quad]) -> rdflib.Dataset:
    """An rdflib dataset of these quads, with the usual prefixes bound."""
    import rdflib

    result = rdflib.Dataset()
    for prefix, namespace in PREFIXES.items():
        result.bind(prefix, namespace, replace=True)
    for q in quads:
        name = None if isinstance(q.graph_name, DefaultGraph) else _node(q.graph_name)
        result.graph(name).add((_node(q.subject), _iri(q.predicate), _term(q.object)))
    return result


def _iri(term: NamedNode) -> rdflib.URIRef:
    import rdflib

    return rdflib.URIRef(term.value)


def _node(term: NamedNode | BlankNode | Triple) -> IdentifiedNode:
    import rdflib

    if isinstance(term, Triple):
        raise TypeError("rdflib has no triple terms")
    return rdflib.URIRef(term.value) if isinstance(term, NamedNode) else rdflib.BNode(term.value)


def _term(term: NamedNode | BlankNode | Literal | Triple) -> IdentifiedNode | rdflib.Literal:
    """An rdflib term with the same spelling; a plain string stays one without a datatype."""
    import rdflib

    if not isinstance(term, Literal):
        return _node(term)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == PREFIXES["xsd"] + "string":
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
