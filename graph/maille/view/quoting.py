"""The sentence around a passage, and where the subject and the object stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from maille.view.records import Mark, MarkRole

LONGEST = 1200
"""Characters of a sentence that are shown at most on either side of a passage."""

_END = re.compile(r"[.!?…]+[\"'’»”)\]]*\s+(?=[\"'‘«“(\[]?\s*[A-ZÀ-ÖØ-Þ0-9—–-])|\n+")
_LAST_WORD = re.compile(r"(\w+)\.$")

Span = tuple[int, int]


def sentence_around(text: str, start: int, end: int) -> Span:
    """The offsets of the sentence, or sentences, of `text` that hold ``text[start:end]``."""
    low, high = max(0, start - LONGEST), min(len(text), end + LONGEST)
    left, right = low, high
    for found in _END.finditer(text, low, high):
        if _is_abbreviation(text, found):
            continue
        if found.end() <= start:
            left = found.end()
        elif found.start() >= end - 1:
            right = found.end()
            break
    while left < start and text[left].isspace():
        left += 1
    while right > max(end, left) and text[right - 1].isspace():
        right -= 1
    return left, right


def marks_in(sentence: Span, evidence: Span, subject: Iterable[Span], object_: Iterable[Span]) -> tuple[Mark, ...]:
    """Marks relative to the sentence: places in the evidence if there are any, else the nearest one."""
    chosen: list[Mark] = []
    sides: tuple[tuple[MarkRole, Iterable[Span]], ...] = (("subject", subject), ("object", object_))
    for role, spans in sides:
        for start, end in _best(sentence, evidence, sorted(set(spans))):
            mark = Mark(start - sentence[0], end - sentence[0], role)
            if not any(mark.start < other.end and other.start < mark.end for other in chosen):
                chosen.append(mark)
    return tuple(sorted(chosen))


def places_of(text: str, words: str, within: Span) -> list[Span]:
    """Where `words` stand in ``text[within]``, whatever the case; at most three places."""
    if not words.strip():
        return []
    whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.I)
    return [found.span() for found in whole.finditer(text, *within)][:3]


def _best(sentence: Span, evidence: Span, spans: Sequence[Span]) -> list[Span]:
    inside = [span for span in spans if sentence[0] <= span[0] < span[1] <= sentence[1]]
    near = [span for span in inside if evidence[0] <= span[0] and span[1] <= evidence[1]]
    return near or sorted(inside, key=lambda span: (abs(span[0] - evidence[0]), span))[:1]


def _is_abbreviation(text: str, found: re.Match[str]) -> bool:
    if not found[0].startswith(".") or found[0].startswith(".."):
        return False
    word = _LAST_WORD.search(text, max(0, found.start() - 12), found.start() + 1)
    return bool(word) and (word[1].lower() in _abbreviations() or (len(word[1]) == 1 and word[1].isupper()))  # type: ignore[index]


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset((files("maille.view") / "abbreviations.txt").read_text("utf-8").split())
