"""What a claim may be made of: texts that hold what they should."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from maille.conduct import says_nothing
from maille.model.pairs import Node


@pytest.mark.parametrize(
    ("words", "tags", "label", "empty"),
    [
        (["première"], ["ADJ"], "JOB", True),
        (["première", "ministre"], ["ADJ", "NOUN"], "JOB", False),
        (["meilleur"], ["ADJ"], "AWARD", True),
        (["meilleur", "film"], ["ADJ", "NOUN"], "AWARD", False),
        (["11ème"], ["NUM"], "EVNAME", True),
        (["sommet", "de", "l'", "IA"], ["NOUN", "ADP", "DET", "PROPN"], "EVNAME", False),
        (["solaire"], ["ADJ"], "SECTOR", False),
    ],
)
def test_a_post_a_prize_and_an_event_are_called_by_a_noun(
    words: list[str], tags: list[str], label: str, empty: bool
) -> None:
    doc = Doc(Vocab(), words=words, pos=tags)
    assert says_nothing(doc, Node(0, len(words), label, 0.9)) is empty
