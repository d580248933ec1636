"""An answer that can be gone through, shown and turned into a DataFrame, each as often as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from maille.query.frame import plain, to_pandas
from maille.query.results import Results, aligned, render, table

if TYPE_CHECKING:
    import pandas as pd


class Answer:
    """What a query answers: rows to go through, or a table, text, a DataFrame.

    >>> import maille
    >>> with maille.open(folder) as graph:
    ...     answer = graph.query("SELECT ?name ?count { ?e maille:employees/schema:value ?count ; skos:prefLabel ?name }")
    >>> answer.columns, list(answer), len(answer)
    (('name', 'count'), [{'name': 'Aubelune', 'count': 320}], 1)
    >>> print(answer)
    name      count
    ────────  ─────
    Aubelune  320
    >>> print(answer.text("csv"), end="")
    name,count
    Aubelune,320
    """

    def __init__(self, results: Results, base: str) -> None:
        self._base = base
        self.yes: bool | None = bool(results) if isinstance(results, ox.QueryBoolean) else None
        """The answer to an ASK; None for another query."""
        self._graph = sorted(results, key=str) if isinstance(results, ox.QueryTriples) else None
        self._written = b"" if isinstance(results, ox.QueryTriples) else _written(results)
        again = self._again()
        self.columns: tuple[str, ...] = ()
        self._rows: list[list[Any]] = []
        if isinstance(again, ox.QueryTriples):
            self.columns, self._rows = ("subject", "predicate", "object"), [[*triple] for triple in self._graph or ()]
        elif isinstance(again, ox.QuerySolutions):
            self.columns = tuple(variable.value for variable in again.variables)
            self._rows = [[row[name] for name in self.columns] for row in again]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Each solution by variable name (None where unbound), each triple by subject, predicate, object."""
        for row in self._rows:
            yield dict(zip(self.columns, map(plain, row), strict=True))

    def __len__(self) -> int:
        return len(self._rows)

    def __bool__(self) -> bool:
        """The answer to an ASK; of others, whether there is a row."""
        return bool(self._rows) if self.yes is None else self.yes

    def __str__(self) -> str:
        again = self._again()
        shown = aligned(table(again, self._base)) if isinstance(again, ox.QuerySolutions) else self.text()
        return shown.rstrip("\n")

    def text(self, form: str | None = None) -> str:
        """As table, csv, tsv, json, xml or turtle; MailleError for a form that does not fit."""
        return render(self._again(), form, self._base)

    def to_pandas(self) -> pd.DataFrame:
        """As a DataFrame: numbers as numbers, dates as ISO strings."""
        return to_pandas(self._again())

    def _again(self) -> Results:
        """The results anew: a store's can be read only once."""
        if self._graph is None:
            return ox.parse_query_results(self._written, format=ox.QueryResultsFormat.JSON)
        held = ox.Store()
        held.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in self._graph)
        return held.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def _written(results: ox.QuerySolutions | ox.QueryBoolean) -> bytes:
    written = results.serialize(format=ox.QueryResultsFormat.JSON)
    assert written is not None
    return written
