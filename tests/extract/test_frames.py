"""Every frame's own example gives its claim, its counter-example does not; the share that holds is a floor."""

from __future__ import annotations

import pytest

from maille.annotate.pipeline import load
from maille.errors import MailleError
from maille.extract.arguments import Argument
from maille.extract.frames import noun_frames, read_frames, table, verb_frames
from maille.records import EntityRef

pytestmark = pytest.mark.model
FRAMES = [f for frames in (*verb_frames().values(), *noun_frames().values()) for f in frames]
FLOOR = 0.85
"""Share of examples whose claim is read; only ever raised."""
KNOWN = {
    "Vauban": "ORG", "Aubelune": "ORG", "Novatis": "ORG", "Parti vert": "ORG", "université de Lille": "ORG", "Sillage": "PROD",
    "Marina 2": "PROD", "Airbus A320": "PROD", "Toulouse": "LOC", "Claire Morel": "PER", "Paul Vidal": "PER", "Luc Vidal": "PER",
    "Luc Morel": "PER", "Anne Vidal": "PER",
}  # fmt: skip
KINDS = {"ORG": "Organization", "PROD": "Product", "LOC": "Place", "PER": "Person"}


def claims(text: str) -> set[str]:
    """What the frames read when the names of a sentence are given."""
    doc = next(load().pipe([text]))
    arguments = []
    for name, label in KNOWN.items():
        at = text.find(name)
        span = doc.char_span(at, at + len(name)) if at >= 0 else None
        if span is not None:
            arguments.append(Argument(span.start, span.end, label, EntityRef(name), "NAME", KINDS[label]))
    shown = lambda a: a.ref.key if isinstance(a.ref, EntityRef) else ""  # noqa: E731
    return {f"{shown(x.left)} {x.label} {shown(x.right)}" for x in read_frames(doc, arguments)}


def test_the_tables_are_whole() -> None:
    assert len(FRAMES) >= 60
    assert all(f.example.text and f.example.claim for f in FRAMES)


def test_examples_give_their_claims() -> None:
    missed = [f.example.text for f in FRAMES if f.example.claim not in claims(f.example.text)]
    assert 1 - len(missed) / len(FRAMES) >= FLOOR, "\n".join(missed)


def test_counter_examples_do_not() -> None:
    wrong = [f.example.counter for f in FRAMES if f.example.counter and f.example.claim in claims(f.example.counter)]
    assert wrong == []


def test_an_unknown_property_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(table, "RELATIONS", {"leads": table.RELATIONS["leads"]})
    with pytest.raises(MailleError, match="unknown property"):
        table._rows("verbs.tsv")
