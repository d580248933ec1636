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
    "rdfxml": (".rdf", ".owl"),
    "graphml": (".graphml",),
    "gexf": (".gexf",),
}
"""Format of one file -> the file endings that mean it, the usual one first."""

FOLDERS = ("neo4j", "gephi")
"""Formats of several files in a folder."""

TRIPLE_TERMS = ("turtle", "trig", "nquads")
"""Formats that can hold the triple terms of RDF 1.2."""


class Exportable(Protocol):
    """What can be exported: a store."""

    @property
    def base(self) -> str: ...

    def quads(self, articles: Iterable[str] | None = None) -> Iterator[Quad]: ...

    def triples(self, articles: Iterable[str] | None = None) -> list[Triple]: ...


def export(source: Exportable, form: str, articles: Iterable[str] | None = None, rdf12: bool = False) -> str:
    """The graph, or that of the articles with these keys, as text; MailleError for an unknown format.

    Turtle and RDF/XML are one flat graph; TriG, N-Quads and JSON-LD keep a named graph per article; GraphML and
    GEXF have an edge per claim. With `rdf12` a claim says `rdf:reifies <<( s p o )>>` (Turtle, TriG, N-Quads).
    The same graph gives the same bytes.
    """
    keys = None if articles is None else list(articles)
    if rdf12:
        return _with_triple_terms(source, form, keys)
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
        case "rdfxml":
            from maille.export.xml import rdfxml

            return rdfxml(source.triples(keys))
        case "gexf":
            from maille.export.xml import gexf

            return gexf(source.triples(keys))
    if form in FOLDERS:
        raise MailleError(f"{form} is several files, not one", "write it into a folder: -o DIR, or export_files()")
    raise MailleError(f"unknown format {form!r}", "the formats are " + ", ".join((*FORMS, *FOLDERS)))


def export_files(source: Exportable, form: str, articles: Iterable[str] | None = None) -> dict[str, str]:
    """File name -> text of a format that is several files; MailleError for another format."""
    from maille.export.tables import gephi, neo4j

    makers = {"neo4j": neo4j, "gephi": gephi}
    if form not in makers:
        raise MailleError(f"{form!r} is no format of several files", "these are " + ", ".join(FOLDERS))
    return makers[form](source.triples(articles))


def _with_triple_terms(source: Exportable, form: str, keys: list[str] | None) -> str:
    from maille.export.reified import with_triple_terms

    match form:
        case "turtle":
            flat = (Quad(t.subject, t.predicate, t.object) for t in source.triples(keys))
            return turtle((quad.triple for quad in with_triple_terms(flat)), source.base)
        case "trig":
            return trig(with_triple_terms(source.quads(keys)), source.base)
        case "nquads":
            return nquads(with_triple_terms(source.quads(keys)))
    raise MailleError(f"{form} cannot hold triple terms", "RDF 1.2 is written as " + ", ".join(TRIPLE_TERMS))


def form_of(path: str) -> str:
    """The format that a file's ending means; MailleError if none."""
    ending = PurePath(path).suffix.lower()
    for form, endings in FORMS.items():
        if ending in endings:
            return form
    known = ", ".join(endings[0] for endings in FORMS.values())
    raise MailleError(f"no format is known for {path!r}", f"end the name in one of {known}, or name the format")
