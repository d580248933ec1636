"""What the form of a French sentence rules out, however likely a reader finds it."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from maille.extract.arguments import Argument
from maille.extract.learned import Link
from maille.language import fold


def barred(doc: Doc, link: Link) -> bool:
    """Whether the ends of a link stand where it cannot hold.

    A heading parts what stands before it from what stands behind, unless a frame ties them. Places in a row lie beside
    one another, not in one another ("à Boston, en Europe et en Asie").
    """
    if link.rule == "pairs" and _heading_between(doc, link.left, link.right):
        return True
    return link.label == "locatedIn" and _in_a_row(doc, link.left, link.right)


HEADING = re.compile(r"[.!?…»\"”]\s*\n\s*(?![-–—•*])[^\n]{2,80}?[^\n.!?…»\"”:;,]\s*\n(?=[^\n]{80})")
"""A short line of its own without an end mark, after the end of a sentence and before a longer line; no item of a list."""


def _heading_between(doc: Doc, one: Argument, other: Argument) -> bool:
    """Whether a heading inside the text stands between two arguments; a title and a place line at its head are none."""
    first, second = sorted((one, other), key=lambda a: a.start)
    if first.end >= second.start or "\n" not in doc[: first.start].text.strip():
        return False
    return HEADING.search(doc.text, doc[first.end - 1].idx, _line_end(doc, second)) is not None


def _line_end(doc: Doc, argument: Argument) -> int:
    """Where the line of an argument ends, in characters."""
    end = doc.text.find("\n", doc[argument.start].idx)
    return len(doc.text) if end < 0 else end


def _in_a_row(doc: Doc, first: Argument, second: Argument) -> bool:
    """Two places with a comma between, and a third after "et" or "ou" behind the same preposition as the second."""
    between = [fold(t.text) for t in doc[first.end : second.start]]
    if first.end > second.start or between[:1] != [","] or len(between) > 3 or second.end + 1 >= len(doc):
        return False
    after = [fold(t.text) for t in doc[second.end : second.end + len(between)]]
    return after[:1] in (["et"], ["ou"]) and after[1:] == between[1:] and doc[second.end + len(between)].pos_ == "PROPN"
