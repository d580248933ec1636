"""Arguments, dispatch, exit codes: 0 well, 1 something skipped or not found, 2 wrong usage, 3 a fault of ours."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from maille import __version__
from maille.errors import MailleError

WELL, SKIPPED, USAGE, FAULT = 0, 1, 2, 3

_ABOUT = """\
French press articles become a knowledge graph with the sentence behind every claim.

  maille build article.txt -o out/        read it: out/graph.ttl, out/graph.html, out/store/
  maille facts -g out/                    the claims as lines, with their sentences
  maille ask investments -g out/          a named question (maille ask lists them)
  maille query -g out/ 'SELECT ...'       SPARQL
"""


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it like 2025-03-31") from None


def _modality(text: str) -> str:
    return text.capitalize()


class _Parser(argparse.ArgumentParser):
    """Tells a wrong call in one line with a hint, like every other mistake."""

    def error(self, message: str) -> NoReturn:
        raise MailleError(message, f"{self.prog} --help tells how")


def parser() -> argparse.ArgumentParser:
    """The parser of all subcommands; MailleError for a wrong call."""
    top = _Parser(prog="maille", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"maille {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, help_: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help_, description=help_[:1].upper() + help_[1:] + ".")

    build = command("build", "read articles into a folder: graph.ttl, graph.html and store/")
    build.add_argument(
        "inputs", nargs="*", metavar="INPUT", help=".txt or .html files, folders of these, or - for standard input"
    )
    build.add_argument("-o", "--out", required=True, metavar="DIR", help="the folder to write to")
    build.add_argument("--sample", action="store_true", help="read the article that ships with maille")
    build.add_argument(
        "--each", action="store_true", help="write one NAME.ttl an article, each alone, instead of one graph"
    )
    build.add_argument(
        "--model", metavar="NAME", help="an installed spaCy French pipeline to read with, instead of maille's own"
    )
    build.add_argument("--date", type=_date, metavar="ISO", help="the publication date of articles that tell none")
    build.add_argument("--base", metavar="IRI", help="the IRI under which entities and articles are named")

    def on_graph(name: str, help_: str) -> argparse.ArgumentParser:
        made = command(name, help_)
        made.add_argument(
            "-g", "--graph", default="out", metavar="DIR", help="a folder that maille build wrote (default: out)"
        )
        return made

    query = on_graph("query", "ask the graph in SPARQL")
    query.add_argument("sparql", nargs="?", help="the query; without it, it is read from --file or standard input")
    query.add_argument("-f", "--file", metavar="FILE", help="a file that holds the query")
    query.add_argument(
        "--format", choices=("table", "csv", "tsv", "json", "turtle"), help="how to answer (default: table, or turtle)"
    )
    ask = on_graph("ask", "ask a named question; without a name, list them")
    ask.add_argument("name", nargs="?", help="the question")
    ask.add_argument(
        "arguments", nargs="*", metavar="PARAMETER=VALUE", help="what the question is about, e.g. who=OpenAI"
    )
    ask.add_argument("--format", choices=("table", "csv", "tsv", "json"), help="how to answer (default: table)")
    facts = on_graph("facts", "list the claims with their sentences")
    facts.add_argument("--entity", metavar="NAME", help="only claims about this entity")
    facts.add_argument("--property", metavar="P", help="only claims of this property or role")
    facts.add_argument(
        "--modality",
        type=_modality,
        choices=("Asserted", "Planned", "Possible", "Conditional", "Denied"),
        help="only claims of this modality",
    )
    facts.add_argument("--format", choices=("text", "csv", "json"), default="text")
    export = on_graph("export", "write the graph in another form")
    export.add_argument(
        "--format",
        choices=("turtle", "trig", "nquads", "jsonld", "graphml"),
        help="default: by the ending of --out, else turtle",
    )
    export.add_argument("-o", "--out", metavar="FILE", help="the file to write (default: standard output)")
    view = on_graph("view", "draw the graph as one HTML file that opens offline")
    view.add_argument("-o", "--out", metavar="FILE", help="the file to write (default: DIR/graph.html)")
    view.add_argument("--focus", metavar="NAME", help="only this entity and its neighbourhood")
    view.add_argument(
        "--distance", type=int, default=1, metavar="N", help="how far the neighbourhood of --focus reaches (default: 1)"
    )
    view.add_argument(
        "--limit", type=int, default=400, metavar="N", help="at most so many entities at first sight (default: 400)"
    )
    view.add_argument("--language", choices=("fr", "en"), default="fr", help="of labels (default: fr)")
    view.add_argument(
        "--construct",
        metavar="QUERY",
        help="draw what this SPARQL CONSTRUCT gives, a text or a file: ties, claims (their IRIs) or typed entities",
    )
    view.add_argument("--title", metavar="TEXT", help="the heading of the page")
    view.add_argument("--open", action="store_true", help="open the page in the browser")
    on_graph("info", "tell what a graph holds, article by article")
    remove = on_graph("remove", "take an article out of the graph")
    remove.add_argument("article", help="the article's key, the beginning of it, or its IRI (maille info shows them)")
    validate = on_graph("validate", "check the graph against the SHACL shapes (needs the extra maille[validate])")
    validate.add_argument("file", nargs="?", help="a Turtle file to check instead")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, prints errors as one line and a hint."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _run(argv)
        sys.stdout.flush()  # here, where a closed pipe can still be caught
        return code
    except SystemExit as end:  # --help and --version
        return end.code if isinstance(end.code, int) else WELL
    except MailleError as error:
        return _mistake(str(error), error.hint)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WELL
    except OSError as error:
        if os.environ.get("MAILLE_TRACEBACK"):
            raise
        about = f"{error.filename}: " if error.filename else ""
        return _mistake(f"{about}{error.strerror or error}", "check the path, its permissions and the room on the disk")
    except KeyboardInterrupt:
        print("\nmaille: stopped", file=sys.stderr)
        return 130
    except Exception as error:
        if os.environ.get("MAILLE_TRACEBACK"):
            raise
        print(f"maille: an unexpected fault: {type(error).__name__}: {error}", file=sys.stderr)
        print(
            "        this is a bug in maille; run again with MAILLE_TRACEBACK=1 and report what it prints",
            file=sys.stderr,
        )
        return FAULT


def _run(argv: Sequence[str] | None) -> int:
    args = parser().parse_args(argv)
    from maille.cli import commands

    run: Callable[[argparse.Namespace], int] = getattr(commands, args.command)
    return run(args)


def _mistake(message: str, hint: str) -> int:
    print(f"maille: {message}", file=sys.stderr)
    if hint:
        print(f"        {hint}", file=sys.stderr)
    return USAGE
