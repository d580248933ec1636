"""Making the record of an article from its title and body."""

from __future__ import annotations

import datetime as dt
import hashlib

from maille.records import Article


def made(
    title: str,
    body: str,
    *,
    byline: str = "",
    publisher: str = "",
    url: str = "",
    source: str = "",
    published: dt.date | None = None,
) -> Article:
    """The article whose text is the title, a line break and the body, or the body alone."""
    text = f"{title}\n{body}" if title else body
    key = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Article(key, text, title, len(title) + 1 if title else 0, byline, publisher, url, source, published)
