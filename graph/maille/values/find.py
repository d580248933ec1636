"""Values in running text, without a model: amounts, shares, and dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from maille.language.tables import rows
from maille.records import Date, Money, Passage, Quantity
from maille.values.numbers import numbers, same_length_fold
from maille.values.parse import parse_values


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value, the words it was read from, and its kind (MONEY, PCT, DATE)."""

    passage: Passage
    label: str
    value: Date | Money | Quantity


@cache
def _after_money() -> re.Pattern[str]:
    words = "|".join(row[1] for row in rows("currencies.tsv"))
    return re.compile(rf"\s*(?:d'|de |en )?\s*(?:{words})(?![a-z])")


@cache
def _date() -> re.Pattern[str]:
    words = rows("calendar.tsv")
    months = "|".join(sorted((w for w, k, _ in words if k == "month"), key=len, reverse=True))
    days = "|".join(w for w, k, _ in words if k == "day")
    near = "|".join(re.escape(w) for w, k, _ in words if k == "offset" and w != "veille")
    year = r"(?:1[5-9]\d\d|20\d\d)"
    turn = r"(?: (?:prochaine?|derniere?|passee?))?"
    return re.compile(
        rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}/\d{{1,2}}/\d{{4}}\b"
        rf"|\b(?:(?:{days}) )?\d{{1,2}}(?:er)?(?: (?:au|et) \d{{1,2}}(?:er)?)? (?:{months})\b(?: {year})?{turn}"
        rf"|\b(?:debut |fin |mi-)?(?:{months}) {year}\b|(?<=\ben )(?:{months})\b{turn}|\b(?:{days})\b{turn}|(?<![\w-])(?:{near})\b"
        rf"|\b(?:l'an|l'annee|le mois|la semaine) (?:dernier|derniere|prochain|prochaine|passe|passee)\b|\bcette annee\b"
        rf"|\bil y a (?:\w+[ -]){{1,3}}(?:ans?|mois|jours|semaines)\b"
        rf"|\b(?:au |a l'|du )?(?:premier|deuxieme|troisieme|quatrieme|second) (?:trimestre|semestre)(?: {year})?"
        rf"|(?<=\ben )(?:{year})\b|(?<=\bdepuis )(?:{year})\b|(?<=\bd'ici a )(?:{year})\b|(?<=\bd'ici )(?:{year})\b|(?<=\bfin )(?:{year})\b|(?<=\bdebut )(?:{year})\b"
    )


def find_values(text: str, published: dt.date | None = None) -> list[FoundValue]:
    """Amounts of money, shares and dates of a text, in order, without overlap; a range gives several values of one passage."""
    folded = same_length_fold(text)
    spans = [(m.start(), m.end(), "DATE") for m in _date().finditer(folded)]
    found = numbers(folded)
    for i, number in enumerate(found):
        start = number.start
        if i and re.fullmatch(r"\s*(?:a|et|-)\s*", folded[found[i - 1].end : start]):
            start = found[i - 1].start
        if m := re.match(r"\s?%|\s?pour cent\b", folded[number.end :]):
            spans.append((start, number.end + m.end(), "PCT"))
        elif m := _after_money().match(folded[number.end : number.end + 60]):
            spans.append((start, number.end + m.end(), "MONEY"))
        elif number.start and folded[number.start - 1] in "$€£¥":
            spans.append((start - 1, number.end, "MONEY"))
    result: list[FoundValue] = []
    reach = 0
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start < reach:
            continue
        values = parse_values(text[start:end], label, published)
        result += [FoundValue(Passage(start, end, text[start:end]), label, v) for v in values]
        reach = end if values else reach
    return result
