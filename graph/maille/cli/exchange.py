"""Commands that bring a graph elsewhere: export to files, push to an endpoint; and asking an endpoint."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maille.cli.commands import WELL, _open, _say
from maille.errors import MailleError

if TYPE_CHECKING:
    from maille.store import Store
    from maille.store.endpoint import Endpoint


def source(args: argparse.Namespace) -> Store | Endpoint:
    """What a query is put to: the endpoint that was named, else the folder."""
    if args.endpoint:
        from maille.store.endpoint import Endpoint

        return Endpoint(args.endpoint, tries=3)
    return _open(args)


def export(args: argparse.Namespace) -> int:
    """Write the graph in another form: to standard output, a file, or a folder."""
    from maille.export import FOLDERS, export_files, form_of
    from maille.export import export as written

    form = args.format or (form_of(args.out) if args.out else "turtle")
    if form in FOLDERS:
        if args.rdf12:
            raise MailleError(f"{form} cannot hold triple terms", "leave --rdf12 out")
        if not args.out:
            raise MailleError(f"{form} is several files", "name a folder to write them to: -o DIR")
        with _open(args) as store:
            files = export_files(store, form)
        folder = Path(args.out)
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        _say(f"maille: wrote {', '.join(str(folder / name) for name in files)} ({form})")
        return WELL
    with _open(args) as store:
        text = written(store, form, rdf12=args.rdf12)
    if args.out:
        Path(args.out).write_text(text, "utf-8", newline="")
        _say(f"maille: wrote {args.out} ({form})")
    else:
        sys.stdout.write(text)
    return WELL


def push(args: argparse.Namespace) -> int:
    """Write the graph to an endpoint; each graph there is replaced, unless all goes into the default graph."""
    from maille.store.endpoint import Endpoint, flat

    if args.batch < 1:
        raise MailleError(f"--batch {args.batch} is no number of statements", "give 1 or more")
    shown = sys.stderr.isatty()

    def progress(done: int) -> None:
        print(f"\r\033[K{done} statements", end="", file=sys.stderr, flush=True)

    with _open(args) as store, Endpoint(args.endpoint) as endpoint:
        try:
            done = endpoint.push(
                flat(store.triples()) if args.flat else store.quads(),
                batch=args.batch,
                progress=progress if shown else None,
            )
        finally:
            if shown:
                print("\r\033[K", end="", file=sys.stderr, flush=True)
    _say(f"maille: {done} statements -> {args.endpoint}")
    return WELL
