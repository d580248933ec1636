"""French dates, resolved against the publication date and no more precise than the words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from maille.language import fold
from maille.language.tables import rows
from maille.records import Date
from maille.values.numbers import numbers, same_length_fold

Tense = Literal["past", "future"]

AHEAD = 120
"""Days after publication up to which a day or month without a year or a hint lies ahead; beyond, it is last year's.

Of 223 such dates in press pieces whose clause has a cue of past or future, 85 in 100 of those within this reach lie
ahead, 29 in 100 of those beyond it.
"""
SEASON_AHEAD = 180
"""The same for seasons ("au printemps", written in December)."""

_LAST = r"dernier|derniere|passe|passee|precedent|precedente|ecoule|ecoulee|recent"
_NEXT = r"prochain|prochaine|a venir|suivant|suivante"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date where it stands, [start, end), `iso` as precise as the words."""

    start: int
    end: int
    iso: str
    approximate: bool = False


@cache
def _calendar(*kinds: str) -> dict[str, int]:
    return {word: int(value) for word, kind, value in rows("calendar.tsv") if kind in kinds}


def _month_number(word: str) -> int:
    return _calendar("month", "short")[word.rstrip(".")]


def _any(kind: str) -> str:
    return "|".join(re.escape(w) for w in sorted(_calendar(kind), key=len, reverse=True))


def _count() -> str:
    """A number in figures or words, as it stands before "ans" or "mois"."""
    words = "|".join(
        sorted(
            (fold(w) for w, kind, _ in rows("numbers.tsv") if kind in ("unit", "cent", "mille")), key=len, reverse=True
        )
    )
    return rf"\d{{1,3}}|(?:{words})(?:(?:-| |-et-| et )(?:{words})){{0,5}}"


@cache
def _pattern() -> re.Pattern[str]:
    """One pattern of all ways to write a date, over folded text; `resolve` reads its groups."""
    full, day, year = rf"(?:{_any('month')})\b", _any("day"), r"(?:1\d{3}|20\d\d)(?![\d%])(?! %)"
    month = rf"{full}|(?:{_any('short')})\b\.?"
    turn = rf"{_LAST}|{_NEXT}"
    parts = r"(?:debut|fin|mi|courant|milieu)(?:-| (?:de |du mois de |du mois d'|d')?)"
    number = r"\d{1,2}(?!\d)(?:er)?|premier"
    when = r"(?: (?:(?:au|dans la|en|dans l') ?)?(?:matinee|matin|soiree|soir|apres-midi|midi|nuit|minuit)\b)"
    only = rf"{full}|(?:{_any('short')})\b\.?(?= {year})"
    joined = r" ?(?:au|et|a|-|ou)(?: le)? ?"
    part = rf"(?P<ordinal>{_any('ordinal')}) (?P<part>trimestre|semestre)|(?P<running>ce (?:trimestre|semestre))"
    part += rf"|(?P<letter>[ts][1-4])(?= (?:20|19)\d\d)|(?P<season>{_any('season')})"
    this_year = r"cette annee|annee$|(?:l')?annee en cours|(?:fin|debut) (?:de l'|d')annee"
    this_month = (
        rf"ce mois-ci|ce mois(?=\b(?! d))|(?:fin|debut) du mois(?! d)|(?:le )?mois (?P<mturn>{_LAST}|prochain|en cours)"
    )
    count = rf"(?:deja |tout juste |exactement )?(?P<count>{_count()}) (?P<unit>ans?|annees?|mois|semaines?|jours?)"
    forms = (
        r"(?P<iso>\d{4}-\d\d-\d\d)(?!\d)",
        r"(?P<sday>\d{1,2})(?P<sep>[/.])(?P<smonth>\d{1,2})(?P=sep)(?P<syear>\d{4})(?!\d)",
        _span(
            rf"(?:(?:{day}) )?(?P<from>{number})(?: (?P<frommonth>{month}))?{joined}(?:(?:{day}) )?",
            number,
            month,
            year,
        ),
        rf"(?:(?P<weekday>{day}),? (?:le )?)?(?P<day>{number}) (?P<month>{month})(?: (?P<year>{year}))?(?: (?P<turn>{turn})\b)?",
        rf"(?P<onlyday>{day})(?: (?P<dayturn>{turn})\b)?{when}?\b",
        rf"(?:{parts})?(?:mois d[e'] ?)?(?P<onlymonth>{only})(?: (?:de )?(?P<monthyear>{year}))?(?: (?P<monthturn>{turn})\b)?",
        rf"(?:{parts})?(?:{part})\b(?: (?:de |d')?(?:l'exercice )?(?P<partyear>{year}))?(?: (?P<partturn>{turn})\b)?",
        rf"(?P<near>{_any('offset')})\b(?: ?(?:matin|soir|midi))?",
        r"(?P<today0>ce (?:matin|soir|midi|jour)(?! de)|cet apres-midi|cette nuit)(?! meme| la)\b",
        rf"(?:(?:debut|fin|courant|milieu)(?: de)? )?(?P<thisyear>{this_year}|(?:l')?an(?:nee)? (?P<yearturn>{turn}))\b",
        rf"(?P<thismonth>{this_month})\b",
        rf"(?P<week>(?:cette (?=semaine)|ce (?=week)|la |le )?(?:semaine|week-?end)(?: (?P<wturn>{turn}))?)(?![\w-])",
        rf"(?P<ago>il y a|voila|voici|dans|d'ici(?: a)?) {count}\b",
        rf"(?:{parts})?(?P<onlyyear>{year})(?![.,]\d| ?[€$£%])",
    )
    return re.compile(rf"(?<![\w])(?<!\d[.,'/])(?:{'|'.join(forms)})(?![\w]|-la\b)")


