"""What the form of a French sentence rules out, however likely a reader finds it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from spacy.tokens import Doc

from maille.extract.arguments import Argument
from maille.extract.learned import Link
from maille.language import fold


def allowed(doc: Doc, links: Iterable[Link]) -> list[Link]:
    """The links without those whose ends stand where they cannot hold.

    A heading parts what stands before it from what stands behind, unless a frame ties them. Places in a row lie beside
    one another, not in one another ("à Boston, en Europe et en Asie"). Nobody has a seat at an exchange, and who sells does
    not buy.
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
        if not (x.rule == "pairs" and parted(x))
        and not (x.label == "locatedIn" and _in_a_row(doc, x.left, x.right))
        and not (x.label in SEATS and fold(doc[x.right.start : x.right.end].text) in _words("exchanges"))
        and not (x.label == "acquires" and _sells(doc, x.left, x.right))
        and not (x.label == "Acquisition.buyer" and x.left != x.right and _sells(doc, x.right, x.left))
    ]


SEATS = frozenset({"headquarteredIn", "locatedIn", "livesIn", "country"})


@cache
def _words(section: str) -> frozenset[str]:
    """The folded words of a section of the data file."""
    data = tomllib.loads((resources.files("maille.extract") / "barred.toml").read_text("utf-8"))
    return frozenset(fold(word) for word in data[section]["words"])


def _sells(doc: Doc, seller: Argument, sold: Argument) -> bool:
    """Whether one end is the subject of a verb of selling, or of the verb above it, whose object holds the other end."""
    verb = doc[sold.start : sold.end].root
    for _ in range(4):
        if verb.pos_ == "VERB" or verb.head is verb:
            break
        verb = verb.head
    if fold(verb.lemma_) not in _words("selling") or any(c.dep_ == "nsubj:pass" for c in verb.children):
        return False
    subject = doc[seller.start : seller.end].root
    for _ in range(4):
        own = [c for c in verb.children if c.dep_ == "nsubj"]
        if own or verb.head is verb:
            return any(c == subject or c.text == subject.text for c in own)
        verb = verb.head
    return False


HEADING = re.compile(r"[.!?…»\"”]\s*\n\s*((?![-–—•*])[^\n]{2,80}?[^\n.!?…»\"”:;,])\s*\n(?=[^\n]{80})")
"""A short line of its own without an end mark, after the end of a sentence and before a longer line; no item of a list."""


def _in_a_row(doc: Doc, first: Argument, second: Argument) -> bool:
    """Two places with a comma between, and a third after "et" or "ou" behind the same preposition as the second."""
    between = [fold(t.text) for t in doc[first.end : second.start]]
    if first.end > second.start or between[:1] != [","] or len(between) > 3 or second.end + 1 >= len(doc):
        return False
    after = [fold(t.text) for t in doc[second.end : second.end + len(between)]]
    return after[:1] in (["et"], ["ou"]) and after[1:] == between[1:] and doc[second.end + len(between)].pos_ == "PROPN"
