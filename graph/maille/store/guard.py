"""What may not be asked: SERVICE and LOAD, which would make this machine call others; and the dataset of an update.

Oxigraph has no switch for SERVICE and LOAD, so the text is looked at before it is run. A `<` begins an IRI or means
"less than", which only a parser tells apart: where a reading that is wrong could hide a keyword (an IRI with an
apostrophe or a parenthesis, an escaped character), a text that holds the keyword at all is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from maille.errors import MailleError

_TOKEN = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''"
    r"|\"(?:\\.|[^\"\\\n\r])*\"|'(?:\\.|[^'\\\n\r])*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>"
    r"|\#[^\n\r]*",
    re.S,
)
_DOUBTFUL = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*['()][^<>\"{}|^`\\\x00-\x20]*>|\\[uU]")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_WORDS = re.compile(r"[?$]?[\w:.-]+|[{};]")


def bare(sparql: str) -> str:
    """The text with blanks for its strings, IRIs and comments, at the same places."""
    return _TOKEN.sub(lambda found: " " * len(found[0]), sparql)


def refuse_calls(sparql: str, update: bool = False) -> None:
    """MailleError if the text asks another server (SERVICE), or an update reads one (LOAD)."""
    for word in ("service", "load") if update else ("service",):
        if _holds(sparql, word):
            raise MailleError(
                f"{word.upper()} is not allowed here: a question does not leave this machine",
                "ask with SELECT about this graph alone"
                if word == "service"
                else "send the data itself, with INSERT DATA or the graph store protocol",
            )


def has_dataset(query: str) -> bool:
    """Whether a query names its own dataset (FROM)."""
    return re.search(r"(?<![\w?$:.-])from(?![\w:-])", bare(query), re.I) is not None


def with_dataset(update: str, default: Iterable[str], named: Iterable[str]) -> str:
    """The update with USING clauses for the graphs that the request names; MailleError if it has its own."""
    using = "".join(f"USING <{iri}> " for iri in default) + "".join(f"USING NAMED <{iri}> " for iri in named)
    if not using:
        return update
    text, plain = update, bare(update)
    places = list(_top_words(plain))
    if any(word in ("using", "with") for word, _, _ in places):
        raise MailleError(
            "the update names its graphs twice: in USING or WITH, and in the request", "leave one of them out"
        )
    edits: list[tuple[int, int, str]] = []
    for number, (word, start, end) in enumerate(places):
        if word != "where":
            continue
        before = places[number - 1] if number else ("", 0, 0)
        if (
            before[0] == "delete" and not plain[before[2] : start].strip()
        ):  # DELETE WHERE { P } is short for DELETE { P } WHERE { P }
            pattern = _group(text, end)
            edits.append((start, end, f"{pattern} {using}WHERE"))
        else:
            edits.append((start, start, using))
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


def _holds(sparql: str, word: str) -> bool:
    anywhere = re.compile(rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])", re.I)
    plain = _ESCAPE.sub(lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)), sparql)
    if not anywhere.search(plain):
        return False
    if _DOUBTFUL.search(sparql):
        return True
    return re.search(rf"(?<![\w?$:.@-]){word}(?![\w:-])", bare(sparql), re.I) is not None


def _top_words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words outside of braces, in lower case, with their places."""
    depth = 0
    for found in _WORDS.finditer(text):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
        elif depth == 0:
            yield found[0].lower(), found.start(), found.end()


def _group(text: str, start: int) -> str:
    """The `{ ... }` that begins after `start`; MailleError if it does not end."""
    depth = 0
    for found in re.finditer(r"[{}]", bare(text)[start:]):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return text[start : start + found.end()].strip()
    raise MailleError("the update is wrong: a { is not closed")
