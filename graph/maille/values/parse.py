"""The values of a span whose kind is known: money, counts, shares; ranges give two."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from maille.language.tables import rows
from maille.records import Date, Money, Quantity
from maille.values.dates import parse_dates
from maille.values.numbers import Number, numbers, same_length_fold

_RANGE = re.compile(r"^\s*(?:a|et|ou|-|–|—|/|jusqu'a)\s*(?:de\s+)?$")


@cache
def _currencies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")) for code, words in rows("currencies.tsv"))


def currency(folded: str) -> tuple[str, int] | None:
    """The first currency named in a folded text and where; the more specific name wins at one place."""
    hits = [
        (m.start(), rank, code) for rank, (code, pattern) in enumerate(_currencies()) if (m := pattern.search(folded))
    ]
    if not hits:
        return None
    start, _, code = min(hits)
    return code, start


def _ranged(text: str, found: list[Number]) -> list[float]:
    """One number, or both of a range; the first of a range takes the multiplier of the second."""
    if not found:
        return []
    folded = same_length_fold(text)
    if len(found) > 1 and _RANGE.match(folded[found[0].end : found[1].start]):
        low, high = found[0], found[1]
        if high.scaled and not low.scaled and low.value < 1000:
            unit = next((u for u in (1e12, 1e9, 1e6, 1e3) if high.value >= u), 1.0)
            return [low.value * unit, high.value]
        return [low.value, high.value]
    return [found[0].value]


def parse_money(text: str) -> tuple[Money, ...]:
    """The amounts of a span: value and ISO 4217 code; empty where there is no number or no currency."""
    folded = same_length_fold(re.sub(r"(?<=\d)(?=(?:[Mk]|Mds?)\s?[€$£])", " ", text))
    spaced = re.sub(r"(?<=[a-z0-9])(?=[€$£¥])|(?<=[€$£¥])(?=[a-z0-9])", " ", folded)
    found = currency(folded) or currency(spaced)
    amounts = _ranged(spaced, numbers(spaced))
    if not amounts and found and re.match(r"(?:un |le |l'|pres d'un |plus d'un )?(?:milliard|million)", folded):
        amounts = [1e9 if "milliard" in folded else 1e6]
    return tuple(Money(value, found[0] if found else "EUR", text) for value in amounts) if found or amounts else ()


def parse_quantities(text: str, label: str) -> tuple[Quantity, ...]:
    """The counts or shares of a span: "une vingtaine d'agences" is 20 agences, "la moitié du capital" 50 %."""
    folded = same_length_fold(text)
    if label == "PCT":
        return tuple(Quantity(v, "%", text) for v in _share(folded))
    found = numbers(text)
    values = _ranged(text, found)
    if not values:
        return ()
    rest = text[found[len(values) - 1].end :]
    unit = re.sub(r"^[\s\-]*(?:de\s+|d['’]\s*|des\s+)?", "", rest).strip()
    return tuple(Quantity(v, unit, text) for v in values)


def _share(folded: str) -> list[float]:
    if "%" in folded or "pour cent" in folded or "pourcent" in folded:
        return _ranged(folded, numbers(folded.replace("pour cent", "%")))
    if "moitie" in folded:
        return [50.0]
    thirds = re.search(r"\b(un|deux|trois|une)?\s*(tiers|quarts?|cinquiemes?|dixiemes?)\b", folded)
    if thirds:
        many = {"deux": 2, "trois": 3}.get(thirds[1] or "", 1)
        unit = {"t": 100 / 3, "q": 25.0, "c": 20.0, "d": 10.0}[thirds[2][0]]
        return [round(many * unit, 1)]
    return _ranged(folded, numbers(folded))


def parse_values(text: str, label: str, published: dt.date | None) -> tuple[Date | Money | Quantity, ...]:
    """The values of a span of known kind: MONEY, DATE, QTY or PCT; two for a range, none where the words give none."""
    if label == "MONEY":
        return parse_money(text)
    if label == "DATE":
        return parse_dates(text, published)
    return parse_quantities(text, label)
