"""What each command does, by calling the library; every function returns an exit code."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maille.errors import MailleError

if TYPE_CHECKING:
    from maille.records import Skipped
    from maille.store import Store

WELL, SKIPPED = 0, 1


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _tell(skipped: Skipped) -> None:
    _say(f"maille: skipped {skipped.source}: {skipped.reason}" + (f" ({skipped.hint})" if skipped.hint else ""))


def _open(args: argparse.Namespace) -> Store:
    from maille.store import Store

    folder = Path(args.graph)
    store = folder / "store"
    return Store.open(store if store.is_dir() or not folder.is_dir() else folder, create=False)


def _show_notes() -> None:
    """Let the notes of reading ("was read as Windows-1252") reach standard error."""
    import logging

    log = logging.getLogger("maille")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("maille: %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False


def build(args: argparse.Namespace) -> int:
    """Read articles and write the folder."""
    from maille import conduct
    from maille.inputs import sample_path

    inputs = [*args.inputs, *([str(sample_path())] if args.sample else [])]
    if not inputs:
        raise MailleError(
            "there is nothing to read", "name article files or folders, - for standard input, or --sample"
        )
    shown = sys.stderr.isatty()

    def progress(done: int, title: str) -> None:
        print(f"\r\033[K{done} {title[:70]}", end="", file=sys.stderr, flush=True)

    _show_notes()
    try:
        report = conduct.build(
            inputs,
            Path(args.out),
            each=args.each,
            model=args.model,
            date=args.date,
            base=args.base,
            progress=progress if shown else None,
        )
    finally:
        if shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
    for skipped in report.skipped:
        _tell(skipped)
    for title in report.undated:
        _say(f"maille: no publication date in {title!r}: relative dates stay unresolved (--date gives one)")
    if not report.articles:
        _say("maille: no article was read")
        return SKIPPED
    places = ", ".join(str(p) for p in report.paths[:4]) + (" ..." if len(report.paths) > 4 else "")
    _say(
        f"maille: {report.articles} article{'s' * (report.articles != 1)} read, {len(report.skipped)} skipped: "
        f"{report.entities} entities, {report.events} events, {report.claims} claims -> {places}"
    )
    return SKIPPED if report.skipped else WELL


def query(args: argparse.Namespace) -> int:
    """Run a SPARQL query."""
    from maille.cli.exchange import source
    from maille.query import render

    text = _sparql(args)
    with source(args) as store:
        print(
            render(store.query(text), args.format, store.base, 60 if args.format in (None, "table") else 0).rstrip("\n")
        )
    return WELL


def _sparql(args: argparse.Namespace) -> str:
    """The query's text, from the command line, a file or standard input."""
    if args.file and args.file != "-":
        try:
            return Path(args.file).read_text("utf-8")
        except OSError as error:
            why, hint = error.strerror or str(error), "check the path"
        except UnicodeDecodeError:
            why, hint = "it is not UTF-8", "save it in UTF-8"
        raise MailleError(f"the query file {args.file} cannot be read ({why})", hint)
    if args.sparql and args.sparql != "-":
        return str(args.sparql)
    if sys.stdin.isatty() and not args.file:
        raise MailleError("there is no query", "give it in quotes, in a file (-f FILE), or on standard input")
    return sys.stdin.read()


def ask(args: argparse.Namespace) -> int:
    """Answer a named question, or list the questions."""
    from maille.query import ask as put
    from maille.query import questions, render

    if args.name is None:
        for q in questions():
            told = " ".join(f"{p.name}=..." if not p.default else f"[{p.name}=...]" for p in q.parameters)
            print(f"{q.name:15} {q.title_fr} / {q.title_en}{'  ' + told if told else ''}")
        return WELL
    wrong = [a for a in args.arguments if "=" not in a]
    if wrong:
        raise MailleError(
            f"{wrong[0]!r} is not of the form PARAMETER=VALUE", f"for instance: maille ask {args.name} who=OpenAI"
        )
    from maille.cli.exchange import source

    with source(args) as store:
        given = {name: value for name, _, value in (a.partition("=") for a in args.arguments)}
        print(
            render(
                put(store, args.name, given), args.format, store.base, 48 if args.format in (None, "table") else 0
            ).rstrip("\n")
        )
    return WELL


