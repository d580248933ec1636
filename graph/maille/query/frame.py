"""Answers as pandas DataFrames (the extra `pandas`)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from maille.errors import MailleError
from maille.query.results import Results
from maille.rdf.names import PREFIXES

if TYPE_CHECKING:
    import pandas as pd

_XSD = PREFIXES["xsd"]
_WHOLE = frozenset(_XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger"))
_REAL = frozenset(_XSD + name for name in ("decimal", "double", "float"))


def pandas() -> Any:
    """The pandas module; MailleError where it is not installed."""
    try:
        import pandas
    except ImportError as error:
        raise MailleError("pandas is not installed", 'pip install "maille[pandas]"') from error
    return pandas


def to_pandas(results: Results) -> pd.DataFrame:
    """A DataFrame of the solutions, of a graph's triples (subject, predicate, object), or of a yes or no (answer).

    Numbers are numbers: whole ones Int64, others float64. Truth values are boolean, IRIs and texts strings. Dates stay
    ISO strings, for a year or a month is no day. What is not bound is missing.
    """
    pd = pandas()
    if isinstance(results, ox.QueryBoolean):
        return pd.DataFrame({"answer": [bool(results)]})
    if isinstance(results, ox.QueryTriples):
        names, rows = ["subject", "predicate", "object"], [[plain(part) for part in triple] for triple in results]
    else:
        names = [variable.value for variable in results.variables]
        rows = [[plain(row[name]) for name in names] for row in results]
    return frame(names, rows)


def frame(names: list[str], rows: list[list[Any]]) -> pd.DataFrame:
    """A DataFrame of Python values, each column of the type that all its values share, else of objects."""
    pd = pandas()
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return pd.DataFrame(
        {name: pd.Series(values, dtype=_dtype(values)) for name, values in columns.items()}, columns=names
    )


def plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Any:
    """A term as the Python value that says the same: int, Decimal as float, bool, or text."""
    if not isinstance(term, ox.Literal):
        return None if term is None else getattr(term, "value", str(term))
    kind, text = term.datatype.value, term.value
    if kind in _WHOLE:
        return int(text)
    if kind in _REAL:
        return float(Decimal(text)) if kind.endswith("decimal") else float(text.replace("INF", "inf"))
    return text in ("true", "1") if kind == f"{_XSD}boolean" else text


def _dtype(values: list[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return "Int64" if all(value is None or -(2**63) <= value < 2**63 for value in values) else "object"
    if kinds in ({float}, {int, float}):
        return "float64"
    return "boolean" if kinds == {bool} else "object"
