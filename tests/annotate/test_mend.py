"""Names cut wrongly are mended: titles off persons, partners' firms whole, common nouns out."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Span

from maille.annotate.mend import mended


@pytest.mark.parametrize(
    ("words", "marks", "expected"),
    [
        (["M.", "Wang", "part"], [(0, 1, "PER"), (1, 2, "PER")], ["Wang"]),
        (["Mme", "Wang", "part"], [(0, 2, "PER")], ["Wang"]),
        (["M.", "Night", "Shyamalan"], [(0, 3, "PER")], ["M. Night Shyamalan"]),
        (["Clayton", ",", "Dubilier", "&", "Rice"], [(0, 1, "ORG"), (2, 5, "ORG")], ["Clayton , Dubilier & Rice"]),
        (["Orange", ",", "Dubilier", "&", "Rice"], [(0, 1, "LOC"), (2, 5, "ORG")], ["Orange", "Dubilier & Rice"]),
        (["Orange", ",", "Iliad", "et", "SFR"], [(0, 1, "ORG"), (2, 3, "ORG")], ["Orange", "Iliad"]),
        (["Championnats", "de", "Russie", "de", "patinage"], [(0, 4, "EVENT")], ["Championnats de Russie"]),
        (["Le", "Monde", "de", "demain"], [(1, 2, "PROD")], ["Monde"]),
        (["son", "IA", "et", "IA", "Bio"], [(1, 2, "PROD"), (3, 5, "ORG")], ["IA Bio"]),
        (["Le", "maire", ",", "Luc", "Wang"], [(0, 2, "REF"), (3, 5, "PER")], ["maire", "Luc Wang"]),
        (["Luc", "Wang", ",", "le", "maire"], [(0, 2, "PER"), (3, 5, "REF")], ["Luc Wang", "maire"]),
        (["Le", "maire", "voit", "Luc"], [(0, 2, "REF"), (3, 4, "PER")], ["Le maire", "Luc"]),
        (["Cette", "étape", "ravit", "cette", "firme"], [(0, 1, "REF"), (3, 5, "REF")], ["cette firme"]),
        (["Me", ",", "Wang"], [(0, 1, "PER"), (2, 3, "PER")], ["Wang"]),
    ],
)
def test_names_are_mended(words: list[str], marks: list[tuple[int, int, str]], expected: list[str]) -> None:
    doc = spacy.tokens.Doc(spacy.blank("fr").vocab, words=words)
    spans = [Span(doc, s, e, label=label) for s, e, label in marks]
    for span in spans:
        span.id_ = "0.900"
    result = mended(doc, spans)
    assert [s.text for s in result] == expected
    assert all(s.id_ == "0.900" for s in result)
