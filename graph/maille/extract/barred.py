"""What the form of a French sentence rules out, however likely a reader finds it."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.learned import Link
from maille.language import fold

NAMED = frozenset({"Appointment.person", "Departure.person", "jobTitle"})


def barred(doc: Doc, link: Link) -> bool:
    """Whether the ends of a link stand where it cannot hold.

    A heading parts what stands before it from what stands behind, unless a frame ties them. Places in a row lie beside
    one another, not in one another ("à San Francisco, en Europe et en Asie"); who names somebody is not named ("nommé par
    François Hollande premier ministre").
    """
    if link.rule == "pairs" and _heading_between(doc, link.left, link.right):
        return True
    if link.label == "locatedIn":
        return _in_a_row(doc, link.left, link.right)
    if link.label in NAMED:
        person = link.right if link.event else link.left
        return link.left != link.right and _agent_before(doc, person, link)
    return False


HEADING = re.compile(r"\n\s*([^\n]{2,80}?[^\n.!?…»\"”:;,])\s*\n")
"""A short line of its own without an end mark."""


def _heading_between(doc: Doc, one: Argument, other: Argument) -> bool:
    """Whether a heading inside the text stands between two arguments; a title and a place line at its head are none."""
    first, second = sorted((one, other), key=lambda a: a.start)
    if first.end >= second.start or "\n" not in doc[: first.start].text.strip():
        return False
    return HEADING.search(doc[first.end : second.start].text) is not None


def _in_a_row(doc: Doc, first: Argument, second: Argument) -> bool:
    """Two places with a comma between, and a third after "et" or "ou" behind the same preposition as the second."""
    between = [fold(t.text) for t in doc[first.end : second.start]]
    if first.end > second.start or between[:1] != [","] or len(between) > 3 or second.end + 1 >= len(doc):
        return False
    after = [fold(t.text) for t in doc[second.end : second.end + len(between)]]
    return after[:1] in (["et"], ["ou"]) and after[1:] == between[1:] and doc[second.end + len(between)].pos_ == "PROPN"


def _agent_before(doc: Doc, person: Argument, link: Link) -> bool:
    """Whether a person is the agent ("par") of the passive that names another to the post which follows."""
    root: Token = doc[person.start : person.end].root
    if not any(fold(c.text) == "par" for c in root.children) or root.head.pos_ != "VERB":
        return False
    passive = any(c.dep_ in ("aux:pass", "nsubj:pass") for c in root.head.children) or root.head.dep_ == "acl"
    post = link.left if link.event else link.right
    return passive and (bool(link.event) or post.start >= person.end)
