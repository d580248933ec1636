"""Reading press articles: plain text with title and date lines, web pages, folders of these."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from maille.inputs.article import made
from maille.inputs.clean import decode, is_binary, unwrapped
from maille.inputs.head import read_head
from maille.inputs.language import other_language
from maille.records import Article, Skipped

LARGEST = 5_000_000
"""Bytes; a longer file is no article."""
TEXTS, PAGES = (".txt", ".text", ".md"), (".html", ".htm", ".xhtml")
DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub")
"""What may hold an article and is not read: told in a folder too, unlike pictures and the like."""
_LOG = logging.getLogger(__name__)


def read_inputs(paths: Sequence[str], *, date: dt.date | None = None) -> Iterator[Article | Skipped]:
    """Articles of files, folders (all texts and pages below, sorted) and "-" (standard input), in order.

    `date` is the publication date of articles that tell none. What cannot be read becomes a Skipped with its reason;
    what was read in a way worth knowing (an encoding that was guessed) is logged as INFO.
    """
    for path in paths:
        if path == "-":
            yield _decoded("standard input", sys.stdin.buffer.read(LARGEST + 1), date, page=False)
        elif path and Path(path).is_dir():
            files = _files(Path(path))
            if not files:
                yield Skipped(
                    path, "the folder holds no .txt or .html file", "name a folder of articles, or the files themselves"
                )
            for file in files:
                yield _file(file, date)
        elif path:
            yield _file(Path(path), date)
        else:
            yield Skipped('""', "an empty name is no file", "check the variable it comes from")


def distinct(found: Iterable[Article | Skipped]) -> Iterator[Article | Skipped]:
    """Each article once: a text that came before becomes a Skipped."""
    seen: set[str] = set()
    for one in found:
        if isinstance(one, Article) and one.key in seen:
            yield Skipped(one.source, "the same text was read before")
            continue
        if isinstance(one, Article):
            seen.add(one.key)
        yield one


def _files(folder: Path) -> list[Path]:
    """Files of articles below a folder, sorted; neither hidden ones nor the page of a folder that maille wrote."""
    found = []
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        ours = file.name == "graph.html" and (file.parent / "store").is_dir()
        if file.suffix.lower() in TEXTS + PAGES + DOCUMENTS and not hidden and not ours and not file.is_dir():
            found.append(file)
    return sorted(found)


def _file(path: Path, date: dt.date | None) -> Article | Skipped:
    name = os.fsencode(path).decode("utf-8", "replace")
    suffix = path.suffix.lower()
    try:
        size = path.stat().st_size
        if suffix and suffix not in TEXTS + PAGES:
            return Skipped(name, f"files ending in {suffix} are not read", "save it as .txt or .html")
        if size > LARGEST:
            return _too_large(name, size)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return Skipped(name, "there is no such file", "check the path")
    except (OSError, ValueError) as error:
        return Skipped(
            name, f"the file cannot be read ({getattr(error, 'strerror', None) or error})", "check its permissions"
        )
    return _decoded(name, data, date, page=suffix in PAGES)


def _too_large(name: str, size: int) -> Skipped:
    told = f"{size / 1e6:.0f} MB" if size > LARGEST + 1 else f"more than {LARGEST / 1e6:.0f} MB"
    return Skipped(name, f"the file has {told}, too much for an article", "split it into one file an article")


def _decoded(name: str, data: bytes, date: dt.date | None, *, page: bool) -> Article | Skipped:
    if len(data) > LARGEST:
        return _too_large(name, len(data))
    if not data.strip():
        return Skipped(name, "the file is empty", "an article is a title line, a date line and a body")
    if is_binary(data):
        return Skipped(name, "the file is binary, not text", "save it as .txt in UTF-8")
    decoded = decode(data)
    if decoded is None:
        return Skipped(name, "the file is neither UTF-8 nor a Western encoding", "save it in UTF-8")
    text, encoding = decoded
    article = _page(text, name, date) if page else read_text(text, source=name, date=date)
    if isinstance(article, Skipped):
        return article
    if not article.text[article.body :].strip():
        return Skipped(name, "there is no text below the title", "an article is a title line, a date line and a body")
    language = other_language(article.text)
    if language is not None:
        known = f"it seems to be {language}" if language != "unknown" else "it does not look like French"
        return Skipped(name, f"the text is not French: {known}", "maille reads French only")
    if encoding == "windows-1252":
        _LOG.info("%s is not in UTF-8 and was read as Windows-1252", name)
    return article


def _page(html: str, name: str, date: dt.date | None) -> Article | Skipped:
    from maille.inputs.page import read_page

    return read_page(html, source=name, date=date)


def read_text(text: str, *, source: str = "", date: dt.date | None = None) -> Article:
    """An article of plain text: the title line, date lines and an author line where there are such, the body.

    The first line is a title where more follows and it is short and no sentence of the body (no final full stop).
    """
    lines = unwrapped(text).split("\n")
    head = read_head(lines)
    return made(
        head.title,
        "\n".join(lines[head.taken :]),
        byline=head.byline,
        source=source,
        published=head.published or date,
    )
