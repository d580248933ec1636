"""Sentences in the marks of the training pieces, as text and arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maille.extract.arguments import Argument
from maille.records import EntityRef, Text

if TYPE_CHECKING:
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
