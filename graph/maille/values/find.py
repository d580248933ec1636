"""Values in running text, without a model: amounts of money, counts, shares and dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import cache

from maille.language import fold
from maille.language.tables import rows
from maille.records import Date, Money, Passage, Quantity
from maille.values.amounts import Amount, amounts
from maille.values.currencies import NamedCurrency, currency_near, resolved
from maille.values.dates import FoundDate, Tense, scan_dates
from maille.values.numbers import same_length_fold


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value, the words it was read from, and its kind (MONEY, PCT, QTY, DATE).

    `approximate` tells of "environ", "près de", "une vingtaine"; `inferred` that its currency stands elsewhere in the text.
    """

    passage: Passage
    label: str
    value: Date | Money | Quantity
    approximate: bool = False
    inferred: bool = False


def find_values(text: str, published: dt.date | None = None, tense: Tense | None = None) -> list[FoundValue]:
    """Amounts of money, counts, shares and dates of a text, in order, without overlap; a range gives a find an end.

    Relative dates need `published`. `tense` is the hint of `parse_values`, for all dates of the text.
    """
    folded = same_length_fold(text)
    dates = [d for d in scan_dates(folded, published, tense) if _is_date(d, text, folded)]
    counted = amounts(text, folded)
    finds = [_dated(d, text) for d in dates]
    counted = _elliptic(_bare_money(counted, text, folded), folded)
    finds += [f for a in counted if (f := _counted(a, text, folded, published)) is not None]
    return _apart(finds)


_RANK = {"MONEY": 3, "PCT": 3, "DATE": 2, "QTY": 1}


def _apart(finds: list[FoundValue]) -> list[FoundValue]:
    """In order and without overlap: of two that overlap money and shares go before dates, dates before counts, longer before shorter."""
    kept: list[FoundValue] = []
    for find in sorted(finds, key=lambda f: (f.passage.start, -f.passage.end, f.label)):
        if kept and find.passage.start < kept[-1].passage.end:
            if _weight(find) <= _weight(kept[-1]):
                continue
            kept.pop()
        kept.append(find)
    return kept


def _weight(find: FoundValue) -> tuple[int, int]:
    return _RANK[find.label], find.passage.end - find.passage.start


def _dated(found: FoundDate, text: str) -> FoundValue:
    words = text[found.start : found.end]
    return FoundValue(Passage(found.start, found.end, words), "DATE", Date(found.iso, words), found.approximate)


def _counted(amount: Amount, text: str, folded: str, published: dt.date | None) -> FoundValue | None:
    """What an amount found in running text is, if it is a value at all."""
    words, whole = text[amount.start : amount.end], text[slice(*amount.whole)]
    passage = Passage(amount.start, amount.end, words)
    if amount.kind == "PCT":
        if amount.number.share and not _is_share(amount, folded):
            return None
        return FoundValue(passage, "PCT", Quantity(amount.value, "%", whole), amount.approximate)
    if amount.kind == "MONEY" and amount.currency is not None and not _are_books(amount, text):
        hint = currency_near(text, amount.start) if amount.currency.noun else ""
        code = resolved(amount.currency, folded, hint)
        money = Money(round(amount.value * amount.currency.worth, 6), code, whole)
        return FoundValue(passage, "MONEY", money, amount.approximate, inferred=amount.currency.start < 0)
    if amount.kind in ("QTY", "MONEY") and _is_count(amount, folded):
        unit = amount.unit or (words[amount.number.end - amount.start :].split() or [""])[-1]
        return FoundValue(passage, "QTY", Quantity(amount.value, unit, whole), amount.approximate)
    return None


def _bare_money(found: list[Amount], text: str, folded: str) -> list[Amount]:
    """Bare millions made amounts of the currency named near: "dont 12 millions"."""
    result = []
    for amount in found:
        if (
            not amount.kind
            and amount.number.scale >= 1e6
            and _stands_bare(amount, folded)
            and (code := currency_near(text, amount.start))
        ):
            amount = replace(amount, kind="MONEY", currency=NamedCurrency(code, 1.0, -1, -1))
        result.append(amount)
    return result


