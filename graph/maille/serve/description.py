"""What the endpoint can do, in RDF (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import pyoxigraph as ox

from maille.rdf.names import TYPE
from maille.serve.formats import GRAPHS, RESULTS

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"

_FORMS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
          "Turtle", "N-Triples", "RDF_XML", "JSON-LD")  # fmt: skip
_RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
assert len(_FORMS) == len(RESULTS) + len(GRAPHS)


def described(endpoint: str, form: str, updates: bool) -> bytes:
    """The service description of the endpoint at this IRI, in one of the forms of a graph."""
    service, dataset, graph = ox.NamedNode(endpoint), ox.BlankNode("dataset"), ox.BlankNode("graph")
    languages = ["SPARQL11Query", *(["SPARQL11Update"] if updates else [])]
    triples = [
        ox.Triple(service, TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), service),
        *(ox.Triple(service, _sd("supportedLanguage"), _sd(name)) for name in languages),
        ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        *(ox.Triple(service, _sd("resultFormat"), ox.NamedNode(FORMATS + name)) for name in _FORMS),
        *(ox.Triple(service, _sd("inputFormat"), ox.NamedNode(FORMATS + name)) for name in _FORMS[4:] if updates),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, TYPE, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), graph),
        ox.Triple(graph, TYPE, _sd("Graph")),
    ]
    written = ox.serialize(triples, format=_RDF[form], prefixes={"sd": SD})
    assert written is not None
    return written


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
