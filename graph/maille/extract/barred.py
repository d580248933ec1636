"""What the form of a French sentence rules out, however likely a reader finds it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.tokens import Doc

from maille.extract.arguments import Argument
from maille.extract.learned import Link
from maille.language import fold


def allowed(doc: Doc, links: Iterable[Link]) -> list[Link]:
    """The links without those whose ends stand where they cannot hold.

    A heading parts what stands before it from what stands behind, unless a frame ties them. Places in a row lie beside
    one another, not in one another ("à Boston, en Europe et en Asie").
    """
    text = doc.text
    body = text.find("\n")
    headings = [m.start(1) for m in HEADING.finditer(text)] if body >= 0 else []

    def parted(x: Link) -> bool:
        ends = sorted(doc[a.start].idx for a in (x.left, x.right))
        return ends[0] > body and any(ends[0] < h < ends[1] for h in headings)

    return [
        x
        for x in links
        if not (x.rule == "pairs" and parted(x)) and not (x.label == "locatedIn" and _in_a_row(doc, x.left, x.right))
    ]


HEADING = re.compile(r"[.!?…»\"”]\s*\n\s*((?![-–—•*])[^\n]{2,80}?[^\n.!?…»\"”:;,])\s*\n(?=[^\n]{80})")
"""A short line of its own without an end mark, after the end of a sentence and before a longer line; no item of a list."""


def _in_a_row(doc: Doc, first: Argument, second: Argument) -> bool:
    """Two places with a comma between, and a third after "et" or "ou" behind the same preposition as the second."""
    between = [fold(t.text) for t in doc[first.end : second.start]]
    if first.end > second.start or between[:1] != [","] or len(between) > 3 or second.end + 1 >= len(doc):
        return False
    after = [fold(t.text) for t in doc[second.end : second.end + len(between)]]
    return after[:1] in (["et"], ["ou"]) and after[1:] == between[1:] and doc[second.end + len(between)].pos_ == "PROPN"
