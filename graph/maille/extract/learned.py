"""Links from the learned pair scores: pooled over the mentions of two entities, typed, thresholded.

A link label is a property ("investsIn") or an event type with a role ("FundingRound.amount"). A role joins the
argument that stands for the event (its anchor: the recipient of a round, the target of an acquisition ...) with the
filler; a node's link with itself says that it anchors an event of that type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from maille.extract.arguments import Argument
from maille.model.pairs import Pairs, how
from maille.records import EntityRef, Modality, Period, Value
from maille.vocabulary import EVENTS, RELATIONS, SYMMETRIC

Key = EntityRef | Value
FLOOR = 0.02
_MODALITIES: tuple[Modality, ...] = ("Asserted", "Planned", "Possible", "Conditional", "Denied")
_PERIODS: tuple[Period, ...] = ("Current", "Former")
PER_MENTION = frozenset({"Statement"})
"""Event types whose anchors are mentions, not entities: who speaks twice makes two statements."""


@dataclass(frozen=True, slots=True)
class Link:
    """A proposal; `left` and `right` are the arguments whose pair speaks loudest for it."""

    label: str
    left: Argument
    right: Argument
    confidence: float
    modality: Modality
    period: Period
    rule: str = "pairs"

    @property
    def event(self) -> str:
        """The event type of a role link, empty for a relation."""
        return self.label.partition(".")[0] if "." in self.label else ""

    @property
    def role(self) -> str:
        """The role of a role link, empty for a relation."""
        return self.label.partition(".")[2]


def _allowed(label: str, left: Argument, right: Argument) -> bool:
    if label == "stakeIn":
        return left.kind == "share" and right.kind == "Organization"
    event, _, role = label.partition(".")
    if role:
        return _fits(EVENTS[event][role], right)
    rule = RELATIONS[label]
    if label == "stake":
        return left.kind in rule.subjects and right.kind == "share"
    return left.kind in rule.subjects and _fits(rule.objects, right) and left.ref != right.ref


def _fits(kinds: Sequence[str], argument: Argument) -> bool:
    return argument.kind in kinds


def ends_of(label: str, left: Argument, right: Argument) -> tuple[Key, Key]:
    """What a link joins; of a relation that holds both ways in one order, whichever way it was told."""
    if label in SYMMETRIC and repr(right.ref) < repr(left.ref):
        return right.ref, left.ref
    return left.ref, right.ref


def links(
    pairs: Pairs, names: Sequence[str], arguments: Mapping[int, Sequence[Argument]], thresholds: Mapping[str, float]
) -> list[Link]:
    """All links at or above the threshold of their label (key "default" for labels without one), in text order.

    `arguments` maps node indices to what they stand for (several for a range or "franco-italien"); `names` are the
    labels in the order of the scores. The odds of one link pool all pairs of mentions of its two ends, of a symmetric
    relation in both orders.
    """
    clipped = np.clip(pairs.links, 1e-6, 1 - 1e-6)
    odds = np.log(clipped) - np.log1p(-clipped)
    groups: dict[tuple[tuple[Key, int], int, Key], list[tuple[float, int, Argument, Argument]]] = defaultdict(list)
    for row, k in zip(*np.nonzero(pairs.links > FLOOR), strict=True):
        i, j = int(pairs.left[row]), int(pairs.right[row])
        mention = i if names[k].partition(".")[0] in PER_MENTION else -1
        for left, right in product(arguments.get(i, ()), arguments.get(j, ())):
            if _allowed(names[k], left, right) and (i != j or left is right):
                one, other = ends_of(names[k], left, right)
                groups[(one, mention), int(k), other].append((float(odds[row, k]), int(row), left, right))
    chosen = []
    for ((one, _), k, other), rows in groups.items():
        probability = 1 / (1 + np.exp(-float(np.logaddexp.reduce([r[0] for r in rows]))))
        if probability >= thresholds.get(names[k], thresholds["default"]):
            best = max(rows, key=lambda r: (r[0], -r[1]))
            if one == other:  # an anchor, told by whichever two mentions of it
                best = (best[0], best[1], best[2], best[2])
            chosen.append((k, best, float(probability)))
    if not chosen:
        return []
    modality, period = how(pairs, [best[1] for _, best, _ in chosen], [k for k, _, _ in chosen])
    found = [
        Link(
            names[k],
            left,
            right,
            probability * min(left.certainty, right.certainty),
            _MODALITIES[int(m.argmax())],
            _PERIODS[int(t.argmax())],
        )
        for (k, (_, _, left, right), probability), m, t in zip(chosen, modality, period, strict=True)
    ]
    return sorted(found, key=lambda x: (x.left.start, x.right.start, x.label, repr(x.right.ref)))
