"""What the form of a sentence rules out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from maille.annotate.tokenizer import blank
from maille.extract.arguments import Argument
from maille.extract.barred import allowed
from maille.extract.learned import Link
from maille.records import EntityRef

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def found(doc: Doc, words: str, label: str) -> Argument:
    start = next(i for i in range(len(doc)) if doc[i : i + len(words.split())].text == words)
    return Argument(
        start, start + len(words.split()), label, EntityRef(words), "NAME", "Place" if label == "LOC" else "Person"
    )


@pytest.mark.parametrize(
    ("sentence", "label", "left", "right", "expected"),
    [
        (
            "Elle organise des rencontres à Boston, en Europe et en Asie.",
            "locatedIn",
            "Boston",
            "Europe",
            True,
        ),
        ("Elle a des bureaux à Paris, à Londres et à Madrid.", "locatedIn", "Paris", "Londres", True),
        ("L'usine est à Douai, dans le Nord, et emploie cent personnes.", "locatedIn", "Douai", "Nord", False),
        ("Le siège est à Nantes, en France.", "locatedIn", "Nantes", "France", False),
    ],
)
def test_places_in_a_row(nlp: Language, sentence: str, label: str, left: str, right: str, expected: bool) -> None:
    doc = nlp(sentence)
    link = Link(label, found(doc, left, "LOC"), found(doc, right, "LOC"), 0.7, "Asserted", "Current")
    assert (not allowed(doc, [link])) is expected


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        (
            "Titre\nLe titre de Vauban a bondi.\nLevée de fonds record\nAubelune a levé 40 millions auprès de la caisse des retraites et de deux fonds de la région.",
            "pairs",
            True,
        ),
        (
            "Titre\nLe titre de Vauban a bondi.\nLevée de fonds record\nAubelune a levé 40 millions auprès de la caisse des retraites et de deux fonds de la région.",
            "round/investor",
            False,
        ),
        (
            "Titre\nLe titre de Vauban a bondi.\n- Nordhavn\nAubelune a levé 40 millions auprès de la caisse des retraites et de deux fonds de la région.",
            "pairs",
            False,
        ),
        ("Titre\nVauban investit.\nIl entre chez Aubelune.", "pairs", False),
        ("Vauban entre au capital\nPARIS\nAubelune a levé 40 millions.", "pairs", False),
    ],
)
def test_a_heading_parts(text: str, rule: str, expected: bool) -> None:
    doc = blank()(text)
    link = Link(
        "investsIn", found(doc, "Vauban", "ORG"), found(doc, "Aubelune", "ORG"), 0.7, "Asserted", "Current", rule
    )
    assert (not allowed(doc, [link])) is expected


@pytest.mark.parametrize(
    ("sentence", "label", "left", "right", "expected"),
    [
        ("Vauban cède Aubelune à un fonds.", "acquires", "Vauban", "Aubelune", []),
        ("Vauban négocie pour vendre 50 % d'Aubelune.", "acquires", "Vauban", "Aubelune", []),
        ("Vauban rachète Aubelune.", "acquires", "Vauban", "Aubelune", ["acquires"]),
        ("Aubelune est cotée au Nasdaq.", "headquarteredIn", "Aubelune", "Nasdaq", []),
        ("Aubelune est basée à Nantes.", "headquarteredIn", "Aubelune", "Nantes", ["headquarteredIn"]),
        ("Aubelune a été vendue à Vauban.", "acquires", "Vauban", "Aubelune", ["acquires"]),
    ],
)
def test_sellers_and_exchanges(
    nlp: Language, sentence: str, label: str, left: str, right: str, expected: list[str]
) -> None:
    doc = nlp(sentence)
    link = Link(label, found(doc, left, "ORG"), found(doc, right, "ORG"), 0.7, "Asserted", "Current")
    assert [x.label for x in allowed(doc, [link])] == expected
