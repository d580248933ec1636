"""The namespaces of a graph and the few terms of other vocabularies that it uses."""

from __future__ import annotations

from pyoxigraph import NamedNode

from maille.vocabulary import NAMESPACE

PREFIXES: dict[str, str] = {
    "dcterms": "http://purl.org/dc/terms/",
    "maille": NAMESPACE,
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix -> namespace, declared in every query and every file that is written."""

ONTOLOGY_GRAPH = NamedNode(NAMESPACE.rstrip("#"))
"""The named graph of the ontology."""


def term(name: str) -> NamedNode:
    """The IRI of a prefixed name: `term("skos:prefLabel")`; KeyError for an unknown prefix."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


TYPE = term("rdf:type")
SUBJECT, PREDICATE, OBJECT = term("rdf:subject"), term("rdf:predicate"), term("rdf:object")
PREF_LABEL, ALT_LABEL = term("skos:prefLabel"), term("skos:altLabel")
NAMED, CLASSIFIED = term("maille:named"), term("maille:classified")
MENTIONS = term("schema:mentions")