_FACTS = """
SELECT DISTINCT ?claim ?subject ?property ?object ?modality ?period ?by ?confidence ?rule ?quote ?begin ?end ?title ?published WHERE {
  ?claim a maille:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; maille:modality ?m ; maille:period ?t ;
    maille:confidence ?confidence ; prov:wasDerivedFrom ?span .
  ?span nif:anchorOf ?quote ; nif:beginIndex ?begin ; nif:endIndex ?end ; nif:referenceContext ?article .
  OPTIONAL { ?claim maille:rule ?rule }
  OPTIONAL { ?s skos:prefLabel ?sn } OPTIONAL { ?s a ?st . FILTER(STRSTARTS(STR(?st), STR(maille:))) }
  OPTIONAL { ?o skos:prefLabel ?on }
  OPTIONAL { ?o schema:value ?number . OPTIONAL { ?o schema:currency|schema:unitText ?unit } }
  OPTIONAL { ?claim maille:attributedTo ?who . OPTIONAL { ?who skos:prefLabel ?whoName } }
  OPTIONAL { ?article dcterms:title ?title } OPTIONAL { ?article dcterms:date ?published }
  BIND(COALESCE(?sn, CONCAT(STRAFTER(STR(?st), "#"), " ", REPLACE(STR(?s), "^.*/", ""))) AS ?subject)
  BIND(STRAFTER(STR(?p), "#") AS ?property)
  BIND(COALESCE(?on, CONCAT(STR(?number), " ", ?unit), STR(?number), STR(?o)) AS ?object)
  BIND(STRAFTER(STR(?m), "#") AS ?modality) BIND(STRAFTER(STR(?t), "#") AS ?period)
  BIND(COALESCE(?whoName, STR(?who)) AS ?by)
  FILTERS
}
ORDER BY ?published ?title ?begin ?subject ?property ?object ?claim
"""
_COLUMNS = (
    "subject",
    "property",
    "object",
    "modality",
    "period",
    "by",
    "confidence",
    "rule",
    "quote",
    "begin",
    "end",
    "title",
    "published",
)


def facts(args: argparse.Namespace) -> int:
    """List claims with their sentences."""
    from maille.query import find_entities

    if args.property:
        _check_property(args.property)
    with _open(args) as store:
        filters = []
        if args.entity:
            names = " ".join(iri if iri.startswith("<") else f"<{iri}>" for iri in find_entities(store, args.entity))
            filters.append(
                f"FILTER EXISTS {{ VALUES ?any {{ {names} }} {{ ?claim rdf:subject ?any }} UNION {{ ?claim rdf:object ?any }} "
                f"UNION {{ ?other rdf:subject ?s ; rdf:object ?any . ?s a/rdfs:subClassOf? maille:Event }} }}"
            )
        if args.property:
            filters.append(f'FILTER(STRAFTER(STR(?p), "#") = {json.dumps(args.property)})')
        if args.modality:
            filters.append(f"FILTER(?m = maille:{args.modality})")
        rows = [
            {name: row[name] for name in _COLUMNS}
            for row in store.rows(_FACTS.replace("FILTERS", "\n  ".join(filters)))
        ]
    if args.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif args.format == "csv":
        writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            print(_line(row))
    if not rows:
        _say("maille: no claim fits")
    return WELL


def _check_property(name: str) -> None:
    """MailleError, with the nearest names, where the vocabulary has no such property or role."""
    from difflib import get_close_matches

    from maille.vocabulary import RELATIONS, ROLES

    known = sorted({*RELATIONS, *ROLES})
    if name not in known:
        near = get_close_matches(name, known, n=3)
        hint = "did you mean " + " or ".join(near) + "?" if near else "the properties are " + ", ".join(known)
        raise MailleError(f"there is no property {name!r}", hint)


def _line(row: dict[str, str]) -> str:
    how = [
        h
        for h in (
            row["modality"] if row["modality"] != "Asserted" else "",
            row["period"] if row["period"] != "Current" else "",
            f"selon {row['by']}" if row["by"] else "",
        )
        if h
    ]
    quote = " ".join(row["quote"].split())
    note = f" [{', '.join(how)}]" if how else ""
    return f"{row['subject']} -- {row['property']} -> {row['object']}{note}  ({float(row['confidence']):.2f})\n    « {quote} »  {row['published']} [{row['begin']}:{row['end']}]"


def export(args: argparse.Namespace) -> int:
    """Write the graph in another form."""
    from maille.cli.exchange import export as run

    return run(args)


def push(args: argparse.Namespace) -> int:
    """Write the graph to a SPARQL endpoint."""
    from maille.cli.exchange import push as run

    return run(args)


def view(args: argparse.Namespace) -> int:
    """Draw the graph as one HTML file."""
    from maille.cli import picture

    with _open(args) as store:
        return picture.view(store, args)


def add(args: argparse.Namespace) -> int:
    """Add articles to a graph."""
    from maille.cli import graphs

    return graphs.add(args)


def remove(args: argparse.Namespace) -> int:
    """Take articles out."""
    from maille.cli import graphs

    return graphs.remove(args)


def info(args: argparse.Namespace) -> int:
    """Tell what a graph holds."""
    from maille.cli import graphs

    return graphs.info(args)


def diff(args: argparse.Namespace) -> int:
    """Compare two graphs claim by claim."""
    from maille.cli import graphs

    return graphs.diff(args)


def infer(args: argparse.Namespace) -> int:
    """Derive what follows."""
    from maille.cli import graphs

    return graphs.infer(args)


def validate(args: argparse.Namespace) -> int:
    """Check against the shapes."""
    from maille.cli import validation

    return validation.validate(args)


def serve(args: argparse.Namespace) -> int:
    """Serve the graph over HTTP."""
    from maille.cli.serve import serve as served

    return served(args)
