"""The commands that change a graph folder or tell what it holds: add, remove, info, diff, infer."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maille.errors import MailleError
from maille.records import Skipped

if TYPE_CHECKING:
    from maille.store import Store

WELL, NOT_ALL_WELL = 0, 1


def open_graph(graph: str, create: bool = False, base: str | None = None) -> Store:
    """The store of a graph folder; MailleError if there is none and it is not to be made."""
    from maille.adding import folder_of
    from maille.store import Store

    folder = Path(graph)
    if not create and not folder.exists():
        raise MailleError(f"there is no graph in {folder}", "make one with `maille add ARTICLES -g DIR`")
    return Store.open(folder_of(folder), create=create, base=base)


def say(line: str) -> None:
    print(f"maille: {line}", file=sys.stderr)


def add(args: argparse.Namespace) -> int:
    """Read articles into a graph that stays; a line on standard output for each that is safe on disk."""
    from maille.adding import add as outcomes

    if not args.inputs:
        raise MailleError("there is nothing to add", "name article files or folders, or - for standard input")
    counted = {"added": 0, "unchanged": 0, "skipped": 0}
    with open_graph(args.graph, create=True, base=args.base) as store:
        kept = _is_inferred(store)
        given = outcomes(store, args.inputs, model=args.model, date=args.date, again=args.again, jobs=args.jobs)
        for found in given:
            if isinstance(found, Skipped):
                counted["skipped"] += 1
                say(f"skipped {found.source}: {found.reason}" + (f" ({found.hint})" if found.hint else ""))
                continue
            counted[found.status] += 1
            if found.status == "added" or args.verbose:
                title = found.article.title or found.article.source
                print(f"{found.status} {found.article.key[:20]} {found.claims:4} claims  {title}", flush=True)
        if kept and counted["added"]:
            _infer_again(store)
    told = ", ".join(f"{number} {status}" for status, number in counted.items())
    say(f"{told} -> {args.graph}")
    _tell_of_files(args.graph, bool(counted["added"]))
    return NOT_ALL_WELL if counted["skipped"] else WELL


def remove(args: argparse.Namespace) -> int:
    """Take articles out."""
    if bool(args.articles) == args.all:
        raise MailleError("name the articles to remove, or --all", "`maille info` shows their keys")
    with open_graph(args.graph) as store:
        kept = _is_inferred(store)
        named = [a.key for a in store.articles()] if args.all else [store.find(a).key for a in args.articles]
        for key in dict.fromkeys(named):
            gone = store.remove(key)
            say(f"removed {gone.title or gone.key[:20]} ({gone.claims} claims)")
        if kept:
            _infer_again(store)
    _tell_of_files(args.graph, bool(named))
    return WELL


def _is_inferred(store: Store) -> bool:
    """Was anything inferred in this graph? Then it is kept in step with the articles."""
    return any(True for _ in store.rows("SELECT ?claim { ?claim maille:inferredFrom ?premise } LIMIT 1"))


def _infer_again(store: Store) -> None:
    done = store.infer()
    say(f"inferred anew: {sum(done.by_rule.values())} triples follow")


def _tell_of_files(graph: str, changed: bool) -> None:
    stale = [name for name in ("graph.ttl", "graph.html") if (Path(graph) / name).exists()]
    if changed and stale:
        say(f"{' and '.join(stale)} stay as they were: maille export, maille view")


def infer(args: argparse.Namespace) -> int:
    """Apply the rules."""
    from maille.store.inference import rules

    if args.list:
        for rule in rules():
            print(f"{rule.name:22} {rule.meaning_fr if args.language == 'fr' else rule.meaning_en}")
        return WELL
    with open_graph(args.graph) as store:
        done = store.infer()
    for name, number in done.by_rule.items():
        print(f"{name:22} {number}")
    say(f"{sum(done.by_rule.values())} inferred triples: {done.added} added, {done.gone} gone, {done.rounds} rounds")
    return WELL


def info(args: argparse.Namespace) -> int:
    """Tell what a graph holds."""
    from maille.store.numbers import numbers

    with open_graph(args.graph) as store:
        told, counted, articles = store.info(), numbers(store), store.articles()
    if args.format == "json":
        about = {f: getattr(told, f) for f in ("base", "entities", "events", "claims", "inferred", "triples")}
        listed = [{f: getattr(a, f) for f in a.__slots__} for a in articles]
        print(json.dumps({**about, **counted, "articles": listed}, ensure_ascii=False, indent=1))
        return WELL
    inferred = f", {told.inferred} inferred" if told.inferred else ""
    print(
        f"{told.articles} article{'s' * (told.articles != 1)}, {told.entities} entities, {told.events} events, "
        f"{told.claims} claims{inferred}, {told.triples} triples; base {told.base}"
    )
    for a in articles:
        print(f"{a.key[:12]}  {a.published or '????-??-??'}  {a.claims:4} claims  {a.title or a.source}")
    for heading, rows in counted.items():
        if rows:
            print(f"\n{heading}")
            print("\n".join(f"  {name:20} {number:8}" for name, number in rows.items()))
    return WELL


def diff(args: argparse.Namespace) -> int:
    """Compare two graphs, claim by claim."""
    from maille.store.diff import as_json, as_text, compare, read_claims

    sides = []
    for graph in (args.before, args.after):
        with open_graph(graph) as store:
            sides.append(read_claims(store))
    found = compare(*sides)
    if args.format == "json":
        print(as_json(found))
    else:
        sys.stdout.write(as_text(found))
    say(f"{len(found.added)} added, {len(found.gone)} gone, {len(found.changed)} changed, {found.same} the same")
    return NOT_ALL_WELL if found.added or found.gone or found.changed else WELL
