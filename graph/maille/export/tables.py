"""Triples -> two CSV files, nodes and links, with the headers that neo4j-admin and Gephi read.

A row is one line: line breaks in a text become spaces (the graph keeps them).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

import pyoxigraph as ox

from maille.export.graphml import network
from maille.vocabulary import CLASSES, EVENTS, top_class

_EDGE = ("relation", "modality", "period", "confidence", "source", "quote", "article", "published")
_NEO4J = {"confidence": "confidence:double", "published": "published:date"}
_GEPHI = {"source": "attributed to"}  # Gephi reads "Source" as the node an edge starts from


def neo4j(triples: list[ox.Triple]) -> dict[str, str]:
    """nodes.csv and relationships.csv for `neo4j-admin database import full`; labels are the class and its top class."""
    graph = network(triples)
    nodes = [
        (node, said["label"], said["kind"], ";".join(_labels(said["kind"]))) for node, said in graph.nodes(data=True)
    ]
    links = [
        (start, end, _type(said["relation"]), claim, *(said[name] for name in _EDGE))
        for start, end, claim, said in graph.edges(keys=True, data=True)
    ]
    head = (":START_ID", ":END_ID", ":TYPE", "claim", *(_NEO4J.get(name, name) for name in _EDGE))
    return {
        "nodes.csv": _csv(("id:ID", "name", "kind", ":LABEL"), nodes),
        "relationships.csv": _csv(head, links),
    }


def gephi(triples: list[ox.Triple]) -> dict[str, str]:
    """nodes.csv and edges.csv for Gephi's spreadsheet import; the confidence is the weight."""
    graph = network(triples)
    nodes = [(node, said["label"], said["kind"]) for node, said in graph.nodes(data=True)]
    edges = [
        (start, end, "Directed", claim, said["relation"], said["confidence"], *(said[name] for name in _EDGE))
        for start, end, claim, said in graph.edges(keys=True, data=True)
    ]
    head = ("Source", "Target", "Type", "Id", "Label", "Weight", *(_GEPHI.get(name, name) for name in _EDGE))
    return {"nodes.csv": _csv(("Id", "Label", "kind"), nodes), "edges.csv": _csv(head, edges)}


def _labels(kind: str) -> list[str]:
    """A class before its top class; an event's type before Event."""
    above = top_class(kind) if kind in CLASSES else "Event" if kind in EVENTS else kind
    return list(dict.fromkeys(filter(None, (kind, above)))) or ["Resource"]


def _type(relation: str) -> str:
    """The relationship type as Neo4j writes them: investsIn -> INVESTS_IN."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", relation).upper()


def _csv(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([[" ".join(str(cell).splitlines()) for cell in row] for row in rows])
    return written.getvalue()
