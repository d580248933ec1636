"""Triples -> GraphML: entities, events and values are nodes, every claim is an edge."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from maille.rdf.names import OBJECT, PREDICATE, PREF_LABEL, SUBJECT, TYPE, term
from maille.vocabulary import NAMESPACE

if TYPE_CHECKING:
    import networkx as nx

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLAIM = ox.NamedNode(f"{NAMESPACE}Claim")

Said = dict[ox.NamedNode, list[Any]]


def graphml(triples: list[ox.Triple]) -> str:
    """GraphML that Gephi, Cytoscape, yEd and networkx read; the same triples give the same bytes."""
    import networkx as nx

    return "\n".join(nx.generate_graphml(network(triples), named_key_ids=True)) + "\n"


def network(triples: list[ox.Triple]) -> nx.MultiDiGraph[str]:
    """A directed multigraph: nodes with `label` and `kind`, an edge per claim, keyed by the claim's IRI."""
    import networkx as nx

    gathered: dict[Any, Said] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=str):
        gathered[triple.subject][triple.predicate].append(triple.object)
    about = dict(gathered)  # what nothing is said of (an inferred claim quotes no words) stays out of it
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, said in about.items():
        if PREF_LABEL in said:
            _add(graph, node, said)
    for claim, said in about.items():
        if _CLAIM in said[TYPE]:
            ends = [_one(said, SUBJECT), _one(said, OBJECT)]
            for end in ends:
                _add(graph, end, about.get(end, {}))
            graph.add_edge(_id(ends[0]), _id(ends[1]), key=claim.value, **_edge(said, about))
    return graph


def _add(graph: nx.MultiDiGraph[str], node: Any, said: Said) -> None:
    if _id(node) not in graph:
        label, kind = _label(node, said)
        graph.add_node(_id(node), label=xml_text(label), kind=kind)


def _label(node: Any, said: Said) -> tuple[str, str]:
    """What to show of a node, and its class; "Value" for a date, an amount or a text."""
    if isinstance(node, ox.Literal):
        return node.value, "Value"
    kinds = [_local(kind) for kind in said.get(TYPE, [])]
    if PREF_LABEL in said:
        return said[PREF_LABEL][0].value, kinds[0] if kinds else ""
    if value := said.get(term("schema:value")):
        unit = said.get(term("schema:currency")) or said.get(term("schema:unitText")) or [ox.Literal("")]
        return f"{value[0].value} {unit[0].value}".strip(), "Value"
    return (kinds[0] if kinds else node.value), (kinds[0] if kinds else "")


def _edge(said: Said, about: dict[Any, Said]) -> dict[str, Any]:
    """What a claim says of itself: relation, modality, period, confidence, source, quote, article."""
    span = about.get(_one(said, term("prov:wasDerivedFrom")), {})
    article = about.get(_one(span, term("nif:referenceContext")), {})
    source = _one(said, term("maille:attributedTo"))
    spoken = about.get(source, {})
    return {
        "relation": _local(_one(said, PREDICATE)),
        "modality": _local(_one(said, term("maille:modality"))),
        "period": _local(_one(said, term("maille:period"))),
        "confidence": float(_one(said, term("maille:confidence")).value),
        "source": xml_text("" if source is None else _label(source, spoken)[0]),
        "quote": xml_text(_value(span, "nif:anchorOf")),
        "article": xml_text(_value(article, "dcterms:title")),
        "published": _value(article, "dcterms:date"),
    }


def _one(said: Said, predicate: ox.NamedNode) -> Any:
    found = said.get(predicate)
    return found[0] if found else None


def _value(said: Said, name: str) -> str:
    found = _one(said, term(name))
    return "" if found is None else str(found.value)


def _id(node: Any) -> str:
    """A literal's identity is its written form: "2021"^^xsd:gYear and the text "2021" stay two nodes."""
    return xml_text(str(node)) if isinstance(node, ox.Literal) else str(node.value)


def _local(node: Any) -> str:
    return re.split(r"[#/]", node.value)[-1] if node is not None else ""


def xml_text(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
