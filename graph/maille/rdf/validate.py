"""Does a graph keep the shapes (SHACL)? Needs pySHACL, the `validate` extra."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from maille.errors import MailleError

if TYPE_CHECKING:
    import rdflib


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One fault: the node, the property where there is one, what is wrong, the shape that says so."""

    node: str
    path: str
    message: str
    shape: str


def violations(graph: rdflib.Graph) -> tuple[Violation, ...]:
    """What in the graph breaks ontology/shapes.ttl, sorted; empty if it conforms."""
    try:
        from pyshacl import validate
    except ImportError as error:
        raise MailleError("pySHACL is not installed", 'pip install "maille[validate]"') from error
    import rdflib

    ontology = _load("maille.ttl")
    # pySHACL writes into the graph it is given and reads the class tree from it: hand it a copy.
    data = rdflib.Graph()
    for triple in graph:
        data.add(triple)
    _, report, _ = validate(data, shacl_graph=_load("shapes.ttl"), ont_graph=ontology, inference="none", inplace=True)
    return tuple(sorted(set(_read(report))))


def _load(name: str) -> rdflib.Graph:
    import rdflib

    text = (files("maille.ontology") / name).read_text("utf-8")
    return rdflib.Graph().parse(data=text, format="turtle")


def _read(report: rdflib.Graph) -> list[Violation]:
    from rdflib.namespace import RDF, SH

    def said(result: rdflib.term.Node, path: rdflib.URIRef) -> str:
        found = report.value(result, path)
        return "" if found is None else str(found)

    return [
        Violation(
            said(result, SH.focusNode),
            said(result, SH.resultPath),
            re.sub(r"\s+", " ", " ".join(sorted(map(str, report.objects(result, SH.resultMessage))))),
            said(result, SH.sourceShape),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    ]
