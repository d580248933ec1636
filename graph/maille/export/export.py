"""Which format is written how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Protocol

from pyoxigraph import Quad, Triple

from maille.errors import MailleError
from maille.rdf.text import nquads, trig, turtle

FORMS: dict[str, tuple[str, ...]] = {
    "turtle": (".ttl",),
    "trig": (".trig",),
    "nquads": (".nq",),
    "jsonld": (".jsonld", ".json"),
    "graphml": (".graphml",),
}
"""Format -> the file endings that mean it, the usual one first."""


class Exportable(Protocol):
    """What can be exported: a store."""

    @property
    def base(self) -> str: ...

    def quads(self, articles: Iterable[str] | None = None) -> Iterator[Quad]: ...

    def triples(self, articles: Iterable[str] | None = None) -> list[Triple]: ...


def export(source: Exportable, form: str, articles: Iterable[str] | None = None) -> str:
    """The graph, or that of the articles with these keys, as text; MailleError for an unknown format.

    Turtle is one flat graph; TriG, N-Quads and JSON-LD keep a named graph per article; GraphML has an
    edge per claim. The same graph gives the same bytes.
    """
    keys = None if articles is None else list(articles)
    match form:
        case "turtle":
            return turtle(source.triples(keys), source.base)
        case "trig":
            return trig(source.quads(keys), source.base)
        case "nquads":
            return nquads(source.quads(keys))
        case "jsonld":
            from maille.export.jsonld import jsonld

            return jsonld(source.quads(keys), source.base)
        case "graphml":
            from maille.export.graphml import graphml

            return graphml(source.triples(keys))
    raise MailleError(f"unknown format {form!r}", "the formats are " + ", ".join(FORMS))


def form_of(path: str) -> str:
    """The format that a file's ending means; MailleError if none."""
    ending = PurePath(path).suffix.lower()
    for form, endings in FORMS.items():
        if ending in endings:
            return form
    known = ", ".join(endings[0] for endings in FORMS.values())
    raise MailleError(f"no format is known for {path!r}", f"end the name in one of {known}, or name the format")