def _span(opening: str, number: str, month: str, year: str) -> str:
    """ "du 4 au 6 juin 2025"."""
    return rf"{opening}(?P<today>{number}) (?P<tomonth>{month})(?: (?P<toyear>{year}))?"


_NO_DATE = re.compile(r"\bannees? (?:\d{4}|\d0|[a-z]+ante|vingt)\b|\bsiecles?\b|\bmillenaire\b")
_ABOUT = re.compile(r"\b(?:vers|environ|autour de|aux alentours de|courant|circa)(?: l[ea]s?)? ?$")


def parse_dates(text: str, published: dt.date | None = None, tense: Tense | None = None) -> tuple[Date, ...]:
    """The date a span names, both ends of a range; empty where it names none or needs an unknown publication date.

    A day or month without a year is the last one, unless it lies a few months ahead or `tense` or the words say otherwise;
    quarters and seasons become their year.
    """
    folded = " ".join(same_length_fold(text).split())
    if _NO_DATE.search(folded):
        return ()
    found = scan_dates(folded, published, tense)
    if len(found) > 1 and not _JOINED.fullmatch(folded[found[0].end : found[1].start]):
        found = found[:1]
    return tuple(Date(f.iso, text) for f in found[:2])


_JOINED = re.compile(r" ?(?:et|a|au|ou|-|jusqu'a|jusqu'en|jusqu'au) ?(?:le |la |l'|en |de |d')?")


def scan_dates(folded: str, published: dt.date | None, tense: Tense | None = None) -> list[FoundDate]:
    """All dates of a folded text that can be told, in order; a range of days is two finds."""
    found: list[FoundDate] = []
    matches = list(_pattern().finditer(folded))
    years = _shared_years(matches, folded)
    for m, year in zip(matches, years, strict=True):
        about = bool(_ABOUT.search(folded, max(0, m.start() - 20), m.start())) or m[0].startswith("courant")
        spans = _resolve(m, _Anchor(published, tense, _before(m, folded)), year)
        found += [FoundDate(start, end, iso, about) for start, end, iso in spans]
    return found


def _before(m: re.Match[str], folded: str) -> str:
    return folded[max(0, m.start() - 8) : m.start()]