_ELLIPSIS = re.compile(
    r"\b(?:dont|contre|apres|sur|soit)(?: (?:plus de|moins de|pres de|quelque|environ|les|encore))? $"
)
_OTHERS = re.compile(r" autres\b")
_STOP = re.compile(r"[.!?;:\n]")


def _elliptic(found: list[Amount], folded: str) -> list[Amount]:
    """A bare number after "dont", "contre" or "sur" counts what the amount before counts: "9 000 emplois, dont 500 au siège"."""
    result: list[Amount] = []
    for amount in found:
        if result and not amount.kind and (cue := _ellipsis(result[-1], amount, folded)):
            amount = _like(result[-1], amount, shared=cue.startswith(("contre", "apres", "dont")))
        result.append(amount)
    return result


def _ellipsis(last: Amount, amount: Amount, folded: str) -> str:
    """The words that tell that a bare number counts what the amount before it does, else ""."""
    if not last.kind or amount.start - last.end > 120 or amount.number.scale >= 1e6 > last.number.scale:
        return ""
    if last.kind == "QTY" and fold(last.unit) in _durations():
        return ""
    if last.kind == "QTY" and (others := _OTHERS.match(folded, amount.end)):
        return others[0]
    cue = _ELLIPSIS.search(folded, max(0, amount.start - 22), amount.start)
    return cue[0] if cue and not _STOP.search(folded, last.end, amount.start) else ""


def _like(last: Amount, amount: Amount, shared: bool) -> Amount:
    """A bare number as an amount like the one before, of its millions too: "7,8 milliards, contre 10,4"."""
    shared = shared and last.kind == "MONEY" and amount.number.scale == 1 and abs(amount.value) < 1000
    value = amount.value * (last.number.scale if shared else 1)
    return replace(amount, kind=last.kind, value=value, currency=last.currency, unit=last.unit)


_NOT_SHARES = re.compile(
    r"-| (?:de (?:finale|tour|cercle|siecle|page|brie|soupir|litre)|d'(?:heure|siecle)|temps|monde|moins|plus|vid|vendu)"
)
_OF_WHAT = re.compile(r" (?:de |du |des |d')")


def _is_share(amount: Amount, folded: str) -> bool:
    """Whether a fraction is a share of something: no ordinal, no quarter-final, no third party."""
    words, before = folded[amount.start : amount.end], folded[max(0, amount.start - 8) : amount.start]
    if words.startswith(("tiers", "quart")) or before.endswith(" a ") or _NOT_SHARES.match(folded, amount.end):
        return False
    if "eme" in words and not (words.endswith("s") or _OF_WHAT.match(folded, amount.end)):
        return False
    return not (words == "moitie" and before.endswith("autre "))


def _are_books(amount: Amount, text: str) -> bool:
    """A few "livres" are books unless the text speaks of pounds elsewhere."""
    currency = amount.currency
    if currency is None or not currency.noun.startswith("livre") or amount.number.scaled:
        return False
    return not re.search(r"sterling|£|\bGBP\b", text)


@cache
def _durations() -> frozenset[str]:
    return frozenset(fold(row[0]) for row in rows("units.tsv") if row[1] == "duration")


_SPAN = re.compile(r"\b(?:en|apres|sur|avant|dans|depuis|pendant|durant|voila|il y a|d'ici|d'ici a|tous les) ?$")
_SPAN_ON = re.compile(r" (?:plus (?:tard|tot)|apres|auparavant|avant|durant|de retard|que|qu')\b")
_SAME_AGAIN = re.compile(r"\b(?:les|ces|aux|l'un des|l'une des) $")


