"""Modality and period of clauses, one sentence a row: the words, the verb or noun asked about, what is expected."""

from __future__ import annotations

import pytest
from spacy.language import Language

from maille.annotate.pipeline import load
from maille.extract.modality import modality_of, period_of

pytestmark = pytest.mark.model
CASES = [
    ("Vauban a racheté Aubelune.", "racheté", "Asserted"),
    ("Vauban rachète Aubelune.", "rachète", "Asserted"),
    ("Vauban aurait racheté Aubelune.", "racheté", "Possible"),
    ("Vauban serait en discussions avec Aubelune.", "discussions", "Possible"),
    ("Vauban rachètera Aubelune en juin.", "rachètera", "Planned"),
    ("Vauban va racheter Aubelune.", "racheter", "Planned"),
    ("Vauban compte racheter Aubelune.", "racheter", "Planned"),
    ("Vauban prévoit de racheter Aubelune.", "racheter", "Planned"),
    ("Vauban veut racheter Aubelune.", "racheter", "Planned"),
    ("Vauban pourrait racheter Aubelune.", "racheter", "Possible"),
    ("Vauban envisage de racheter Aubelune.", "racheter", "Possible"),
    ("Vauban n'a pas racheté Aubelune.", "racheté", "Denied"),
    ("Vauban ne rachètera jamais Aubelune.", "rachètera", "Denied"),
    ("Vauban refuse de racheter Aubelune.", "racheter", "Denied"),
    ("Vauban renonce à racheter Aubelune.", "racheter", "Denied"),
    ("Vauban dément vouloir racheter Aubelune.", "racheter", "Planned"),
    ("Claire Morel a annoncé que Vauban rachèterait Aubelune.", "rachèterait", "Planned"),
    ("Claire Morel affirme que Vauban a racheté Aubelune.", "racheté", "Asserted"),
    ("Claire Morel a fondé Aubelune en 2019.", "fondé", "Asserted"),
    ("Aubelune a été fondée par Claire Morel.", "fondée", "Asserted"),
    ("Aubelune sera rachetée par Vauban.", "rachetée", "Planned"),
    ("Aubelune aurait été rachetée par Vauban.", "rachetée", "Possible"),
    ("Vauban espère lancer Sillage en 2026.", "lancer", "Planned"),
    ("Vauban doit lancer Sillage en 2026.", "lancer", "Planned"),
]
FLOOR = 0.85


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def test_modality(nlp: Language) -> None:
    wrong = []
    for text, word, expected in CASES:
        doc = nlp(text)
        got = modality_of(doc, next(t.i for t in doc if t.text == word))
        if got != expected:
            wrong.append(f"{text} {got}")
    assert 1 - len(wrong) / len(CASES) >= FLOOR, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Paul Vidal, ancien patron de Vauban, arrive.", "patron", "Former"),
        ("Paul Vidal, ex-patron de Vauban, arrive.", "ex-patron", "Former"),
        ("Claire Morel, ancienne ministre, arrive.", "ministre", "Former"),
        ("Paul Vidal, patron de Vauban, arrive.", "patron", "Current"),
    ],
)
def test_period(nlp: Language, text: str, word: str, expected: str) -> None:
    doc = nlp(text)
    assert period_of(doc, next(t.i for t in doc if t.text == word)) == expected
