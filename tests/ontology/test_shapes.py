"""The shapes accept what we write and name each planted fault."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef

from maille.rdf import graph_of, violations
from maille.records import Claim, EntityRef, Reading
from maille.vocabulary import NAMESPACE

pytest.importorskip("pyshacl")

M = Namespace(NAMESPACE)
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SCHEMA = Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def small(sample_reading: Reading) -> Reading:
    """A few claims of the sample, for the shapes are checked many times."""
    keep = {"investsIn", "jobTitle", "acquires", "employees", "foundedOn", "recipient", "amount"}
    claims = tuple(claim for claim in sample_reading.claims if claim.property in keep)
    return dataclasses.replace(sample_reading, claims=claims)


def claim_of(graph: Graph, prop: str, modality: str) -> URIRef:
    """The one current claim with this property and modality."""
    said = [c for c in graph.subjects(RDF.predicate, M[prop]) if (c, M.modality, M[modality]) in graph]
    found = [c for c in said if (c, M.period, M.Current) in graph]
    assert len(found) == 1 and isinstance(found[0], URIRef)
    return found[0]


def test_sample_readings_conform(sample_reading: Reading, second_reading: Reading) -> None:
    assert violations(graph_of(sample_reading)) == ()
    assert violations(graph_of(second_reading)) == ()


def no_modality(graph: Graph) -> None:
    graph.remove((claim_of(graph, "jobTitle", "Asserted"), M.modality, None))


def no_evidence(graph: Graph) -> None:
    graph.remove((claim_of(graph, "jobTitle", "Asserted"), PROV.wasDerivedFrom, None))


def two_objects(graph: Graph) -> None:
    graph.add((claim_of(graph, "jobTitle", "Asserted"), RDF.object, Literal("présidente")))


def too_sure(graph: Graph) -> None:
    graph.set((claim_of(graph, "jobTitle", "Asserted"), M.confidence, Literal("1.2", datatype=XSD_DECIMAL)))


def unknown_modality(graph: Graph) -> None:
    graph.set((claim_of(graph, "jobTitle", "Asserted"), M.modality, M.Wished))


def shifted_offsets(graph: Graph) -> None:
    span = next(iter(sorted(graph.subjects(NIF.anchorOf))))
    graph.set((span, NIF.anchorOf, Literal("d'autres mots")))


def plan_as_fact(graph: Graph) -> None:
    claim = claim_of(graph, "acquires", "Planned")
    subject, value = graph.value(claim, RDF.subject), graph.value(claim, RDF.object)
    assert subject is not None and value is not None
    graph.add((subject, M.acquires, value))


def fact_without_claim(graph: Graph) -> None:
    subject, value = sorted(graph.subjects(RDF.type, M.Company))[:2]
    graph.add((subject, M.supplies, value))


def claim_without_fact(graph: Graph) -> None:
    graph.remove((None, M.foundedOn, None))


def wrong_subject(graph: Graph) -> None:
    claim = claim_of(graph, "acquires", "Denied")
    graph.set((claim, RDF.subject, next(iter(graph.subjects(RDF.type, M.City)))))


def wrong_object(graph: Graph) -> None:
    claim = claim_of(graph, "acquires", "Denied")
    graph.set((claim, RDF.object, next(iter(graph.subjects(RDF.type, M.City)))))


def text_for_date(graph: Graph) -> None:
    subject = next(iter(graph.subjects(M.foundedOn)))
    graph.set((claim_of(graph, "foundedOn", "Asserted"), RDF.object, Literal("jadis")))
    graph.set((subject, M.foundedOn, Literal("jadis")))


def bad_currency(graph: Graph) -> None:
    graph.set((next(iter(graph.subjects(SCHEMA.currency))), SCHEMA.currency, Literal("euros")))


def two_labels(graph: Graph) -> None:
    graph.add((next(iter(graph.subjects(SKOS.prefLabel))), SKOS.prefLabel, Literal("Autre nom")))


def no_label(graph: Graph) -> None:
    graph.remove((next(iter(graph.subjects(RDF.type, M.City))), SKOS.prefLabel, None))


XSD_DECIMAL = URIRef("http://www.w3.org/2001/XMLSchema#decimal")
FAULTS: dict[Callable[[Graph], None], str] = {
    no_modality: "Claim",
    no_evidence: "Claim",
    two_objects: "Claim",
    too_sure: "confidence",
    unknown_modality: "modality",
    shifted_offsets: "quotes other words",
    plan_as_fact: "not asserted and current",
    fact_without_claim: "no claim stands behind",
    claim_without_fact: "is not stated",
    wrong_subject: "may start from",
    wrong_object: "may point at",
    text_for_date: "datatype",
    bad_currency: "currency",
    two_labels: "prefLabel",
    no_label: "prefLabel",
}


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_planted_fault_is_found(plant: Callable[[Graph], None], small: Reading) -> None:
    graph = graph_of(small)
    plant(graph)
    found = violations(graph)
    assert found
    if FAULTS[plant] != "Claim":
        assert any(FAULTS[plant] in f"{v.path} {v.message}" for v in found), found


def test_relation_of_a_wrong_class_is_found(small: Reading) -> None:
    claim = small.claims[0]
    wrong = Claim(EntityRef("lyon"), "spouse", EntityRef("aubelune"), claim.evidence)
    assert violations(graph_of(dataclasses.replace(small, claims=(wrong,))))
