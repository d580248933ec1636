"""Reading the data files: UTF-8, one entry a line, tab-separated, `#` opens a comment line."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import resources


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The entries of a data file of this package as tuples of cells."""
    text = (resources.files("maille.language") / name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines)


@cache
def name_words(kind: str) -> frozenset[str]:
    """Words of name_words.tsv: particles of family names ("particle"), small words that no name ends in ("small"), abbreviations
    that name nothing ("common"), determiners that describe nobody by themselves ("demonstrative")."""
    return frozenset(word for word, own in rows("name_words.tsv") if own == kind)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents, with plain apostrophes and hyphens: "Émirati" -> "emirati"."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN).lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


_PLAIN = str.maketrans(
    {
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "œ": "oe",
        "Œ": "Oe",
    }
)
