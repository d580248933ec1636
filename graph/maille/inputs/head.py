"""What stands above the body of a plain text: the title, date lines, author lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from maille.language import fold
from maille.language.tables import rows

LONGEST_TITLE, LONGEST_LINE, MOST_LINES = 250, 120, 6
_BYLINE = re.compile(r"^(?P<word>[^\W\d_]+)\s*:\s*(?P<name>\S.{0,80})$")
# every word of a name after "Par" is one: "Par Léa Martin, à Lyon" but not "Par la suite, rien"
_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|[ld]['’][A-ZÀ-Þ]\w+|de|du|des|d['’]|la|le|et|avec|pour|à|von|van|rédaction|&|\([A-ZÀ-Þ][^()]*\)),?"
_BY = re.compile(rf"^(?:[Pp]ar|PAR|[Bb]y|BY)\s*:?\s+(?P<name>{_WORD}(?:\s+{_WORD}){{0,11}})$")
_CUT = re.compile(r"\s*[-–—|•·/,]\s*(?=(?:publi|paru|mis|modif|le\b|\d))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The lines above the body, read, and how many of the lines they took."""

    title: str = ""
    byline: str = ""
    published: dt.date | None = None
    taken: int = 0


def read_head(lines: Sequence[str], *, titled: bool = False) -> Head:
    """The head of a text in lines; with `titled` the title is known already and no line is one.

    A title is short, ends like no sentence, and more follows. A date of publication goes before one of an update.
    """
    title, byline = "", ""
    published: dt.date | None = None
    updated: dt.date | None = None
    taken = 0
    for line in lines[:MOST_LINES]:
        found = _read(line)
        if found is not None:
            byline = byline or found.byline
            published = published or found.published
            updated = updated or found.updated
        elif not titled and taken + 1 < len(lines) and _is_title(line):
            title = re.sub(r"^#{1,6}\s+", "", line)
        else:
            break
        titled = titled or bool(title)
        taken += 1
    return Head(title, byline, published or updated, taken)


def date_line(line: str) -> dt.date | None:
    """The date of a line that is a date and nothing else: 2025-03-31, 31/03/2025, Publié le 31 mars 2025 à 10 h 15."""
    found = _read(line)
    return (found.published or found.updated) if found else None


@dataclass(frozen=True, slots=True)
class _Line:
    byline: str = ""
    published: dt.date | None = None
    updated: dt.date | None = None


def _is_title(line: str) -> bool:
    return len(line) <= LONGEST_TITLE and not line.endswith((".", ";", ","))


def _read(line: str) -> _Line | None:
    """What a line tells that is only dates and names of authors; None for any other line."""
    if len(line) > LONGEST_LINE:
        return None
    if (whole := _date(line)) is not None:
        return whole
    if author := _author(line):
        return _Line(byline=author)
    parts = [part for part in _CUT.split(line) if part]
    read = [_date(part) or _Line(byline=_author(part)) for part in parts]
    if len(parts) < 2 or _Line() in read:
        return None
    return _Line(
        next((r.byline for r in read if r.byline), ""),
        next((r.published for r in read if r.published), None),
        next((r.updated for r in read if r.updated), None),
    )


def _author(line: str) -> str:
    """The name of an author line, "" for another line."""
    if (m := _BYLINE.match(line)) and _openers().get(fold(m["word"])) == "author":
        return m["name"].strip()
    m = _BY.match(line)
    return m["name"].strip(" ,") if m and re.search(r"[A-ZÀ-Þ]|rédaction", m["name"]) else ""


@cache
def _openers() -> dict[str, str]:
    return {words: kind for words, kind in rows("head_lines.tsv")}


@cache
def _dateline() -> re.Pattern[str]:
    """A folded date line: an opening or a town, a weekday, the date, the hour."""
    openers = "|".join(sorted((w for w, k in _openers().items() if k != "author"), key=lambda w: (-len(w), w)))
    days = "|".join(word for word, kind, _ in rows("calendar.tsv") if kind == "day")
    return re.compile(
        rf"(?:(?P<opener>{openers})\s*:?\s+)?(?:(?P<town>[a-z][a-z' -]{{1,40}}),\s+(?=le\b))?(?:le\s+)?"
        rf"(?:(?:{days}|[a-z]{{3}}\.),?\s+)?"
        r"(?P<date>\d{4}-\d\d-\d\d|\d{1,2}([/.-])\d{1,2}\4\d{4}|\d{1,2}(?:er)? [a-z]+\.? \d{4})"
        r"(?:t[\d:.+z-]+|[\s,|–—-]*(?:a\s*)?\d{1,2}\s*[h:]\s*\d{0,2}(?::\d\d)?)?[\s.,|–—-]*"
    )


def _date(line: str) -> _Line | None:
    from maille.values import parse_dates

    m = _dateline().fullmatch(fold(line).strip())
    if m is None:
        return None
    written = re.sub(r"^(\d+)[.-](\d+)[.-](\d{4})$", r"\1/\2/\3", m["date"])
    found = parse_dates(written, None)
    try:
        day = dt.date.fromisoformat(found[0].iso) if found else None
    except ValueError:
        day = None
    if day is None:
        return None
    return _Line(updated=day) if _openers().get(m["opener"] or "") == "updated" else _Line(published=day)
