"""French dates, resolved against the publication date and no more precise than the words."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from maille.language import fold
from maille.language.tables import rows
from maille.records import Date
from maille.values.numbers import numbers


@cache
def _calendar(kind: str) -> dict[str, int]:
    return {word: int(value) for word, k, value in rows("calendar.tsv") if k == kind}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    month = "|".join(sorted(_calendar("month"), key=len, reverse=True))
    day = "|".join(_calendar("day"))
    year = r"(1[5-9]\d\d|20\d\d)"
    return {
        "iso": re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b"),
        "slashed": re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b"),
        "span": re.compile(
            rf"\b(\d{{1,2}})(?:er)?\s*(?:au|a|et|-|–)\s*(\d{{1,2}})(?:er)?\s+({month})\b\.?(?:\s+{year})?"
        ),
        "full": re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({month})\b\.?(?:\s+{year})?"),
        "month": re.compile(rf"\b({month})\b\.?(?:\s+{year})?"),
        "year": re.compile(rf"\b{year}\b"),
        "weekday": re.compile(rf"\b({day})\b(?:\s+(prochain|dernier|suivant))?"),
    }


NEXT = re.compile(r"\b(?:prochaine?|a venir|suivante?)\b")
LAST = re.compile(r"\b(?:derniere?|passee?|precedente?|ecoulee?)\b")


def parse_dates(text: str, published: dt.date | None) -> tuple[Date, ...]:
    """The date a span names, both ends of a range; empty where it names none or needs an unknown publication date.

    Weekdays, days and months without a year mean the latest not after publication unless the words say "prochain";
    quarters and seasons become their year.
    """
    folded = re.sub(r"\s+", " ", fold(text))
    if re.search(r"\bannees? \d0\b|\bannees? \d{3}0\b|\bsiecle\b", folded):
        return ()
    return tuple(Date(iso, text) for iso in _resolve(folded, published))


def _resolve(folded: str, published: dt.date | None) -> tuple[str, ...]:
    for rule in (_numeric, _full, _weekday, _offset, _month, _year, _relative):
        found = rule(folded, published)
        if found:
            return found
    return ()


def _iso(year: int, month: int, day: int) -> tuple[str, ...]:
    try:
        return (dt.date(year, month, day).isoformat(),)
    except ValueError:
        return ()


def _numeric(folded: str, published: dt.date | None) -> tuple[str, ...]:
    if m := _patterns()["iso"].search(folded):
        return _iso(int(m[1]), int(m[2]), int(m[3]))
    if m := _patterns()["slashed"].search(folded):
        year = int(m[3]) if len(m[3]) == 4 else 2000 + int(m[3])
        return _iso(year, int(m[2]), int(m[1]))
    return ()


def _year_of(month: int, day: int, folded: str, published: dt.date) -> int:
    """The year in which a day and month without a year fall: the last such day, or the next where the words look ahead."""
    if NEXT.search(folded):
        return published.year + ((month, day) < (published.month, published.day))
    later = (month, day) > (published.month, published.day)
    try:
        ahead = (dt.date(published.year, month, min(day, 28)) - published).days
    except ValueError:
        return published.year
    if (later and ahead > 120) or (later and LAST.search(folded)):
        return published.year - 1
    return published.year


def _full(folded: str, published: dt.date | None) -> tuple[str, ...]:
    months = _calendar("month")
    if m := _patterns()["span"].search(folded):
        year = int(m[4]) if m[4] else published and _year_of(months[m[3]], int(m[1]), folded, published)
        if year:
            return _iso(year, months[m[3]], int(m[1])) + _iso(year, months[m[3]], int(m[2]))
    if m := _patterns()["full"].search(folded):
        year = int(m[3]) if m[3] else published and _year_of(months[m[2]], int(m[1]), folded, published)
        if year:
            return _iso(year, months[m[2]], int(m[1]))
    return ()


def _weekday(folded: str, published: dt.date | None) -> tuple[str, ...]:
    m = _patterns()["weekday"].search(folded)
    if not m or published is None:
        return ()
    back = (published.weekday() - _calendar("day")[m[1]]) % 7
    if NEXT.search(folded):
        return ((published + dt.timedelta(days=7 - back)).isoformat(),)
    if LAST.search(folded) and back == 0:
        back = 7
    return ((published - dt.timedelta(days=back)).isoformat(),)


def _offset(folded: str, published: dt.date | None) -> tuple[str, ...]:
    if published is None:
        return ()
    for word, days in sorted(_calendar("offset").items(), key=lambda x: -len(x[0])):
        if re.search(rf"(?<![\w-]){re.escape(word)}\b", folded) and word != "veille":
            return ((published + dt.timedelta(days=days)).isoformat(),)
    if re.search(r"\bce (?:matin|soir|midi|jour)\b|\bcet apres-midi\b|\bcette nuit\b", folded):
        return (published.isoformat(),)
    return ()


def _month(folded: str, published: dt.date | None) -> tuple[str, ...]:
    m = _patterns()["month"].search(folded)
    if not m:
        return ()
    month = _calendar("month")[m[1]]
    if m[2]:
        return (f"{m[2]}-{month:02}",)
    if published is None:
        return ()
    return (f"{_year_of(month, 15 if month != published.month else published.day, folded, published)}-{month:02}",)


def _year(folded: str, published: dt.date | None) -> tuple[str, ...]:
    years = _patterns()["year"].findall(folded)
    if len(years) > 1 and re.search(r"\bentre\b|\bde \d{4} a\b|\d{4} ?[-–] ?\d{4}", folded):
        return (years[0], years[1])
    return (years[0],) if years else ()


def _relative(folded: str, published: dt.date | None) -> tuple[str, ...]:
    if published is None:
        return ()
    if re.search(r"\b(?:an|annee|exercice|saison)\b", folded) and not re.search(r"\b(?:il y a|dans) ", folded):
        if LAST.search(folded):
            return (str(published.year - 1),)
        if NEXT.search(folded):
            return (str(published.year + 1),)
        if re.search(
            r"\bcette annee\b|\bl'annee en cours\b|\b(?:fin|debut|cours|milieu|d'ici la fin) (?:de |d')?l'annee\b|\bde l'annee\b",
            folded,
        ):
            return (str(published.year),)
    if re.search(r"\bmois\b", folded) and not re.search(r"\b(?:il y a|dans|d'ici) ", folded):
        shift = (
            -1
            if LAST.search(folded)
            else 1
            if NEXT.search(folded)
            else 0
            if re.search(r"\bce mois|du mois\b", folded)
            else None
        )
        return () if shift is None else (_shift(published, shift),)
    if re.search(r"\bsemaine\b", folded):
        shift = -7 if LAST.search(folded) else 7 if NEXT.search(folded) else 0 if "cette semaine" in folded else None
        return () if shift is None else _week(published + dt.timedelta(days=shift))
    if re.search(r"\b(?:trimestre|semestre|printemps|ete|automne|hiver|rentree|noel|paques)\b", folded):
        return (
            str(
                published.year
                + (
                    1
                    if NEXT.search(folded)
                    else -1
                    if re.search(r"\bderniere?\b", folded) and _later(folded, published)
                    else 0
                )
            ),
        )
    return _distance(folded, published)


def _later(folded: str, published: dt.date) -> bool:
    """Whether the season or quarter named comes after publication in its year, so that "dernier" means the year before."""
    opening = {"printemps": 3, "ete": 6, "automne": 9, "rentree": 9, "hiver": 12, "noel": 12}
    month = next((m for word, m in opening.items() if word in folded), 0)
    quarter = {"premier": 1, "deuxieme": 4, "troisieme": 7, "quatrieme": 10, "second": 7}
    month = month or next((m for word, m in quarter.items() if word in folded), 0)
    return month > published.month


def _shift(published: dt.date, months: int) -> str:
    index = published.year * 12 + published.month - 1 + months
    return f"{index // 12}-{index % 12 + 1:02}"


def _week(day: dt.date) -> tuple[str, ...]:
    """A week is told as its month where it lies in one, else as its year."""
    monday = day - dt.timedelta(days=day.weekday())
    sunday = monday + dt.timedelta(days=6)
    if monday.month == sunday.month:
        return (f"{monday.year}-{monday.month:02}",)
    return (str(monday.year),) if monday.year == sunday.year else ()


def _distance(folded: str, published: dt.date) -> tuple[str, ...]:
    """ "il y a deux ans", "dans trois mois", "deux ans plus tôt": as coarse as the unit."""
    m = re.search(r"\b(an|ans|annee|annees|mois|jours?|semaines?)\b", folded)
    if not m:
        return ()
    past = re.search(r"\bil y a\b|\bplus tot\b|\bauparavant\b|\bvoici\b|\bavant\b", folded)
    future = re.search(r"\bdans\b|\bd'ici\b", folded)
    if not past and not future:
        return ()
    found = [n.value for n in numbers(folded[: m.start()])]
    count = int(found[-1]) if found else 1 if re.search(r"\bune?\b", folded) else 0
    if not count:
        return ()
    sign = -1 if past else 1
    if m[1].startswith("an"):
        return (str(published.year + sign * count),)
    if m[1] == "mois":
        return (_shift(published, sign * count),)
    return _iso_month(
        published + dt.timedelta(days=sign * count * (7 if m[1].startswith("semaine") else 1)),
        exact=m[1].startswith("jour"),
    )


def _iso_month(day: dt.date, exact: bool) -> tuple[str, ...]:
    return (day.isoformat(),) if exact else (f"{day.year}-{day.month:02}",)
