"""Quads -> JSON-LD 1.1, compact, with ontology/context.jsonld inside: it is read without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import pyoxigraph as ox

from maille.rdf.mint import DEFAULT_BASE
from maille.rdf.names import PREFIXES, TYPE

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_XSD = PREFIXES["xsd"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def context() -> dict[str, Any]:
    """The context of the ontology: prefixes, and the type of the values of each property."""
    loaded: dict[str, Any] = json.loads((files("maille.ontology") / "context.jsonld").read_text("utf-8"))["@context"]
    return loaded


def jsonld(quads: Iterable[ox.Quad], base: str = DEFAULT_BASE) -> str:
    """One document: the context, then each named graph, sorted, with its nodes."""
    terms = context()
    graphs: dict[str, list[ox.Quad]] = {}
    for quad in sorted(set(quads), key=str):
        graphs.setdefault(_iri(quad.graph_name), []).append(quad)
    named = [{"@id": name, "@graph": _nodes(inside, terms)} for name, inside in sorted(graphs.items())]
    document = {"@context": {**terms, "@base": base}, "@graph": named}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _nodes(quads: list[ox.Quad], terms: dict[str, Any]) -> list[dict[str, Any]]:
    """Node objects in the order of the quads, which are sorted."""
    nodes: dict[str, dict[str, Any]] = {}
    for quad in quads:
        node = nodes.setdefault(_iri(quad.subject), {"@id": _iri(quad.subject)})
        if quad.predicate == TYPE:
            node.setdefault("@type", []).append(_iri(quad.object))
            continue
        name = _iri(quad.predicate)
        node.setdefault(name, []).append(_value(quad.object, terms.get(name)))
    return [{key: _single(value) for key, value in node.items()} for node in nodes.values()]


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _value(term: Term, definition: Any) -> Any:
    """A value, as short as the definition of its property allows."""
    coerced = definition.get("@type") if isinstance(definition, dict) else None
    if not isinstance(term, ox.Literal):
        return _iri(term) if coerced == "@id" else {"@id": _iri(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    kind = _iri(term.datatype)
    if kind == coerced:
        return term.value
    if coerced is None and kind == "xsd:string":
        return term.value
    if coerced is None and kind == "xsd:integer" and re.fullmatch(r"0|-?[1-9]\d{0,14}", term.value):
        return int(term.value)  # 15 digits are exact in every JSON reader; more are written as text
    return {"@value": term.value} if kind == "xsd:string" else {"@value": term.value, "@type": kind}


def _iri(term: Term | ox.DefaultGraph) -> str:
    """A compact IRI where a prefix fits, else the IRI."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    for prefix, namespace in PREFIXES.items():
        local = term.value[len(namespace) :]
        if term.value.startswith(namespace) and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return term.value
