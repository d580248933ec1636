"""Which names are variants of one name; two named entities are never merged on a guess."""

from __future__ import annotations

import re
from functools import cache

from maille.language import fold
from maille.language.tables import rows

_ARTICLE = re.compile(r"^(?:l'|d'|la |le |les |the )")
_PARTICLES = frozenset({"de", "du", "des", "da", "di", "von", "van", "der", "den", "la", "le", "el", "al", "ben", "bin", "d", "l"})
_SMALL = frozenset({"de", "du", "des", "la", "le", "les", "et", "pour", "of", "and", "the", "for", "a", "au", "aux", "en", "d", "l", "sur", "dans"})


@cache
def _tails() -> frozenset[str]:
    return frozenset(fold(row[0]) for row in rows("company_tails.tsv"))


def tokens(name: str) -> tuple[str, ...]:
    """A name's words for comparison: folded, without its article, hyphens as spaces."""
    text = _ARTICLE.sub("", fold(name).strip())
    return tuple(w for w in re.findall(r"[\w&.+]+", text.replace("-", " ").replace("'", " ")) if w.strip("."))


def is_acronym(name: str) -> bool:
    """Whether a name looks like an acronym: two to seven letters, hardly any small ones."""
    letters = [c for c in name if c.isalnum()]
    return 2 <= len(letters) <= 7 and " " not in name and sum(c.isupper() or c.isdigit() for c in letters) >= len(letters) - 1


def initials_of(short: str, long: str) -> bool:
    """Whether `short` abbreviates `long` by the initials of its words, small words counted or not: BAD, CGT, UE."""
    if not is_acronym(short):
        return False
    words = tokens(long)
    if len(words) < 2:
        return False
    want = fold(short).replace(".", "").replace("&", "")
    full = "".join(w[0] for w in words if w != "&")
    strong = "".join(w[0] for w in words if w not in _SMALL and w != "&")
    return want in (full, strong)


def introduced(short: str, long: str, between: str) -> bool:
    """Whether `long (short` stands in the text and the letters of `short` run through `long` in order."""
    if between.strip() not in ("(", "ou", ", ou", "(ex-", ", dit", "/") or not is_acronym(short):
        return False
    rest = iter(fold(long))
    return all(any(c == x for x in rest) for c in fold(short) if c.isalnum()) and fold(short)[:1] == fold(_ARTICLE.sub("", fold(long)))[:1]


def same_person(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two full names of persons agree: equal, one with a middle name more, or a first name cut to its initial."""
    if a == b:
        return True
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-1]:
        return False
    first_a, first_b = a[0].strip("."), b[0].strip(".")
    if first_a == first_b:
        return set(a) <= set(b) or set(b) <= set(a)
    return min(len(first_a), len(first_b)) == 1 and first_a[0] == first_b[0]


def surname(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether `short` is the family name of `full`, particle included or not."""
    if not short or len(full) <= len(short) or full[-len(short):] != short:
        return False
    return len(short) == 1 or short[0] in _PARTICLES or len(full) - len(short) >= 1


def same_organization(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two organization names differ only by words such as "groupe", "SA", "AI", "Technologies"."""
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if not short or len(short) == len(long):
        return "".join(a) == "".join(b)
    if long[: len(short)] == short:
        rest = long[len(short):]
    elif long[-len(short):] == short:
        rest = long[: -len(short)]
    else:
        return "".join(a) == "".join(b)
    return all(w.strip(".") in _tails() for w in rest)
