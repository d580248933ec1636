"""The values of a span whose kind is known: money, counts, shares, dates; ranges give two."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from maille.language import fold
from maille.language.tables import rows
from maille.records import Date, Money, Quantity
from maille.values.amounts import Amount, amounts
from maille.values.currencies import currencies, resolved
from maille.values.dates import Tense, parse_dates
from maille.values.numbers import same_length_fold

USUAL_CURRENCY = "EUR"
"""Of an amount whose currency neither its words nor the hint tell."""


def parse_values(
    text: str,
    label: str,
    published: dt.date | None = None,
    tense: Tense | None = None,
    currency: str = "",
) -> tuple[Date | Money | Quantity, ...]:
    """The values of a span of known kind: MONEY, DATE, QTY or PCT; two for a range, none where the words give none.

    `tense` tells whether a date without a year looks back or ahead; `currency` is the ISO 4217 code to take where the
    words name none ("12 millions") or several may be meant ("couronnes"), see `currency_near`.
    """
    if label == "MONEY":
        return parse_money(text, currency, published)
    if label == "DATE":
        return parse_dates(text, published, tense)
    return parse_quantities(text, label)


def parse_value(
    text: str,
    label: str,
    published: dt.date | None = None,
    tense: Tense | None = None,
    currency: str = "",
) -> Date | Money | Quantity | None:
    """The first value of a span of known kind, or None; see `parse_values`."""
    return next(iter(parse_values(text, label, published, tense, currency)), None)


def parse_money(text: str, currency: str = "", published: dt.date | None = None) -> tuple[Money, ...]:
    """The amounts of a span: value and ISO 4217 code; empty where there is no number."""
    folded = same_length_fold(text)
    ends = _ends(amounts(text, folded, articles=True), ("MONEY", ""))
    named = next((a.currency for a in ends if a.currency), None) or next(iter(currencies(text, folded)), None)
    code = resolved(named, folded, currency or _old_franc(published)) if named else currency or USUAL_CURRENCY
    worth = named.worth if named else 1.0
    return tuple(Money(_rounded(a.value * worth), code, text) for a in ends)


def _old_franc(published: dt.date | None) -> str:
    """Before the euro, "francs" are French ones."""
    return "FRF" if published is not None and published.year < 2002 else ""


def _rounded(value: float) -> float:
    return round(value, 6) if abs(value) < 1e9 else value


_Kinds = tuple[str, ...]


def _ends(found: list[Amount], kinds: _Kinds) -> list[Amount]:
    """The amount meant, or both of a range: the first of the right kind, else the first; lone articles come last."""
    best = next((a for a in found if a.kind in kinds and not a.number.article), None)
    best = best or next((a for a in found if not a.number.article), None) or next(iter(found), None)
    if best is None:
        return []
    i = found.index(best)
    if i and found[i - 1].whole == best.whole:  # "entre un et deux milliards"
        return found[i - 1 : i + 1]
    return found[i : i + 2] if i + 1 < len(found) and best.whole == found[i + 1].whole else [best]


@cache
def _before_unit() -> re.Pattern[str]:
    words = "|".join(sorted((fold(r[0]) for r in rows("units.tsv") if r[1] == "before"), key=len, reverse=True))
    return re.compile(rf"[\s-]*(?:d'|de |des |du )?(?:(?:{words})\s+)*")


def parse_quantities(text: str, label: str) -> tuple[Quantity, ...]:
    """The counts or shares of a span: "une vingtaine d'agences" is 20 agences, "la moitié du capital" 50 %."""
    folded = same_length_fold(text)
    found = amounts(text, folded, articles=True)
    ends = _ends(found, ("PCT",) if label == "PCT" else ("QTY", ""))
    if label == "PCT":
        return tuple(Quantity(a.value, "%", text) for a in ends)
    share = [a for a in ends if a.kind == "PCT"]
    if share:
        return tuple(Quantity(a.value, "%", text) for a in share)
    unit = ends[-1].unit if ends and ends[-1].kind == "QTY" else _unit_after(text, folded, found, ends)
    return tuple(Quantity(a.value, unit, text) for a in ends)


_WORD = re.compile(r"[^\W\d_][\w'’/-]*")


def _unit_after(text: str, folded: str, found: list[Amount], ends: list[Amount]) -> str:
    """The first word after a count that is not another number: "treize des dix-huit administrateurs"."""
    if not ends:
        return ""
    at = ends[-1].number.end
    for later in found:
        if later.start >= at and re.fullmatch(r" ?(?:des|de|sur|d'|les|de ses| )*", folded[at : later.start]):
            if later.unit:
                return later.unit
            at = later.end
    m = _before_unit().match(folded, at)
    word = _WORD.match(text, m.end() if m else at)
    return word[0] if word else ""
