"""Sentences around passages, and marks in them."""

from __future__ import annotations

import pytest

from maille.view.quoting import marks_in, places_of, sentence_around
from maille.view.records import Mark

TEXT = (
    "Aubelune lève 40 millions\n"
    "La start-up a levé 40,5 millions d'euros. M. Hugo Lambert, ex-directeur de Nordhavn, y croit ! "
    "« Nous irons loin », dit-il. J. Morel et Mme. Solheim attendent… Et après ?\n"
    "Fin de l'article"
)


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("lève 40", "Aubelune lève 40 millions"),  # a title ends with its line
        ("40,5", "La start-up a levé 40,5 millions d'euros."),  # no break inside a number
        ("Hugo Lambert", "M. Hugo Lambert, ex-directeur de Nordhavn, y croit !"),  # nor after "M."
        ("irons", "« Nous irons loin », dit-il."),
        ("Morel", "J. Morel et Mme. Solheim attendent…"),  # nor after an initial
        ("Fin", "Fin de l'article"),
        ("croit ! « Nous", "M. Hugo Lambert, ex-directeur de Nordhavn, y croit ! « Nous irons loin », dit-il."),
    ],
)
def test_the_sentence_around(quote: str, sentence: str) -> None:
    start = TEXT.index(quote)
    low, high = sentence_around(TEXT, start, start + len(quote))
    assert TEXT[low:high] == sentence


def test_a_text_without_sentences_is_cut() -> None:
    text = "mot " * 5000
    low, high = sentence_around(text, 8000, 8003)
    assert low <= 8000 < 8003 <= high
    assert high - low < 3000


def test_places_in_the_evidence_are_marked() -> None:
    marks = marks_in((100, 200), (100, 150), [(110, 115), (180, 185)], [(120, 125)])
    assert marks == (Mark(10, 15, "subject"), Mark(20, 25, "object"))


def test_else_the_nearest_place_of_the_sentence() -> None:
    assert marks_in((0, 100), (50, 60), [(0, 5), (40, 45)], []) == (Mark(40, 45, "subject"),)


def test_marks_do_not_overlap() -> None:
    assert marks_in((0, 50), (0, 50), [(0, 20)], [(10, 15)]) == (Mark(0, 20, "subject"),)


def test_places_of_words() -> None:
    assert places_of("PDG et pdg, pas PDGX", "PDG", (0, 20)) == [(0, 3), (7, 10)]
    assert places_of("rien", "", (0, 4)) == []
