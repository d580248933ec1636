"""Is it French? A count of small words that few other languages share."""

from __future__ import annotations

import re

from maille.language import fold
from maille.language.tables import rows

ENOUGH_WORDS = 25
"""Shorter texts get the benefit of the doubt."""


def other_language(text: str) -> str | None:
    """The English name of the language a text is rather written in than French; None for French or too short a text."""
    words = re.findall(r"[^\W\d_]+", fold(text)[:20000])
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