def _shared_years(matches: list[re.Match[str]], folded: str) -> list[int]:
    """The year that a date without one takes from the next, to which "à" or "et" joins it; else 0."""
    years = [0] * len(matches)
    for i in range(len(matches) - 2, -1, -1):
        now, then = matches[i], matches[i + 1]
        own = now["month"] or now["onlymonth"]
        following = then["year"] or then["monthyear"] or (str(years[i + 1]) if years[i + 1] else "")
        if not own or now["year"] or now["monthyear"] or not following:
            continue
        if len(folded[now.end() : then.start()]) < 14 and _JOINED.fullmatch(folded[now.end() : then.start()]):
            later = _month_number(own) > _month_number(then["month"] or then["onlymonth"])
            years[i] = int(following) - later
    return years


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a date without a year is told by."""

    published: dt.date | None
    tense: Tense | None
    before: str


_Spans = list[tuple[int, int, str]]


def _resolve(m: re.Match[str], anchor: _Anchor, year: int) -> _Spans:
    """The passages of a match with their ISO dates."""
    if m["today"]:
        return _days(m, anchor)
    for group, rule in _RULES.items():
        if m[group]:
            iso = rule(m, anchor, year)
            return [(m.start(), m.end(), iso)] if iso else []
    return []


def _day(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _number(word: str) -> int:
    return 1 if word == "premier" else int(word.removesuffix("er"))


def _days(m: re.Match[str], anchor: _Anchor) -> _Spans:
    """Both ends of "du 4 au 6 juin 2025"."""
    last = _month_number(m["tomonth"])
    first = _month_number(m["frommonth"]) if m["frommonth"] else last
    begin, end = _number(m["from"]), _number(m["today"])
    year = int(m["toyear"]) if m["toyear"] else _year_of(last, end, "", anchor)
    if not year:
        return []
    ends = [
        (m.start(), m.end("frommonth") if m["frommonth"] else m.end("from"), _day(year - (first > last), first, begin))
    ]
    ends.append((m.start("today"), m.end(), _day(year, last, end)))
    return [e for e in ends if e[2]]


def _is_last(turn: str | None) -> bool:
    return bool(turn) and re.fullmatch(_LAST, turn or "") is not None


def _is_next(turn: str | None) -> bool:
    return bool(turn) and re.fullmatch(_NEXT, turn or "") is not None


def _year_of(month: int, day: int, turn: str, anchor: _Anchor, weekday: int | None = None) -> int:
    """The year of a day and month without one; 0 where it cannot be told. A weekday must fit, if any year near does."""
    published = anchor.published
    if published is None:
        return 0
    near: list[dt.date] = []
    for year in range(published.year - 6 if weekday is not None else published.year - 4, published.year + 5):
        try:
            near.append(dt.date(year, month, day))
        except ValueError:
            continue
    if weekday is not None:
        fits = [d for d in near if d.weekday() == weekday and abs((d - published).days) < 400]
        if fits:
            return min(fits, key=lambda d: abs((d - published).days)).year
    return _choose(near, published, turn, anchor.tense, AHEAD)


def _choose(starts: list[dt.date], published: dt.date, turn: str, tense: Tense | None, ahead: int) -> int:
    """The year of the date meant among the same day of several years."""
    if _is_next(turn):
        return next((d.year for d in starts if d > published), 0)
    if _is_last(turn):
        return next((d.year for d in reversed(starts) if d < published), 0)
    if tense == "future":
        return next((d.year for d in starts if d >= published), 0)
    reach = published + dt.timedelta(days=0 if tense == "past" else ahead)
    return next((d.year for d in reversed(starts) if d <= reach), 0)


def _iso_date(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    return _day(int(m["iso"][:4]), int(m["iso"][5:7]), int(m["iso"][8:]))


def _slashed(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    return _day(int(m["syear"]), int(m["smonth"]), int(m["sday"]))


def _full(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    month, day = _month_number(m["month"]), _number(m["day"])
    weekday = _calendar("day")[m["weekday"]] if m["weekday"] else None
    own = int(m["year"]) if m["year"] else year or _year_of(month, day, m["turn"] or "", anchor, weekday)
    return _day(own, month, day) if own else ""


def _weekday(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    """The last such day, publication day included; "prochain" or a future hint takes the next, "ce" the nearest."""
    published = anchor.published
    if published is None:
        return ""
    back = (published.weekday() - _calendar("day")[m["onlyday"]]) % 7
    if _is_next(m["dayturn"]):
        shift = 7 - back
    elif _is_last(m["dayturn"]):
        shift = -(back or 7)
    elif anchor.tense == "future":
        shift = (7 - back) % 7
    elif anchor.before.endswith("ce ") and anchor.tense is None:
        shift = -back if back <= 3 else 7 - back
    else:
        shift = -back
    return (published + dt.timedelta(days=shift)).isoformat()


def _month(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    month = _month_number(m["onlymonth"])
    own = int(m["monthyear"]) if m["monthyear"] else year
    if not own and anchor.published is not None:
        turn = m["monthturn"] or ""
        own = _month_year(month, turn, anchor.published, anchor.tense)
    return f"{own}-{month:02}" if own else ""


def _month_year(month: int, turn: str, published: dt.date, tense: Tense | None) -> int:
    """The year of a month without one; the running month counts as present under any hint."""
    if month == published.month and not turn:
        return published.year
    if month == published.month:
        return published.year + (1 if _is_next(turn) else -1 if _is_last(turn) and turn != "recent" else 0)
    starts = [dt.date(published.year + k, month, 1) for k in (-1, 0, 1)]
    return _choose(starts, published, turn, tense, AHEAD)


def _part(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    """Quarters, halves and seasons are told as their year."""
    if m["partyear"]:
        return m["partyear"]
    published, turn = anchor.published, m["partturn"] or ""
    if published is None:
        return ""
    if m["ordinal"]:
        return _quarter(m["part"], _calendar("ordinal")[m["ordinal"]], turn, published, anchor.tense)
    if anchor.before.endswith(("ce ", "cet ", "cette ")):
        return str(published.year)
    if m["running"]:
        return str(published.year)
    month = _calendar("season")[m["season"]]
    if m["season"] == "hiver":  # lies in two years: told only by words that choose
        past = published.year - (published.month < 3)
        return (
            str(past)
            if _is_last(turn)
            else str(published.year + (published.month == 12))
            if _is_next(turn)
            else str(published.year)
        )
    starts = [dt.date(published.year + k, month, 25 if m["season"] == "noel" else 1) for k in (-1, 0, 1)]
    return str(_choose(starts, published, turn, anchor.tense, SEASON_AHEAD))


def _quarter(part: str, ordinal: int, turn: str, published: dt.date, tense: Tense | None) -> str:
    length = 3 if part == "trimestre" else 6
    if not ordinal:  # "le dernier trimestre" closes its year
        ordinal = 12 // length
    month = (ordinal - 1) * length + 1
    if month > 12:
        return ""
    starts = [dt.date(published.year + k, month, 1) for k in (-1, 0, 1)]
    if tense == "future" and month <= published.month < month + length:
        return str(published.year)
    return str(_choose(starts, published, turn, tense, AHEAD))


def _near(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    if anchor.published is None:
        return ""
    return (anchor.published + dt.timedelta(days=_calendar("offset")[m["near"]])).isoformat()


def _present(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    return anchor.published.isoformat() if anchor.published else ""


def _turned(turn: str | None) -> int:
    return 1 if _is_next(turn) else -1 if _is_last(turn) else 0


def _whole_year(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    if m["yearturn"] in ("suivant", "suivante", "precedent", "precedente") or anchor.published is None:
        return ""  # of another year than the publication's
    return str(anchor.published.year + _turned(m["yearturn"]))


def _whole_month(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    return _shifted(anchor.published, _turned(m["mturn"])) if anchor.published else ""


def _week(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    """A week or weekend is told as its month where it lies in one, else as its year."""
    published, turn = anchor.published, m["wturn"]
    if (
        published is None
        or not (turn or m["week"].startswith(("cette", "ce ")))
        or turn in ("suivant", "suivante", "precedent", "precedente")
    ):
        return ""
    day = published + dt.timedelta(days=7 * _turned(turn))
    monday = day - dt.timedelta(days=day.weekday())
    first = monday + dt.timedelta(days=5 if "week" in m["week"] else 0)
    if "week" in m["week"] and _is_last(turn) and published.weekday() == 6:
        first = monday + dt.timedelta(days=5)
    last = monday + dt.timedelta(days=6)
    if first.month == last.month:
        return f"{first.year}-{first.month:02}"
    return str(first.year) if first.year == last.year else ""


def _shifted(published: dt.date, months: int) -> str:
    index = published.year * 12 + published.month - 1 + months
    return f"{index // 12}-{index % 12 + 1:02}"


def _distance(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    """ "il y a deux ans", "dans trois mois": as coarse as the unit; round numbers of days and weeks as their month."""
    found = numbers(m["count"], articles=True)
    published = anchor.published
    if (
        published is None
        or len(found) != 1
        or found[0].end != len(m["count"])
        or found[0].start
        or found[0].approximate
    ):
        return ""
    count, unit = int(found[0].value), m["unit"]
    if count != found[0].value or count > 3000:
        return ""
    sign = -1 if m["ago"] in ("il y a", "voila", "voici") else 1
    if unit.startswith("an"):
        return f"{published.year + sign * count:04}" if count < published.year else ""
    if unit == "mois":
        return _shifted(published, sign * count)
    day = published + dt.timedelta(days=sign * count * (7 if unit.startswith("semaine") else 1))
    exact = unit.startswith("jour") and count not in (8, 15)
    return day.isoformat() if exact else f"{day.year}-{day.month:02}"


def _bare_year(m: re.Match[str], anchor: _Anchor, year: int) -> str:
    return m["onlyyear"]


_RULES: dict[str, Callable[[re.Match[str], _Anchor, int], str]] = {
    "iso": _iso_date,
    "sday": _slashed,
    "day": _full,
    "onlyday": _weekday,
    "onlymonth": _month,
    "part": _part,
    "running": _part,
    "letter": _part,
    "season": _part,
    "near": _near,
    "today0": _present,
    "thisyear": _whole_year,
    "thismonth": _whole_month,
    "week": _week,
    "ago": _distance,
    "onlyyear": _bare_year,
}
