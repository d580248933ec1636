"""Readings, and a store of them, as what a page shows."""

from __future__ import annotations

from maille.records import Reading
from maille.store import Store
from maille.view import ViewClaim, ViewGraph, from_readings
from maille.view.stored import from_store


def claim_of(graph: ViewGraph, subject: str, name: str) -> ViewClaim:
    return next(c for c in graph.claims if c.property == name and c.subject == subject)


def test_entities_of_two_articles_meet(sample_reading: Reading, second_reading: Reading) -> None:
    graph = from_readings([sample_reading, second_reading, sample_reading])
    named = [entity.id for entity in graph.entities if not entity.is_event]
    assert len(named) == len(set(named)) == 10
    assert len(graph.articles) == 2
    assert len(graph.claims) == len(sample_reading.claims) + len(second_reading.claims)


def test_a_claim_comes_with_its_sentence_and_marks(sample_reading: Reading) -> None:
    claim = claim_of(from_readings([sample_reading]), "organization/banque-vauban", "acquires")
    assert claim.sentence == "La Banque Vauban dément avoir racheté Nordhavn."
    marked = [(claim.sentence[mark.start : mark.end], mark.role) for mark in claim.marks]
    assert marked == [("Banque Vauban", "subject"), ("Nordhavn", "object")]
    assert (claim.modality, claim.attributed, claim.confidence) == ("Denied", "Banque Vauban", 0.77)


def test_values_are_words(sample_reading: Reading) -> None:
    graph = from_readings([sample_reading])
    assert claim_of(graph, "organization/aubelune", "employees").value == "320 salariés"
    assert claim_of(graph, "organization/aubelune", "foundedOn").value == "2021"
    assert claim_of(graph, "person/claire-morel", "jobTitle").value == "PDG"


def test_every_reference_is_known(sample_reading: Reading, second_reading: Reading) -> None:
    graph = from_readings([sample_reading, second_reading])
    known = {entity.id for entity in graph.entities}
    assert all(c.subject in known and (c.object in known if c.object else c.value) for c in graph.claims)
    assert {c.article for c in graph.claims} <= {article.id for article in graph.articles}


def told(graph: ViewGraph) -> list[tuple[object, ...]]:
    return sorted(
        (c.property, c.object, c.value, c.modality, c.period, c.sentence, c.marks, c.attributed, c.rule, c.confidence)
        for c in graph.claims
    )


def test_a_store_tells_the_same(sample_reading: Reading, second_reading: Reading) -> None:
    readings = [sample_reading, second_reading]
    with Store.in_memory() as store:
        store.add_all(readings)
        stored = from_store(store)
    read = from_readings(readings)
    assert told(stored) == told(read)
    assert {e.id for e in stored.entities if not e.is_event} == {e.id for e in read.entities if not e.is_event}
    assert sorted(e.kind for e in stored.entities) == sorted(e.kind for e in read.entities)
