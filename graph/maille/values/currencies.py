"""Which currency the words name: names, signs and codes, and what "couronnes" or a bare "12 millions" means in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from maille.language.tables import rows
from maille.values.numbers import same_length_fold


@dataclass(frozen=True, slots=True)
class NamedCurrency:
    """A currency where it is named, [start, end): ISO 4217 code, what one unit is worth of it, and the noun if it stands bare."""

    code: str
    worth: float
    start: int
    end: int
    noun: str = ""


@cache
def _names() -> tuple[re.Pattern[str], tuple[tuple[str, float, str], ...]]:
    """One pattern with a group an entry, and what each group means: code, worth, bare noun."""
    table = rows("currencies.tsv")
    meanings: list[tuple[str, float, str]] = []
    groups: list[str] = []
    for row in table:
        code, _, parts = row[0].partition("/")
        meanings.append((code, 1 / float(parts) if parts else 1.0, ""))
        groups.append(f"({row[1]})")
    for noun in dict.fromkeys(row[2] for row in table if len(row) > 2):
        meanings.append(("", 1.0, noun))
        groups.append(f"({noun})")
    codes = "|".join(sorted({row[0].lower() for row in table if "/" not in row[0]}))
    meanings.append(("", 1.0, ""))
    groups.append(f"({codes})")
    names = "|".join(groups)
    return re.compile(rf"(?:(?<![a-z])|(?=[^a-z]))(?:{names})(?:(?![a-z])|(?<=[€$£¥₹]))"), tuple(meanings)


@cache
def _candidates(noun: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The currencies that a bare noun may name, each with the marks of its country."""
    return tuple((r[0], re.compile(rf"\b(?:{r[3]})\b")) for r in rows("currencies.tsv") if len(r) > 3 and r[2] == noun)


def _named(m: re.Match[str], text: str) -> NamedCurrency | None:
    code, worth, noun = _names()[1][(m.lastindex or 1) - 1]
    if not code and not noun:
        if not text[m.start() : m.end()].isupper():
            return None
        code = m[0].upper()
    return NamedCurrency(code, worth, m.start(), m.end(), noun)


def currency_at(text: str, folded: str, start: int) -> NamedCurrency | None:
    """The currency whose name starts just there."""
    if folded[start : start + 1].isdigit():
        return None
    m = _names()[0].match(folded, start)
    return _named(m, text) if m else None


def currencies(text: str, folded: str) -> list[NamedCurrency]:
    """All names of currencies in a text, in order."""
    return [c for m in _names()[0].finditer(folded) if (c := _named(m, text)) is not None]


def resolved(currency: NamedCurrency, folded: str, hint: str = "") -> str:
    """The ISO code, of a bare noun by the hint if it fits, by the countries named in the folded text, else the usual one."""
    if not currency.noun:
        return currency.code
    return hint if hint in {code for code, _ in _candidates(currency.noun)} else _by_country(currency.noun, folded)


@lru_cache(maxsize=64)
def _by_country(noun: str, folded: str) -> str:
    candidates = _candidates(noun)
    full = {c.code for c in currencies(folded, folded) if c.code and not c.noun} & {code for code, _ in candidates}
    counts = [(code in full, len(pattern.findall(folded))) for code, pattern in candidates]
    return max(zip(counts, range(0, -len(counts), -1), (code for code, _ in candidates), strict=True))[2]


def currency_near(text: str, start: int) -> str:
    """The ISO code of the currency last named before `start` in a text, else of the first named after, else "".

    What "dont 12 millions" and "411 millions de couronnes" mean: to be given to `parse_values` as its hint.
    """
    named, folded = _of_text(text)
    before = [c for c in named if c.start < start]
    chosen = before[-1] if before else named[0] if named else None
    return resolved(chosen, folded) if chosen else ""


@lru_cache(maxsize=4)
def _of_text(text: str) -> tuple[tuple[NamedCurrency, ...], str]:
    folded = same_length_fold(text)
    return tuple(c for c in currencies(text, folded) if _counts(c, folded)), folded


_SIGN = re.compile(r"[^\w\s]")
_PRECEDED = re.compile(r"(?:\d|cents?|mille|millions?|milliards?|[mk]|md|mds|d'|de |en )\s?$")


def _counts(currency: NamedCurrency, folded: str) -> bool:
    """Whether the name stands in an amount: "livres", "marks" or "sol" may be something else."""
    return bool(
        _SIGN.match(folded, currency.end - 1) or _PRECEDED.search(folded, max(0, currency.start - 12), currency.start)
    )
