"""What a frame proposes: claims and event roles with their evidence, and the same as links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maille.extract.arguments import Argument
from maille.extract.learned import Link
from maille.records import Modality, Period


@dataclass(frozen=True, slots=True)
class Source:
    """Whom the words of a proposal are attributed to: an argument, or tokens [start, end) that name nobody known."""

    speaker: Argument | None
    start: int
    end: int
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim, or a role of an event, that a frame finds.

    A claim has a `subject` and an empty `event`; a role has an `event` type with `local`, its number in the Doc, and no
    subject. `label` is the property or the role; `start` and `end` are the tokens that show it.
    """

    label: str
    object: Argument
    start: int
    end: int
    subject: Argument | None = None
    event: str = ""
    local: int = -1
    modality: Modality = "Asserted"
    period: Period = "Current"
    source: Source | None = None
    confidence: float = 0.8
    rule: str = ""


def as_links(proposals: Iterable[Proposal], anchors: Mapping[str, Sequence[str]]) -> list[Link]:
    """Proposals as links; `anchors` gives for each event type the roles whose filler stands for the event, best first."""
    result: list[Link] = []
    events: dict[int, list[Proposal]] = {}
    for p in proposals:
        if p.subject is not None:
            result.append(Link(p.label, p.subject, p.object, p.confidence, p.modality, p.period, p.rule))
        else:
            events.setdefault(p.local, []).append(p)
    for local in sorted(events):
        roles = events[local]
        wanted = anchors[roles[0].event]
        held = [p for role in wanted for p in roles if p.label == role]
        if not held:
            continue
        anchor = held[0].object
        for p in roles:
            result.append(Link(f"{p.event}.{p.label}", anchor, p.object, p.confidence, p.modality, p.period, p.rule))
    return result
