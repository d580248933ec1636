"""Is it French? A count of small words that few other languages share, and of letters that are not Latin."""

from __future__ import annotations

import re
import unicodedata

from maille.language import fold
from maille.language.tables import rows

ENOUGH_WORDS, ENOUGH_LETTERS = 25, 40
"""Shorter texts get the benefit of the doubt."""


def other_language(text: str) -> str | None:
    """The English name of the language a text is rather written in than French; None for French or too short a text.

    "unknown" where it is none of those listed either.
    """
    letters = [c for c in text[:20000] if c.isalpha()]
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if len(letters) >= ENOUGH_LETTERS and latin * 2 < len(letters):
        return "unknown"
    words = re.findall(r"[^\W\d_]+", fold(text[:20000]))
    if len(words) < ENOUGH_WORDS:
        return None
    scores = {}
    for name, listed in rows("small_words.tsv"):
        own = set(listed.split())
        scores[name] = sum(w in own for w in words) / len(words)
    best = max(sorted(scores), key=lambda n: (scores[n], n == "French"))
    if best != "French" and scores[best] > scores["French"] * 1.2:
        return best
    if scores["French"] < 0.08 and len(words) > 60:
        return "unknown"
    return None
