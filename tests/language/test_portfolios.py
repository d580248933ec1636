"""What ministers are in charge of belongs to their title and is no organization."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Span

from maille.annotate.mend import mended
from maille.annotate.tokenizer import blank
from maille.language import is_minister, portfolio_end


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("ministre", True),
        ("Premier ministre", True),
        ("ministre délégué", True),
        ("secrétaire d’État", True),
        ("secrétaire général", False),
        ("directeur", False),
    ],
)
def test_who_is_a_minister(title: str, expected: bool) -> None:
    assert is_minister(title) is expected


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("de l'Intérieur Bernard Cazeneuve", "de l'Intérieur"),
        ("de l’Économie et des Finances , Léa", "de l’Économie et des Finances"),
        ("délégué chargé du Budget auprès", "délégué chargé du Budget"),
        ("des Affaires étrangères et Paul", "des Affaires étrangères"),
        ("du Togo", ""),
        ("de l'intérieur du pays", ""),
        ("", ""),
    ],
)
def test_where_a_portfolio_ends(text: str, taken: str) -> None:
    doc = blank()(text)
    end = portfolio_end([t.text for t in doc], 0)
    assert doc[:end].text == taken


def test_a_portfolio_is_no_organization() -> None:
    doc = spacy.tokens.Doc(blank().vocab, words=["ministre", "de", "l'", "Intérieur", "à", "Paris"])
    spans = [Span(doc, 0, 1, label="JOB"), Span(doc, 3, 4, label="ORG"), Span(doc, 5, 6, label="LOC")]
    assert [s.text for s in mended(doc, spans)] == ["ministre", "Paris"]


def test_a_secretary_has_a_portfolio_too() -> None:
    doc = spacy.tokens.Doc(blank().vocab, words=["le", "secrétaire", "au", "Trésor", "de", "Renault"])
    spans = [Span(doc, 0, 2, label="REF"), Span(doc, 3, 4, label="ORG"), Span(doc, 5, 6, label="ORG")]
    assert [s.text for s in mended(doc, spans)] == ["le secrétaire", "Renault"]
