"""The shared readings keep the invariants that every stage relies on."""

from __future__ import annotations

import pytest

from maille.records import EntityRef, Reading
from maille.vocabulary import CLASSES, EVENTS, MODALITIES, RELATIONS


@pytest.mark.parametrize("name", ["sample_reading", "second_reading"])
def test_invariants(name: str, request: pytest.FixtureRequest) -> None:
    reading: Reading = request.getfixturevalue(name)
    text = reading.article.text
    passages = [m.passage for entity in reading.entities for m in entity.mentions]
    passages += [event.trigger for event in reading.events] + [claim.evidence for claim in reading.claims]
    assert len(passages) > 20
    assert all(text[p.start : p.end] == p.text for p in passages)
    kinds = {event.key: event.kind for event in reading.events}
    assert {entity.kind for entity in reading.entities} <= CLASSES.keys()
    for claim in reading.claims:
        known = RELATIONS if isinstance(claim.subject, EntityRef) else EVENTS[kinds[claim.subject.key]]
        assert claim.property in known


def test_every_modality_is_there(sample_reading: Reading) -> None:
    assert {claim.modality for claim in sample_reading.claims} == set(MODALITIES)
