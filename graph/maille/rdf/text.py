"""Triples -> Turtle, TriG, N-Quads: one order, so that the same graph is the same bytes in every run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from maille.rdf.mint import DEFAULT_BASE
from maille.rdf.names import PREFIXES, TYPE, term

_SECTIONS = ("article", "entity", "event", "value", "claim")
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_INTEGER, _DECIMAL, _BOOLEAN, _STRING = map(term, ("xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:string"))
_SPAN = re.compile(r"^(.*#char=)(\d+),(\d+)$")

Term = NamedNode | BlankNode | Literal | Triple


def turtle(triples: Iterable[Triple], base: str = DEFAULT_BASE) -> str:
    """Turtle 1.1: articles, entities, events, values, claims, then the passages in reading order."""
    return _header(base) + "\n".join(_blocks(list(triples), base))


def trig(quads: Iterable[Quad], base: str = DEFAULT_BASE) -> str:
    """TriG 1.1: the default graph first, then each named graph by IRI."""
    parts = []
    for graph, inside in groupby(sorted(quads, key=_graph_order), key=lambda quad: quad.graph_name):
        blocks = _blocks([quad.triple for quad in inside], base)
        if isinstance(graph, DefaultGraph):
            parts.append("\n".join(blocks))
        else:
            indented = "\n".join(re.sub(r"^(?=.)", "    ", block, flags=re.M) for block in blocks)
            parts.append(f"{_write(graph, base)} {{\n{indented}}}\n")
    return _header(base) + "\n".join(parts)


def nquads(quads: Iterable[Quad]) -> str:
    """Sorted canonical N-Quads, one a line."""
    return "".join(sorted(f"{quad} .\n" for quad in quads))


def _graph_order(quad: Quad) -> str:
    return "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)


def _header(base: str) -> str:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(PREFIXES.items()))
    return f"@base <{base}> .\n{prefixes}\n"


def _blocks(triples: list[Triple], base: str) -> list[str]:
    ordered = sorted(set(triples), key=lambda t: (_subject_order(t.subject, base), t.predicate != TYPE, str(t)))
    return [
        _block(_write(subject, base), list(about), base)
        for subject, about in groupby(ordered, key=lambda triple: triple.subject)
    ]


def _block(subject: str, about: list[Triple], base: str) -> str:
    lines = []
    for predicate, same in groupby(about, key=lambda triple: triple.predicate):
        verb = "a" if predicate == TYPE else _write(predicate, base)
        lines.append(f"{verb} " + " , ".join(_write(triple.object, base) for triple in same))
    return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def _subject_order(subject: NamedNode | BlankNode | Triple, base: str) -> tuple[int, str, int, int]:
    iri = str(subject)[1:-1]
    span = _SPAN.match(iri)
    if span:
        return len(_SECTIONS), span[1], int(span[2]), int(span[3])
    section = iri[len(base) :].partition("/")[0] if iri.startswith(base) else ""
    return (_SECTIONS.index(section) if section in _SECTIONS else -1), iri, 0, 0


def _write(node: Term, base: str) -> str:
    if isinstance(node, NamedNode):
        return _write_iri(node, base)
    if isinstance(node, Literal):
        return _write_literal(node, base)
    if isinstance(node, Triple):
        return f"<<( {_write(node.subject, base)} {_write(node.predicate, base)} {_write(node.object, base)} )>>"
    return str(node)


def _write_iri(node: NamedNode, base: str) -> str:
    """A prefixed name, an IRI relative to the base where that is safe (RFC 3986), else the full IRI."""
    for prefix, namespace in PREFIXES.items():
        local = node.value[len(namespace) :]
        if node.value.startswith(namespace) and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    local = node.value[len(base) :]
    if base.endswith("/") and node.value.startswith(base) and _LOCAL.match(local) and ":" not in local:
        return f"<{local}>"
    return str(node)


def _write_literal(node: Literal, base: str) -> str:
    plain = node.datatype == _INTEGER and re.fullmatch(r"-?\d+", node.value)
    plain = plain or (node.datatype == _DECIMAL and re.fullmatch(r"-?\d+\.\d+", node.value))
    if plain or (node.datatype == _BOOLEAN and node.value in ("true", "false")):
        return node.value
    written = str(node)
    if node.language or node.datatype == _STRING:
        return written
    lexical, _, _ = written.rpartition("^^<")
    return f"{lexical}^^{_write_iri(node.datatype, base)}"
