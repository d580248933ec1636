"""The ontology names what the vocabulary names, in two languages, with true axioms."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib.collection import Collection

from maille.vocabulary import CLASSES, EVENTS, MODALITIES, NAMESPACE, PERIODS, RELATIONS, ROLES, SYMMETRIC

M = Namespace(NAMESPACE)
FRAME = {
    *("Article", "Claim", "Modality", "Period", "modality", "period", "attributedTo", "cue", "direct", "confidence"),
    *("inferredFrom", "rule", "written", "articleKey", "trigger", "mentionOf", "form", "named", "classified"),
}
NAMES = sorted({*CLASSES, *EVENTS, *RELATIONS, *ROLES, *MODALITIES, *PERIODS, *FRAME})


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(data=(files("maille.ontology") / "maille.ttl").read_text("utf-8"), format="turtle")


def members(ontology: Graph, node: URIRef) -> set[str]:
    """The members of a union, or the node alone, as local names of the vocabulary where they are."""
    union = ontology.value(node, OWL.unionOf)
    nodes = [node] if union is None else list(Collection(ontology, union))
    return {str(n).removeprefix(NAMESPACE) for n in nodes}


def test_names_are_those_of_the_vocabulary(ontology: Graph) -> None:
    defined = {str(s) for s in ontology.subjects(RDF.type) if str(s).startswith(NAMESPACE)}
    assert sorted(name.removeprefix(NAMESPACE) for name in defined) == NAMES
    assert len(NAMES) > 100


@pytest.mark.parametrize("name", NAMES)
def test_every_term_is_told_in_two_languages(ontology: Graph, name: str) -> None:
    for said in (RDFS.label, RDFS.comment):
        assert sorted(str(text.language) for text in ontology.objects(M[name], said)) == ["en", "fr"]
    assert len(list(ontology.objects(M[name], SKOS.example))) == 1


def test_class_tree(ontology: Graph) -> None:
    for name, parent in CLASSES.items():
        ours = [o for o in ontology.objects(M[name], RDFS.subClassOf) if str(o).startswith(NAMESPACE)]
        assert ours == ([M[parent]] if parent else [])
    assert all((M[event], RDFS.subClassOf, M.Event) in ontology for event in EVENTS)


def test_domains_and_ranges(ontology: Graph) -> None:
    schema = "https://schema.org/"
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = {
        "date": {xsd + "gYear", xsd + "gYearMonth", xsd + "date"},
        "text": {xsd + "string"},
        "money": {schema + "MonetaryAmount"},
        "number": {schema + "QuantitativeValue"},
    }
    for name in sorted({*RELATIONS, *ROLES}):
        domain = set(RELATIONS[name].subjects) if name in RELATIONS else set()
        domain |= {event for event, roles in EVENTS.items() if name in roles}
        kinds = set(RELATIONS[name].objects) if name in RELATIONS else set()
        kinds |= {kind for roles in EVENTS.values() for kind in roles.get(name, ())}
        expected = set().union(*(values.get(kind, {kind}) for kind in kinds))
        assert members(ontology, ontology.value(M[name], RDFS.domain)) == domain, name
        assert members(ontology, ontology.value(M[name], RDFS.range)) == expected, name


def test_symmetric_properties(ontology: Graph) -> None:
    symmetric = set(ontology.subjects(RDF.type, OWL.SymmetricProperty))
    assert symmetric == {M[name] for name in SYMMETRIC}
    assert (M.chiefExecutiveOf, RDFS.subPropertyOf, M.leads) in ontology
    assert (M.leadInvestor, RDFS.subPropertyOf, M.investor) in ontology


def test_context_names_only_known_terms(ontology: Graph) -> None:
    context = json.loads((files("maille.ontology") / "context.jsonld").read_text("utf-8"))["@context"]
    ours = [term.removeprefix("maille:") for term in context if term.startswith("maille:")]
    assert len(ours) > 30 and set(ours) <= set(NAMES)
