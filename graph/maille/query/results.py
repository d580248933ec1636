"""Answers as text: an aligned table, CSV, TSV, SPARQL JSON or XML, or Turtle for a graph."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from maille.errors import MailleError
from maille.rdf.mint import DEFAULT_BASE
from maille.rdf.names import PREFIXES
from maille.rdf.text import turtle

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

FORMS = ("table", "csv", "tsv", "json", "xml", "turtle")
"""What `render` writes; Turtle for CONSTRUCT and DESCRIBE, the others for SELECT and ASK."""

_SERIALIZED = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under the names of their columns; a value that is not bound is empty."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def render(results: Results, form: str | None = None, base: str = DEFAULT_BASE, width: int = 0) -> str:
    """The answer in one of `FORMS`, by default a table, or Turtle for a graph; a table's cells end at `width`.

    MailleError for a form that does not fit the answer.
    """
    if form is not None and form not in FORMS:
        raise MailleError(f"unknown form {form!r}", "the forms are " + ", ".join(FORMS))
    if isinstance(results, ox.QueryTriples):
        if form not in (None, "turtle"):
            raise MailleError(f"the answer is a graph, not a table: it cannot be written as {form}", "use turtle")
        return turtle(results, base)
    if form == "turtle":
        raise MailleError("the answer is a table, not a graph: it cannot be written as turtle", "use CONSTRUCT, or csv")
    if form in _SERIALIZED:
        return _serialize(results, form)
    if isinstance(results, ox.QueryBoolean):
        return "yes\n" if results else "no\n"
    return aligned(table(results, base), width)


def _serialize(results: ox.QuerySolutions | ox.QueryBoolean, form: str) -> str:
    if isinstance(results, ox.QueryBoolean) and form in ("csv", "tsv"):
        return "true\n" if results else "false\n"
    written = results.serialize(format=_SERIALIZED[form])
    assert written is not None
    text = written.decode().replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


def table(results: ox.QuerySolutions, base: str = DEFAULT_BASE) -> Table:
    """The solutions as short text: labels as they are, IRIs with a prefix or without the base."""
    columns = tuple(variable.value for variable in results.variables)
    rows = tuple(tuple(_short(row[name], base) for name in columns) for row in results)
    return Table(columns, rows)


def aligned(shown: Table, width: int = 0) -> str:
    """Columns in line, counting what takes room on a terminal; a cell longer than `width` ends in an ellipsis."""
    lines = [shown.columns, *shown.rows]
    cells = [[_cut(" ".join(cell.split()), width) for cell in line] for line in lines]
    widths = [max(map(_columns, column)) for column in zip(*cells, strict=True)]
    rule = ["─" * size for size in widths]
    return "".join(_line(line, widths) for line in (cells[0], rule, *cells[1:]))


def _line(cells: Iterable[str], widths: list[int]) -> str:
    padded = (cell + " " * (size - _columns(cell)) for cell, size in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip() + "\n"


def _cut(cell: str, width: int) -> str:
    if not width or _columns(cell) <= width:
        return cell
    kept = cell
    while kept and _columns(kept) >= width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _columns(text: str) -> int:
    """Terminal columns (UAX 11): wide characters take two, combining marks none."""
    marks = sum(1 for c in text if unicodedata.combining(c))
    return len(text) - marks + sum(1 for c in text if unicodedata.east_asian_width(c) in "WF")


def _short(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, base: str) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.Literal):
        return term.value
    if not isinstance(term, ox.NamedNode):
        return str(term)
    for prefix, namespace in PREFIXES.items():
        if term.value.startswith(namespace):
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return term.value.removeprefix(base)
