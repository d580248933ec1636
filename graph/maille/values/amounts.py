"""Numbers with what they count: money, shares and quantities where they stand in a text; ranges share their unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from maille.language import fold
from maille.language.tables import rows
from maille.values.currencies import NamedCurrency, currency_at
from maille.values.numbers import SIGNS, Number, scan

RANGE = re.compile(r" ?(?:a|et|ou|-|/|jusqu'a) ?(?:de |d'|les )?")
_PCT = re.compile(r" ?%| ?pour[ -]cents?\b")
_LINK = re.compile(r" ?-?(?:d'|de |en )? ?")
_PREFIX = re.compile(rf"(?:([a-z]{{0,3}}\$|[{SIGNS}])|\b([a-z]{{3}})) ?-?$")
_APPROXIMATE = re.compile(
    r"\b(?:environ|quelque|pres d[e']|plus d[e']|moins d[e']|autour d[e']|presque|a peu pres|au moins|au plus|jusqu'a|de l'ordre de"
    r"|approximativement|avoisinant|frolant|ou presque|vers|a peine|quasiment)(?: (?:les|des|de|la|le|une?))? ?$"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit in [start, end): `kind` MONEY, PCT, QTY, or "" for a bare number.

    `whole` is where the range it belongs to starts and ends, else its own place.
    """

    kind: str
    value: float
    start: int
    end: int
    number: Number
    currency: NamedCurrency | None = None
    unit: str = ""
    approximate: bool = False
    whole: tuple[int, int] = (0, 0)


def amounts(text: str, folded: str, articles: bool = False) -> list[Amount]:
    """All numbers of a text with their units, in order, without overlap."""
    found: list[Amount] = []
    reach = 0
    for number in scan(text, folded, articles):
        if number.start >= reach:
            amount = _read(number, text, folded)
            found.append(amount)
            reach = amount.end
    return _ranged(found, folded)


def _read(number: Number, text: str, folded: str) -> Amount:
    sign = _minus(folded, number.start)
    start = number.start - (sign < 0)
    base = Amount(
        "", number.value * sign, start, number.end, number, approximate=number.approximate, whole=(start, number.end)
    )
    for kind in (_share, _money, _count):
        if (amount := kind(base, text, folded)) is not None:
            about = number.approximate or bool(_APPROXIMATE.search(folded, max(0, start - 30), start))
            return replace(amount, whole=(amount.start, amount.end), approximate=about)
    return base


def _minus(folded: str, start: int) -> int:
    """-1 where a minus sign stands before a figure and after a blank or a bracket."""
    if start and folded[start - 1] == "-" and folded[start].isdigit() and (start == 1 or folded[start - 2] in " (\n\t"):
        return -1
    return 1


def _share(base: Amount, text: str, folded: str) -> Amount | None:
    if m := _PCT.match(folded, base.end):
        return replace(base, kind="PCT", end=m.end(), unit="%")
    if base.number.share:
        return replace(base, kind="PCT", value=round(100 * base.value, 1), unit="%")
    return None


def _money(base: Amount, text: str, folded: str) -> Amount | None:
    link = _LINK.match(folded, base.end)
    after = link.end() if link else base.end
    named = currency_at(text, folded, after)
    if named and not (named.worth < 1 and base.number.scaled) and text[named.end - 1].lower() != "é":  # "livré"
        return replace(base, kind="MONEY", end=named.end, currency=named)
    left = text[max(0, base.start - 5) : base.start].rstrip(" \u00a0\u202f-")[-1:]
    if not (left.isupper() or left in SIGNS):
        return None
    if m := _PREFIX.search(folded, max(0, base.start - 5), base.start):
        start = m.start(1) if m[1] else m.start(2)
        if (named := currency_at(text, folded, start)) and named.end == (m.end(1) if m[1] else m.end(2)):
            return replace(base, kind="MONEY", start=start, currency=named)
    return None


_AGENT = re.compile(" (?:par|en cash|en numeraire) ")


@cache
def _unit_words(kind: str) -> frozenset[str]:
    return frozenset(fold(row[0]) for row in rows("units.tsv") if row[1] == kind)


@cache
def _unit() -> re.Pattern[str]:
    before = "|".join(sorted(_unit_words("before"), key=len, reverse=True))
    compounds = "|".join(sorted((re.escape(w) for w in _unit_words("compound")), key=len, reverse=True))
    return re.compile(
        rf"(?P<link> d'| de | des | )(?:(?:{before}) ){{0,3}}(?P<head>(?:{compounds})(?![a-z\d])|[^\W\d_]+(?:['-][^\W\d_]+){{0,4}}(?:/[a-z]+|²|\d(?!\d))?)"
    )


def _count(base: Amount, text: str, folded: str) -> Amount | None:
    m = _unit().match(folded, base.end)
    if m is None:
        return None
    head = m["head"]
    if not _is_unit(head, m["link"], base.number, text[m.start("head")]):
        return None
    if _AGENT.match(folded, m.end("head")) and head.endswith(("es", "is", "us")):
        return None  # "dont 75 apportés par l'État"
    if base.number.scale >= 1e6 and head in _unit_words("money"):
        return None
    return replace(base, kind="QTY", end=m.end("head"), unit=text[m.start("head") : m.end("head")])


def _is_unit(head: str, link: str, number: Number, initial: str) -> bool:
    """Whether a word after a number is what it counts: a plural, or a unit that has no plural sign."""
    if head in _unit_words("never") or len(head) < 2:
        return False
    if head in _unit_words("unit") or head in _unit_words("compound") or head in _unit_words("duration"):
        return True
    if number.article or len(head) < 3:
        return False
    if link == " " and number.scale >= 1e6:  # "20 milliards promis"
        return False
    if link in (" d'", " de ", " des "):
        return (number.scaled or number.approximate) and head[-1] in "sxz"
    return head.split("-")[0][-1] in "sxz" or (head[-1] in "sxz")


def _ranged(found: list[Amount], folded: str) -> list[Amount]:
    """The ends of a range share unit, multiplier and place: "40 à 50 millions d'euros" is two amounts of money."""
    result = list(found)
    for i in range(len(result) - 2, -1, -1):
        low, high = result[i], result[i + 1]
        gap = folded[low.end : high.start]
        if len(gap) > 15 or not high.kind or not RANGE.fullmatch(gap):
            continue
        if low.kind and (low.kind != high.kind or (low.kind == "QTY" and low.unit != high.unit)):
            continue
        bare = not low.kind
        if bare and " et " in gap and not _between(folded, low.start):
            continue
        if not bare and not _between(folded, low.start) and not re.match(" ?(?:a|-|jusqu'a) ", gap):
            continue
        value = low.value
        if bare and high.number.scaled and not low.number.scaled and 0 < abs(value) < 1000:
            value *= high.number.scale
        whole = (low.start, high.whole[1])
        result[i] = replace(
            low,
            kind=high.kind,
            value=value,
            currency=low.currency or high.currency,
            unit=low.unit or high.unit,
            whole=whole,
        )
        result[i + 1] = replace(high, whole=whole)
    return result


def _between(folded: str, start: int) -> bool:
    return folded.endswith("entre ", max(0, start - 8), start)
