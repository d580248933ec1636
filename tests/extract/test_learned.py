"""Links pooled over mentions: what stands for an event is one mention of it, by whichever two mentions it was told."""

from __future__ import annotations

import numpy as np
import pytest

from maille.extract import learned
from maille.extract.arguments import Argument
from maille.model.pairs import Pairs
from maille.records import EntityRef

ARGUMENTS = {
    i: [Argument(start, start + 1, label, EntityRef(key), "NAME", kind)]
    for i, (start, label, key, kind) in enumerate(
        [(0, "ORG", "o", "Organization"), (5, "REF", "o", "Organization"), (9, "ORG", "b", "Organization")]
    )
}


def pairs_of(scores: dict[tuple[int, int], float]) -> Pairs:
    rows = sorted(scores)
    return Pairs(
        np.array([i for i, _ in rows]),
        np.array([j for _, j in rows]),
        np.array([[scores[r]] for r in rows], np.float32),
        np.zeros(len(rows), np.float32),
        np.zeros((len(rows), 384), np.float32),
    )


@pytest.fixture(autouse=True)
def asserted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        learned, "how", lambda pairs, rows, labels: (np.eye(5)[[0] * len(rows)], np.eye(2)[[0] * len(rows)])
    )


def test_an_anchor_told_by_two_mentions_is_an_anchor() -> None:
    pairs = pairs_of({(0, 0): 0.3, (1, 0): 0.9, (0, 2): 0.8})
    other, anchor = learned.links(pairs, ["Acquisition.buyer"], ARGUMENTS, {"default": 0.5})
    assert anchor.left == anchor.right
    assert other.left.ref == EntityRef("o") and other.right.ref == EntityRef("b")


def test_all_mentions_of_two_ends_speak_for_their_link() -> None:
    told = learned.links(pairs_of({(0, 2): 0.4, (1, 2): 0.4}), ["acquires"], ARGUMENTS, {"default": 0.5})
    assert [round(x.confidence, 2) for x in told] == [0.57]
