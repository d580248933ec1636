"""Reading press articles: plain text with title and date lines, web pages, folders of these."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from maille.inputs.language import other_language
from maille.records import Article, Skipped

LARGEST = 5_000_000
TEXTS, PAGES = (".txt", ".text", ".md"), (".html", ".htm", ".xhtml")
_BYLINE = re.compile(
    r"^(?:auteur|autrice|par|by)\s*:?\s+(.{2,80})$|^(?:auteur|autrice)\s*:\s*(.{1,80})$", re.IGNORECASE
)
_DATELINE = re.compile(r"^(?:publi[ée]e? )?(?:le )?(.{4,60})$", re.IGNORECASE)
_INVISIBLE = {c: None for c in map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad")}


def read_inputs(paths: Sequence[str], *, date: dt.date | None = None) -> Iterator[Article | Skipped]:
    """Articles of files, folders (all texts and pages below, sorted) and "-" (standard input), in order.

    `date` is the publication date of articles that tell none. What cannot be read becomes a Skipped with its reason.
    """
    for path in paths:
        if path == "-":
            yield _decoded("standard input", sys.stdin.buffer.read(), date, page=False)
            continue
        place = Path(path)
        if place.is_dir():
            files = sorted(p for p in place.rglob("*") if p.is_file() and p.suffix.lower() in TEXTS + PAGES)
            if not files:
                yield Skipped(
                    path, "the folder holds no .txt or .html file", "name a folder of articles, or the files themselves"
                )
            for file in files:
                yield _file(file, date)
        else:
            yield _file(place, date)


def _file(path: Path, date: dt.date | None) -> Article | Skipped:
    name = str(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            return Skipped(
                name, f"the file has {size / 1e6:.0f} MB, more than an article", "split it into one file an article"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        return Skipped(name, "there is no such file", "check the path")
    except OSError as error:
        return Skipped(name, f"the file cannot be read ({error.strerror})", "check its permissions")
    suffix = path.suffix.lower()
    if suffix and suffix not in TEXTS + PAGES:
        return Skipped(name, f"files ending in {suffix} are not read", "save it as .txt or .html")
    return _decoded(name, data, date, page=suffix in PAGES)


def _decoded(name: str, data: bytes, date: dt.date | None, *, page: bool) -> Article | Skipped:
    if not data.strip():
        return Skipped(name, "the file is empty")
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Skipped(name, "the file is binary, not text", "save it as .txt in UTF-8")
    text = _decode(data)
    if text is None:
        return Skipped(name, "the file is neither UTF-8 nor a Western encoding", "save it in UTF-8")
    article = _page(name, text, date) if page else read_text(text, source=name, date=date)
    if isinstance(article, Skipped):
        return article
    if not article.text[article.body :].strip():
        return Skipped(name, "there is no text below the title", "an article is a title line, a date line and a body")
    language = other_language(article.text)
    if language is not None:
        known = f"it seems to be {language}" if language != "unknown" else "it does not look like French"
        return Skipped(name, f"the text is not French: {known}", "maille reads French only")
    return article


def _decode(data: bytes) -> str | None:
    """UTF-8, UTF-16 with its mark, else Windows-1252 where that gives letters of French and no control characters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    odd = sum(ord(c) < 32 and c not in "\r\n\t" for c in text)
    letters = sum(c in "éèêàùçôîïâûëœÉÈÀÇ" for c in text)
    return text if not odd and letters * 200 >= len(re.findall(r"[^\x00-\x7f]", text)) * 100 else None


def clean(text: str) -> str:
    """One line break a paragraph end; no control or zero-width characters; typographic spaces stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).translate(
        _INVISIBLE
    )
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    lines = [re.sub(r" {2,}", " ", line).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


def read_text(text: str, *, source: str = "", date: dt.date | None = None) -> Article:
    """An article of plain text: the title line, a date line and an author line where there are such, the body.

    The first line is a title where more follows and it is short and no sentence of the body (no final full stop).
    """
    lines = clean(text).split("\n")
    title, byline, published = "", "", None
    if len(lines) > 1 and len(lines[0]) <= 250 and not lines[0].endswith((".", ";", ",")):
        title = lines.pop(0)
    for _ in range(3):
        if len(lines) > 1 and published is None and (found := date_line(lines[0])) is not None:
            published = found
            lines.pop(0)
        elif len(lines) > 1 and not byline and (m := _BYLINE.match(lines[0])):
            byline = (m[1] or m[2]).strip()
            lines.pop(0)
        else:
            break
    return _article(title, "\n".join(lines), byline=byline, source=source, published=published or date)


def date_line(line: str) -> dt.date | None:
    """The date of a line that is a date and nothing else: 2025-03-31, 31/03/2025, Publié le 31 mars 2025 à 10 h 15."""
    from maille.values import parse_dates

    m = _DATELINE.match(line.strip())
    if m is None or len(line) > 70:
        return None
    words = re.sub(r"\b(?:à|a)?\s*\d{1,2}\s*(?:h|:)\s*\d{0,2}\b", "", m[1]).strip(" ,.-–—")
    if not re.fullmatch(
        r"(?:\w+\.?,? )?(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}(?:er)? \w+\.? \d{4})(?:T[\d:Z+.]*)?", words
    ):
        return None
    found = parse_dates(words, None)
    try:
        return dt.date.fromisoformat(found[0].iso) if found else None
    except ValueError:
        return None


def _article(
    title: str,
    body: str,
    *,
    byline: str = "",
    publisher: str = "",
    url: str = "",
    source: str = "",
    published: dt.date | None = None,
) -> Article:
    text = f"{title}\n{body}" if title else body
    key = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Article(key, text, title, len(title) + 1 if title else 0, byline, publisher, url, source, published)


def _page(name: str, html: str, date: dt.date | None) -> Article | Skipped:
    """The main content of a web page with what it tells of title, date, author, site and address."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    body = trafilatura.extract(html, include_comments=False, include_tables=False, target_language=None)
    if not body or not body.strip():
        return Skipped(name, "no article was found in the page", "save the article's text as .txt")
    told = trafilatura.extract_metadata(html)
    title = clean(told.title or "") if told else ""
    published = _iso(told.date) if told and told.date else None
    body = clean(body)
    if title and body.startswith(title + "\n"):
        body = body[len(title) + 1 :]
    return _article(
        title.replace("\n", " "),
        body,
        byline=(told.author or "") if told else "",
        publisher=(told.sitename or "") if told else "",
        url=(told.url or "") if told else "",
        source=name,
        published=published or date,
    )


def _iso(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
