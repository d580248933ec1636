"""`maille view`: the graph, or what a query picks of it, as one HTML file."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maille.errors import MailleError

if TYPE_CHECKING:
    from maille.store import Store


def view(store: Store, args: argparse.Namespace) -> int:
    """Write the page and, where asked, open it; a browser that cannot be opened is told, not a failure."""
    from maille.view import draw_store

    out = Path(args.out) if args.out else Path(args.graph) / "graph.html"
    draw_store(
        store,
        out,
        title=args.title,
        focus=args.focus,
        distance=args.distance,
        limit=args.limit,
        language=args.language,
        construct=query_text(args.construct) if args.construct is not None else None,
    )
    opened = bool(args.open) and _opened(out)
    print(f"maille: wrote {out}" + ("" if opened else "; open it in a browser"), file=sys.stderr)
    return 0


def query_text(given: str) -> str:
    """The query itself, or the text of the file that is named; MailleError where that cannot be read."""
    if re.search(r"[{}\n]", given):
        return given
    try:
        return Path(given).read_text("utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    raise MailleError(
        f"the query file {given} cannot be read ({reason})", "give a file, or CONSTRUCT { ... } WHERE { ... }"
    )


def _opened(page: Path) -> bool:
    import webbrowser

    return webbrowser.open(page.resolve().as_uri())
