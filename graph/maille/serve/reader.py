"""An article's text in pieces: each knows the name that it belongs to and whether it backs a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, by character offsets, and what it stands for."""

    start: int
    end: int
    what: Any = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece in which nothing begins or ends; `anchors` are the passages that begin with it (RFC 5147)."""

    start: int
    end: int
    text: str
    name: Any = None
    claimed: bool = False
    anchors: tuple[str, ...] = ()


def segments(text: str, names: Sequence[Span], evidence: Sequence[Span]) -> list[Segment]:
    """The whole text, cut at every border of a name, a passage or a line break; of names in names the longer counts."""
    kept: list[Span] = []
    for name in sorted(names, key=lambda span: (span.start, -span.end)):
        if 0 <= name.start < name.end <= len(text) and (not kept or name.start >= kept[-1].end):
            kept.append(name)
    breaks = {place for n, c in enumerate(text) if c == "\n" for place in (n, n + 1)}
    borders = {0, len(text)} | breaks
    borders |= {place for span in (*kept, *evidence) for place in (span.start, span.end) if 0 <= place <= len(text)}
    ordered = sorted(borders)
    starting: dict[int, list[str]] = {}
    for span in evidence:
        starting.setdefault(span.start, []).append(f"char={span.start},{span.end}")
    depth, changes = 0, _changes(evidence)
    found, following = [], iter([*kept, Span(len(text) + 1, len(text) + 1)])
    name = next(following)
    for start, end in pairwise(ordered):
        depth += changes.get(start, 0)
        while name.end <= start:
            name = next(following)
        what = name.what if name.start <= start < name.end else None
        found.append(Segment(start, end, text[start:end], what, depth > 0, tuple(starting.get(start, ()))))
    return found


def _changes(evidence: Sequence[Span]) -> dict[int, int]:
    """Where passages begin (+) and end (-)."""
    found: dict[int, int] = {}
    for span in evidence:
        found[span.start] = found.get(span.start, 0) + 1
        found[span.end] = found.get(span.end, 0) - 1
    return found
