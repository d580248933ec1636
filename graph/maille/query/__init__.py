"""Questions put to a store, and their answers as tables, CSV, TSV, JSON, XML or Turtle."""

from __future__ import annotations

from maille.query.ask import Queryable, ask, find_articles, find_entities, sparql_of
from maille.query.questions import Parameter, Question, question, questions
from maille.query.results import FORMS, Table, render, table

__all__ = [
    "FORMS",
    "Parameter",
    "Queryable",
    "Question",
    "Table",
    "ask",
    "find_articles",
    "find_entities",
    "question",
    "questions",
    "render",
    "sparql_of",
    "table",
]
