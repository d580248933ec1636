"""The article of a web page."""

from __future__ import annotations

import datetime as dt
import logging
import re

from maille.inputs.article import made
from maille.inputs.clean import clean
from maille.inputs.head import read_head
from maille.records import Article, Skipped

_OWN = re.compile(r"<meta\s+name=\"generator\"\s+content=\"maille\"")


def read_page(html: str, *, source: str = "", date: dt.date | None = None) -> Article | Skipped:
    """The main content of a web page with what the page says of title, date, author, site and address.

    Only a date that the page gives as its own counts, none that stands somewhere in the text.
    """
    if _OWN.search(html[:5000]):
        return Skipped(source, "the page is a graph that maille drew, no article", "name the articles it was made of")
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    none = Skipped(source, "no article was found in the page", "save the article's text as .txt")
    try:
        body = trafilatura.extract(html, include_comments=False, include_tables=False)
        told = trafilatura.extract_metadata(html, extensive=False)
    except Exception:  # whatever an odd page sets off in a parser of pages, it is that page that cannot be read
        return none
    if not body or not body.strip():
        return none
    title = clean(told.title or "").replace("\n", " ")
    lines = clean(body).split("\n")
    if title and lines[0] == title:
        lines.pop(0)
    head = read_head(lines, titled=bool(title))
    return made(
        title or head.title,
        "\n".join(lines[head.taken :]),
        byline=clean(told.author or "") or head.byline,
        publisher=told.sitename or "",
        url=told.url or "",
        source=source,
        published=_day(told.date) or head.published or date,
    )


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
