"""`maille serve`: the graph over HTTP, on this machine unless told otherwise."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from importlib.util import find_spec
from pathlib import Path

from maille.errors import MailleError


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `maille serve` but for -g."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000, help="0 for any free one (default: 8000)")
    parser.add_argument(
        "--update",
        action="store_true",
        help="allow changes to those who send the token of MAILLE_TOKEN, or one that is made and shown",
    )
    parser.add_argument(
        "--timeout", type=float, default=30, metavar="SECONDS", help="how long a query may compute (default: 30)"
    )
    parser.add_argument(
        "--workers", type=int, default=2, metavar="N", help="how many queries run side by side (default: 2)"
    )
    parser.add_argument(
        "--max-result", type=int, default=256, metavar="MB", help="the largest answer (default: 256 MB)"
    )
    parser.add_argument(
        "--max-body", type=int, default=16, metavar="MB", help="the largest body of a request (default: 16 MB)"
    )
    parser.add_argument(
        "--memory", type=int, default=4096, metavar="MB", help="the memory of one query (default: 4096 MB)"
    )
    parser.add_argument(
        "--cors", action="append", default=[], metavar="ORIGIN", help="an origin whose pages may ask, or * for all"
    )
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="a name that this server is reached by"
    )


def serve(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    if missing := [name for name in ("starlette", "uvicorn", "python_multipart") if find_spec(name) is None]:
        raise MailleError(f"maille serve needs {', '.join(missing)}", "pip install 'maille[serve]'")
    from maille.serve.app import run
    from maille.serve.settings import Settings, is_loopback
    from maille.serve.worker import folder_of

    token = (os.environ.get("MAILLE_TOKEN") or secrets.token_urlsafe(24)) if args.update else ""
    settings = Settings(
        store=folder_of(Path(args.graph)),
        host=args.host,
        port=args.port,
        token=token,
        timeout=args.timeout,
        workers=args.workers,
        max_result=args.max_result << 20,
        max_body=args.max_body << 20,
        memory=args.memory << 20,
        cors=tuple(args.cors),
        hosts=tuple(args.allow_host),
    )

    def ready(address: str) -> None:
        print(f"maille: serving {args.graph} at {address} (SPARQL: {address}sparql)", file=sys.stderr)
        if not is_loopback(args.host):
            print("maille: other machines can reach it", file=sys.stderr)
        if args.update and not os.environ.get("MAILLE_TOKEN"):
            print(f"maille: the token that allows changes is {token}", file=sys.stderr)
        sys.stderr.flush()

    run(settings, ready)
    return 0
