"""Does a graph keep the shapes (SHACL)? Needs pySHACL, the `validate` extra."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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
    """What in the graph breaks ontology/shapes.ttl, sorted, told in French or English; empty if it conforms.

    pySHACL checks all but the SPARQL constraints; these are asked of Oxigraph, once for the whole graph, for
    with rdflib their time grows with the square of the graph.
    """
    try:
        from pyshacl import validate
    except ImportError as error:
        raise MailleError("pySHACL is not installed", 'pip install "maille[validate]"') from error
    from rdflib.namespace import SH

    if language not in LANGUAGES:
        raise MailleError(f"the messages are not in {language!r}", "the languages are fr and en")
    # pySHACL writes into the graph it is given and reads the class tree from it: hand it a copy.
    data, shapes, ontology = (_copy(each) for each in (graph, _load("shapes.ttl"), _load("maille.ttl")))
    shapes.remove((None, SH.sparql, None))
    _, report, _ = validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none", inplace=True)
    return tuple(sorted({*_read(report, graph, language), *_asked(graph, language)}))


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
    """The results of pySHACL's report."""
    from rdflib import URIRef
    from rdflib.namespace import RDF, SH

    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, path, value = (report.value(result, said) for said in (SH.focusNode, SH.resultPath, SH.value))
        said = list(report.objects(result, SH.resultMessage))
        ours = [str(text) for text in said if getattr(text, "language", None) == language] or list(map(str, said))
        yield Violation(
            node=str(focus),
            path=str(path) if isinstance(path, URIRef) else "",
            message=" ".join(" ".join(sorted(ours)).split()),
            shape=str(shape) if isinstance(shape := report.value(result, SH.sourceShape), URIRef) else "",
            quote=_quote(data, focus, path, value),
        )


def _asked(graph: rdflib.Graph, language: str) -> Iterator[Violation]:
    """What the SPARQL constraints find; `?value` is the node at fault, or `?this` where there is none."""
    from rdflib import RDF, URIRef
    from rdflib.namespace import SH

    rows_of = _answers(graph)
    shapes = _load("shapes.ttl")
    for constraint in sorted(map(str, shapes.subjects(RDF.type, SH.SPARQLConstraint))):
        texts = shapes.objects(URIRef(constraint), SH.message)
        message = next(str(text) for text in texts if getattr(text, "language", None) == language)
        for bound in rows_of(constraint, str(shapes.value(URIRef(constraint), SH.select))):
            node, path = bound.get("value") or bound["this"], bound.get("path", "")
            told = _filled(message, {name: _name(graph, value) for name, value in bound.items()})
            quote = _quote(graph, URIRef(node), URIRef(path) if path else None, None)
            yield Violation(node, path, " ".join(told.split()), constraint, quote)


def _filled(message: str, values: Mapping[str, str]) -> str:
    """The message with values for its {?variables}."""
    return re.sub(r"\{[?$](\w+)\}", lambda found: values.get(found[1], ""), message)


def _answers(graph: rdflib.Graph) -> Callable[[str, str], Iterator[dict[str, str]]]:
    """What answers a constraint, by its name and SELECT: Oxigraph, but for the two that ask for classes of classes.

    Their property paths (rdfs:subClassOf* inside FILTER NOT EXISTS) took it nearly all of the time.
    """
    import pyoxigraph as ox

    store = ox.Store()
    for each in (graph, _load("maille.ttl")):
        store.bulk_load(each.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)

    def answers(constraint: str, select: str) -> Iterator[dict[str, str]]:
        name = constraint.rpartition("#")[2]
        if name in ("claimDomain", "claimRange"):
            yield from _misfits(graph, name == "claimDomain")
            return
        rows = store.query(select, prefixes=PREFIXES)
        assert isinstance(rows, ox.QuerySolutions)
        for row in rows:
            yield {v.value: str(getattr(row[v.value], "value", row[v.value] or "")) for v in rows.variables}

    return answers


def _misfits(graph: rdflib.Graph, domain: bool) -> Iterator[dict[str, str]]:
    """Claims whose subject (`domain`), or object that is no literal, is of no class that their property admits."""
    from rdflib import OWL, RDF, RDFS, Literal
    from rdflib.collection import Collection

    ontology = _load("maille.ttl")
    side, name = (RDFS.domain, "subject") if domain else (RDFS.range, "object")
    allowed: dict[rdflib.term.Node, set[rdflib.term.Node]] = {}
    for prop, classes in ontology.subject_objects(side):
        union = ontology.value(classes, OWL.unionOf)
        allowed[prop] = {classes} if union is None else set(Collection(ontology, union))
    for claim, node in graph.subject_objects(RDF.subject if domain else RDF.object):
        if isinstance(node, Literal):
            continue
        kinds = {
            wider
            for kind in graph.objects(node, RDF.type)
            for tree in (graph, ontology)
            for step in {kind, *graph.transitive_objects(kind, RDFS.subClassOf)}
            for wider in tree.transitive_objects(step, RDFS.subClassOf)
        }
        for prop in graph.objects(claim, RDF.predicate):
            if prop in allowed and not kinds & allowed[prop]:
                yield {"value": str(claim), "path": str(prop), name: str(node)}


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