def _is_count(amount: Amount, folded: str) -> bool:
    """Spans of time are no counts, ages are; "les deux hommes" counts nobody anew."""
    head, before = fold(amount.unit), folded[max(0, amount.start - 12) : amount.start]
    if head in _durations():
        return head == "ans" and not _SPAN.search(before) and not _SPAN_ON.match(folded, amount.end)
    small = amount.value <= 12 and folded[amount.start].isalpha()
    return not (small and _SAME_AGAIN.search(before))


@cache
def _counted_noun() -> re.Pattern[str]:
    money = "|".join(sorted((fold(row[0]) for row in rows("units.tsv") if row[1] == "money"), key=len, reverse=True))
    return re.compile(rf" ?(?:d'|de |des )(?!ici|plus\b|moins\b|\d|(?:{money})\b)")


def _stands_bare(amount: Amount, folded: str) -> bool:
    """A bare "12 millions" of nothing, or of a noun like "revenus", is money where the text names a currency."""
    return _counted_noun().match(folded, amount.end) is None


_TEMPORAL = re.compile(
    r"\b(?:en|depuis|des|debut|fin|mi-|courant|d'ici|d'ici a|avant|apres|vers|jusqu'en|jusqu'a|horizon|de|a|et|annee|l'an|l'annee"
    r"|pour|sur|entre|par|exercice|saison|dans|millesime|au|contre|qu'en|automne|printemps|ete|hiver|rentree|edition) ?$"
)
_NOUN_AFTER = re.compile(r" (?:d'|de )?([a-z]+)")


_WEEKDAYS = frozenset(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"))
_HABITUAL = re.compile(r"\b(?:du|le|les|chaque|un) $")
""" "le dimanche", "chaque lundi": no day of a date."""


def _is_date(found: FoundDate, text: str, folded: str) -> bool:
    """Whether words that may be a date are one in running text: "été" the season, "mars" the month, 2000 the year."""
    words = folded[found.start : found.end]
    before = folded[max(0, found.start - 12) : found.start]
    if re.search(r"\bannees? $", before) and len(found.iso) == 4 and words.endswith("0"):
        return False
    if words.isdigit():
        return _is_year(found, words, before, folded)
    if words.startswith(("ete", "printemps", "automne", "hiver", "rentree", "noel")):
        return _is_season(words, before)
    if words.isalpha() and len(found.iso) == 7:
        return text[found.start].islower()
    return not (words in _WEEKDAYS and _HABITUAL.search(before))


def _is_year(found: FoundDate, words: str, before: str, folded: str) -> bool:
    if _TEMPORAL.search(before):
        m = _NOUN_AFTER.match(folded, found.end)
        strong = re.search(
            r"\b(?:en|depuis|debut|fin|mi-|d'ici a|d'ici|courant|jusqu'en|qu'en|horizon|annee|l'an) ?$", before
        )
        return bool(strong) or not (m and m[1][-1] in "sx" and len(m[1]) > 4)
    if int(words) < 1800 or int(words) > 2100:
        return False
    m = _NOUN_AFTER.match(folded, found.end)
    return not (m and m[1][-1] in "sx" and len(m[1]) > 4)


def _is_season(words: str, before: str) -> bool:
    """ "à l'été", "cet hiver", "été 2025": the season of a year, not "a été" nor "un soir d'été"."""
    if re.search(r"\d|dernier|prochain|passe|suivant|precedent", words):
        return not words.startswith("ete") or not before.endswith(("a ", "ont ", "avait ", "avaient ", "ai ", "aura "))
    return _SEASONAL[words[:4] if words[:4] in _SEASONAL else ""].search(before) is not None


_SEASONAL = {
    "noel": re.compile(r"\b(?:a|avant|pour|apres|d'ici(?: a)?|des|jusqu'a) $"),
    "rent": re.compile(r"\b(?:a la|cette|des la|avant la|pour la|d'ici la) $"),
    "": re.compile(
        r"\b(?:cet|ce|(?:a|depuis|avant|apres|pour|d'ici(?: a)?|des|jusqu'a) l'|au|(?:depuis|avant|apres|pour|d'ici|des) le) ?$"
    ),
}
