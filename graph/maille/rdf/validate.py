"""Does a graph keep the shapes (SHACL)? Needs pySHACL, the `validate` extra."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from maille.errors import MailleError
from maille.rdf.names import PREFIXES

if TYPE_CHECKING:
    import rdflib

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One fault: the node, the property where there is one, what is wrong, the shape that says so, the words concerned.

    `quote` is what the claim at fault quotes of its article, empty where nothing is quoted.
    """

    node: str
    path: str
    message: str
    shape: str
    quote: str = ""


def violations(graph: rdflib.Graph, language: str = "en") -> tuple[Violation, ...]:
    """What in the graph breaks ontology/shapes.ttl, sorted, told in French or English; empty if it conforms."""
    try:
        from pyshacl import validate
    except ImportError as error:
        raise MailleError("pySHACL is not installed", 'pip install "maille[validate]"') from error
    if language not in LANGUAGES:
        raise MailleError(f"the messages are not in {language!r}", "the languages are fr and en")
    # pySHACL writes into the graph it is given and reads the class tree from it: hand it a copy.
    data, shapes, ontology = (_copy(each) for each in (graph, _load("shapes.ttl"), _load("maille.ttl")))
    _, report, _ = validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none", inplace=True)
    return tuple(sorted(set(_read(report, graph, language))))


@cache
def _load(name: str) -> rdflib.Graph:
    import rdflib

    text = (files("maille.ontology") / name).read_text("utf-8")
    return rdflib.Graph().parse(data=text, format="turtle")


def _copy(graph: rdflib.Graph) -> rdflib.Graph:
    import rdflib

    made = rdflib.Graph()
    for triple in graph:
        made.add(triple)
    return made


def _read(report: rdflib.Graph, data: rdflib.Graph, language: str) -> Iterator[Violation]:
    """The results of a report; what concerns the whole graph is told of its `sh:value`, the claim or node at fault."""
    from rdflib import URIRef
    from rdflib.namespace import RDF, SH

    claim_class = URIRef(PREFIXES["maille"] + "Claim")
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, path, value = (report.value(result, said) for said in (SH.focusNode, SH.resultPath, SH.value))
        constraint = report.value(result, SH.sourceConstraint)
        shape = constraint if isinstance(constraint, URIRef) else report.value(result, SH.sourceShape)
        if constraint is not None and value is not None:
            focus = value if focus == claim_class or _is_span(data, value) else focus
        yield Violation(
            node=str(focus),
            path=str(path) if isinstance(path, URIRef) else "",
            message=_message(report, result, constraint, data, language),
            shape=str(shape),
            quote=_quote(data, focus, path, value),
        )


def _message(
    report: rdflib.Graph,
    result: rdflib.term.Node,
    constraint: rdflib.term.Node | None,
    data: rdflib.Graph,
    language: str,
) -> str:
    """The result's message in the language; in those with variables, names stand for IRIs.

    pySHACL drops the language of a message with variables: the one that fits the constraint's text is taken.
    """
    from rdflib.namespace import SH

    said = list(report.objects(result, SH.resultMessage))
    ours = [str(text) for text in said if getattr(text, "language", None) == language]
    texts = _load("shapes.ttl").objects(constraint, SH.message) if constraint is not None else ()
    for text in texts:
        if getattr(text, "language", None) != language:
            continue
        pattern = "(.*)".join(re.escape(part) for part in re.split(r"\{[?$]\w+\}", str(text)))
        for message in map(str, said):
            if found := re.fullmatch(pattern, message, re.S):
                values = iter(found.groups())
                ours.append(re.sub(r"\{[?$]\w+\}", lambda _, left=values: _name(data, next(left)), str(text)))
    return re.sub(r"\s+", " ", " ".join(sorted(ours or map(str, said)))).strip()


def _name(data: rdflib.Graph, written: str) -> str:
    """An entity's label, a prefixed name, or what was written."""
    from rdflib import URIRef
    from rdflib.namespace import SKOS

    if "://" not in written or re.search(r"[\s<>\"{}|\\^`]", written):
        return written
    if label := data.value(URIRef(written), SKOS.prefLabel, any=True):
        return str(label)
    for prefix, namespace in PREFIXES.items():
        if written.startswith(namespace):
            return f"{prefix}:{written.removeprefix(namespace)}"
    return written


def _is_span(data: rdflib.Graph, node: rdflib.term.Node) -> bool:
    from rdflib import URIRef

    return (node, URIRef(PREFIXES["nif"] + "anchorOf"), None) in data


def _quote(
    data: rdflib.Graph, node: rdflib.term.Node | None, path: rdflib.term.Node | None, value: rdflib.term.Node | None
) -> str:
    """The words of the passage, of the claim, or of a claim that says so of the node; empty if there are none."""
    from rdflib import RDF, URIRef

    if node is None:
        return ""
    anchor, derived = URIRef(PREFIXES["nif"] + "anchorOf"), URIRef(PREFIXES["prov"] + "wasDerivedFrom")
    trigger, premise = URIRef(PREFIXES["maille"] + "trigger"), URIRef(PREFIXES["maille"] + "inferredFrom")
    claims = [c for c in data.subjects(RDF.subject, node) if path is not None and (c, RDF.predicate, path) in data]
    exact = [c for c in claims if value is not None and (c, RDF.object, value) in data]
    about = [node, *(exact or claims), *data.subjects(RDF.object, node), *data.objects(node, premise)]
    spans = [node, *(span for each in about for span in data.objects(each, derived)), *data.objects(node, trigger)]
    quotes = (data.value(span, anchor, any=True) for span in spans)
    return next((" ".join(str(quote).split()) for quote in quotes if quote is not None), "")
