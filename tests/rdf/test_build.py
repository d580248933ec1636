"""Reading -> triples in the form that is promised."""

from __future__ import annotations

import dataclasses

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from rdflib import RDF, Graph, Namespace

from maille.errors import MailleError
from maille.rdf import graph_of, quads, triples, write
from maille.rdf.build import date, decimal, number, preferred
from maille.rdf.names import PREFIXES, term
from maille.records import Claim, EntityRef, EventRef, Reading
from maille.vocabulary import NAMESPACE

M, NIF, PROV, SCHEMA = (Namespace(PREFIXES[p]) for p in ("maille", "nif", "prov", "schema"))
assert str(M) == NAMESPACE


@pytest.fixture(scope="module")
def graph(sample_reading: Reading) -> Graph:
    return graph_of(sample_reading)


def ask(graph: Graph, pattern: str) -> bool:
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    return bool(graph.query(f"{prefixes} ASK {{ {pattern} }}").askAnswer)


def test_every_claim_is_a_node(graph: Graph, sample_reading: Reading) -> None:
    claims = list(graph.subjects(RDF.type, M.Claim))
    assert len(claims) == len(sample_reading.claims)
    for prop in (RDF.subject, RDF.predicate, RDF.object, M.modality, M.period, M.confidence, PROV.wasDerivedFrom):
        assert all(len(list(graph.objects(claim, prop))) == 1 for claim in claims), prop


@pytest.mark.parametrize(
    ("pattern", "stated"),
    [
        ('?a skos:prefLabel "Banque Vauban" ; maille:investsIn [ skos:prefLabel "Aubelune" ]', True),
        ('?a skos:prefLabel "Aubelune" ; maille:acquires ?b', False),
        ('?a skos:prefLabel "Nordhavn" ; maille:investsIn ?b', False),
        ('?a skos:prefLabel "Banque Vauban" ; maille:acquires ?b', False),
        ('?a skos:prefLabel "Hugo Lambert" ; maille:worksFor ?b', False),
        ('?a skos:prefLabel "Claire Morel" ; maille:jobTitle "PDG" ; skos:altLabel "Morel" ; a maille:Person', True),
        ('?a maille:foundedOn "2021"^^xsd:gYear', True),
        ('?a maille:releasedOn "2025-03-31"^^xsd:date', True),
        ('?a maille:revenue [ a schema:MonetaryAmount ; schema:value 12500000 ; schema:currency "EUR" ]', True),
        ("?a maille:revenue [ schema:value 8000000 ]", False),
        ('?a maille:employees [ a schema:QuantitativeValue ; schema:value 320 ; schema:unitText "salariés" ]', True),
        ("?e a maille:FundingRound ; maille:recipient ?r ; maille:modality maille:Asserted", True),
        ("?e a maille:Acquisition ; maille:modality maille:Denied ; maille:trigger [ nif:anchorOf ?t ]", True),
        ("?e a maille:Acquisition ; maille:buyer ?b", False),
        ('?c maille:attributedTo "documents internes" ; maille:modality maille:Possible', True),
        ('?c maille:attributedTo [ skos:prefLabel "Claire Morel" ] ; maille:cue [ a nif:Phrase ]', True),
        ('?c maille:confidence 0.93 ; maille:rule "found.date" ; maille:written "en 2021"', True),
        ('?a a maille:Article ; dcterms:creator "Anne Petit" ; dcterms:date "2025-04-02"^^xsd:date', True),
        ('?s maille:mentionOf [ skos:prefLabel "Aubelune" ] ; maille:form "NOMINAL"', True),
    ],
)
def test_what_is_stated(graph: Graph, pattern: str, stated: bool) -> None:
    assert ask(graph, pattern) is stated


def test_plain_triples_are_the_asserted_current_claims(graph: Graph, sample_reading: Reading) -> None:
    claims = {claim for claim in graph.subjects(RDF.type, M.Claim)}
    stated = {c for c in claims if (graph.value(c, RDF.subject), graph.value(c, RDF.predicate), None) in graph}
    sure = [c for c in sample_reading.claims if c.modality == "Asserted" and c.period == "Current"]
    assert len(sure) < len(claims)
    for claim in claims:
        s, p, o = (graph.value(claim, x) for x in (RDF.subject, RDF.predicate, RDF.object))
        is_sure = (claim, M.modality, M.Asserted) in graph and (claim, M.period, M.Current) in graph
        assert ((s, p, o) in graph) is is_sure
    assert len(stated) >= len(sure)


