"""An answer that can be gone through, shown and turned into a DataFrame, each as often as wanted."""

from __future__ import annotations

import json
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
        self.columns: tuple[str, ...] = ()
        self._graph = isinstance(results, ox.QueryTriples)
        self._rows: list[Any] = []
        if isinstance(results, ox.QueryTriples):
            self.columns, self._rows = ("subject", "predicate", "object"), sorted(results, key=str)
        elif isinstance(results, ox.QuerySolutions):
            self.columns, self._rows = tuple(variable.value for variable in results.variables), list(results)

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
        if self._graph:
            held = ox.Store()
            held.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in self._rows)
            return held.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return ox.parse_query_results(json.dumps(self._json()), format=ox.QueryResultsFormat.JSON)

    def _json(self) -> dict[str, Any]:
        """The same in the SPARQL 1.1 Query Results JSON Format."""
        if self.yes is not None:
            return {"head": {}, "boolean": self.yes}
        bound = [
            {name: _term(term) for name, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self._rows
        ]
        return {"head": {"vars": self.columns}, "results": {"bindings": bound}}


def _term(term: Any) -> dict[str, Any]:
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": term.value}
        case ox.Triple():
            return {
                "type": "triple",
                "value": dict(zip(("subject", "predicate", "object"), map(_term, term), strict=True)),
            }
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
