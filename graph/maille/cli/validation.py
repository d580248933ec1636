"""maille validate: a graph folder, or an RDF file that anyone wrote, against the shapes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from maille.errors import MailleError

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from maille.rdf import Violation
    from maille.store import Store

WELL, FAULTY = 0, 1
AT_ONCE = 150_000
"""Triples that are checked together; a larger graph goes by articles."""

_SAID = {
    "fr": ("{n} défaut{s} dans {where}", "{where} est conforme ({triples} triplets)"),
    "en": ("{n} fault{s} in {where}", "{where} conforms ({triples} triples)"),
}


def validate(args: argparse.Namespace) -> int:
    """Check against the shapes; exit code 1 where something is wrong."""
    named = args.file or args.graph
    path = Path(named)
    if path.is_file():
        triples = read_triples(path)
        found, count = check(triples, args.language), len(triples)
    else:
        from maille.cli.graphs import open_graph

        with open_graph(named) as store:
            found, count = check_store(store, args.language), store.info().triples
    if args.format == "json":
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            print(_line(each))
    faults, well = _SAID[args.language]
    told = faults.format(n=len(found), s="s" * (len(found) != 1), where=named)
    print("maille: " + (told if found else well.format(where=named, triples=count)), file=sys.stderr)
    return FAULTY if found else WELL


def read_triples(path: Path) -> list[Triple]:
    """The triples of an RDF file, whatever their graphs; MailleError with the place of an error."""
    import pyoxigraph as ox

    form = ox.RdfFormat.from_extension(path.suffix.lower().lstrip("."))
    if form is None:
        raise MailleError(f"{path} is in no known RDF format", "name it .ttl, .trig, .nt, .nq, .jsonld or .rdf")
    try:
        return sorted({quad.triple for quad in ox.parse(path=str(path), format=form)}, key=str)
    except SyntaxError as error:
        place = f" at line {error.lineno}" if error.lineno else ""
        raise MailleError(f"{path} cannot be read{place}: {error.msg}", "check the syntax") from error


def check(triples: Iterable[Triple], language: str) -> list[Violation]:
    """What is wrong in these triples, taken as one graph."""
    from maille.rdf import violations
    from maille.rdf.bridge import graph

    try:
        return list(violations(graph(triples), language))
    except TypeError as error:  # rdflib knows no triple terms
        raise MailleError(f"the graph cannot be checked: {error}", "write it without RDF 1.2 triple terms") from error


def check_store(store: Store, language: str) -> list[Violation]:
    """What is wrong in a store; one larger than AT_ONCE is checked by articles, without what was inferred."""
    if store.info().triples <= AT_ONCE:
        return check(store.triples(), language)
    found: list[Violation] = []
    keys: list[str] = []
    room = AT_ONCE
    articles = store.articles()
    for number, article in enumerate(articles):
        keys.append(article.key)
        room -= article.triples
        if room <= 0 or number == len(articles) - 1:
            found += check(store.triples(keys), language)
            keys, room = [], AT_ONCE
    return sorted(set(found))


def _line(fault: Violation) -> str:
    from maille.rdf.mint import DEFAULT_BASE
    from maille.rdf.names import PREFIXES

    path = fault.path
    for prefix, namespace in PREFIXES.items():
        path = path.replace(namespace, f"{prefix}:")
    place = f"{fault.node.removeprefix(DEFAULT_BASE)} {path}".strip()
    return f"{place}: {fault.message}" + (f"\n    « {fault.quote} »" if fault.quote else "")