def test_offsets_are_exact(graph: Graph, sample_reading: Reading) -> None:
    spans = list(graph.subjects(RDF.type, NIF.Phrase))
    assert len(spans) > 20
    for span in spans:
        begin, end = (int(str(graph.value(span, p))) for p in (NIF.beginIndex, NIF.endIndex))
        assert sample_reading.article.text[begin:end] == str(graph.value(span, NIF.anchorOf))
        assert str(span).endswith(f"#char={begin},{end}")


def test_entities_are_shared_and_claims_are_not(sample_reading: Reading, second_reading: Reading) -> None:
    def subjects(reading: Reading, what: str) -> set[str]:
        return {str(t.subject) for t in triples(reading) if f"/{what}/" in str(t.subject)}

    assert len(subjects(sample_reading, "entity") & subjects(second_reading, "entity")) == 5
    assert not subjects(sample_reading, "claim") & subjects(second_reading, "claim")


def test_types_and_labels_stand_in_the_entity_graph_alone(sample_reading: Reading) -> None:
    own = [q for q in quads(sample_reading) if not str(q.graph_name).endswith("/entities>")]
    assert not [q for q in own if q.predicate == term("skos:prefLabel")]
    assert not [q for q in own if q.predicate == term("rdf:type") and "/entity/" in str(q.subject)]
    names = {str(graph.identifier) for graph in write(sample_reading).graphs() if len(graph)}
    assert len(names) == 2


def test_order_of_the_records_does_not_matter(sample_reading: Reading) -> None:
    turned = dataclasses.replace(
        sample_reading,
        entities=sample_reading.entities[::-1],
        events=sample_reading.events[::-1],
        claims=sample_reading.claims[::-1],
    )
    assert triples(turned) == triples(sample_reading)


def test_a_claim_made_twice_is_one_node(sample_reading: Reading) -> None:
    claim = sample_reading.claims[0]
    twice = dataclasses.replace(claim, confidence=0.3, rule="other")
    both = dataclasses.replace(sample_reading, claims=(twice, *sample_reading.claims))
    assert triples(both) == triples(sample_reading)


def test_two_events_with_one_trigger_stay_apart(sample_reading: Reading) -> None:
    first = sample_reading.events[0]
    other = dataclasses.replace(first, key="other")
    claim = next(c for c in sample_reading.claims if c.subject == EventRef(first.key) and c.property == "recipient")
    moved = dataclasses.replace(claim, subject=EventRef("other"), object=EntityRef("nordhavn"))
    reading = dataclasses.replace(
        sample_reading, events=(*sample_reading.events, other), claims=(*sample_reading.claims, moved)
    )
    assert len(list(graph_of(reading).subjects(RDF.type, M.FundingRound))) == 2


@pytest.mark.parametrize(
    ("value", "lexical", "kind"),
    [(4e10, "40000000000", "integer"), (12.5, "12.5", "decimal"), (-2.0, "-2", "integer"), (0.1, "0.1", "decimal")],
)
def test_numbers_are_exact(value: float, lexical: str, kind: str) -> None:
    assert number(value) == Literal(lexical, datatype=term(f"xsd:{kind}"))


def test_confidence_and_dates() -> None:
    assert [decimal(x).value for x in (1.0, 0.9, 0.12345, 0)] == ["1", "0.9", "0.1234", "0"]
    assert date("2025-05").datatype == term("xsd:gYearMonth")
    with pytest.raises(MailleError, match="YYYY"):
        date("mai 2025")


def test_preferred_spelling() -> None:
    assert preferred(["NORDHAVN", "Nordhavn"]) == "Nordhavn"
    assert preferred(["CNRS"]) == "CNRS"


def test_unknown_names_are_refused(sample_reading: Reading) -> None:
    claim = sample_reading.claims[0]
    for wrong, message in [
        (dataclasses.replace(claim, property="likes"), "unknown property 'likes'"),
        (dataclasses.replace(claim, subject=EntityRef("nobody")), "entity 'nobody'"),
        (Claim(EventRef("v99"), "date", claim.object, claim.evidence), "event 'v99'"),
    ]:
        with pytest.raises(MailleError, match=message):
            triples(dataclasses.replace(sample_reading, claims=(wrong,)))


def test_flat_graph_holds_no_bookkeeping(sample_reading: Reading) -> None:
    assert not [t for t in triples(sample_reading) if t.predicate in (term("maille:named"), term("maille:classified"))]
    assert all(isinstance(t, Triple) and isinstance(t.subject, NamedNode) for t in triples(sample_reading))
