"""All that the frames find in a Doc, as links."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from maille.extract.arguments import Argument
from maille.extract.frames.figures import read_figures
from maille.extract.frames.proposal import as_links
from maille.extract.frames.reader import propose
from maille.extract.frames.rounds import read_rounds
from maille.extract.learned import Link
from maille.extract.speech import Speakers
from maille.vocabulary import ANCHORS, RELATIONS


def read_frames(doc: Doc, arguments: Sequence[Argument]) -> list[Link]:
    """All links that the frames find, with modality and period; each fits the types of its property."""
    lookup = Speakers(arguments)
    found = [
        *as_links(propose(doc, arguments), ANCHORS),
        *read_figures(doc, arguments, lookup),
        *read_rounds(doc, arguments, lookup),
    ]
    return [x for x in found if x.event or _fits(x)]


def _fits(x: Link) -> bool:
    rule = RELATIONS[x.label]
    objects = ("share",) if x.label == "stake" else rule.objects
    return x.left.kind in rule.subjects and x.right.kind in objects and x.left.ref != x.right.ref
