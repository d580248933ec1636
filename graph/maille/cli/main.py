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


def _endpoint(command: argparse.ArgumentParser, help_: str, required: bool = False) -> None:
    command.add_argument(
        "--endpoint",
        metavar="URL",
        required=required,
        help=f"{help_} (MAILLE_ENDPOINT_TOKEN, or MAILLE_ENDPOINT_USER and MAILLE_ENDPOINT_PASSWORD, say who asks)",
    )


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
            "-g", "--graph", default="out", metavar="DIR", help="a folder that maille build or add wrote (default: out)"
        )
        return made

    _graph_commands(command, on_graph)

    query = on_graph("query", "ask the graph in SPARQL")
    query.add_argument("sparql", nargs="?", help="the query; without it, it is read from --file or standard input")
    query.add_argument("-f", "--file", metavar="FILE", help="a file that holds the query")
    query.add_argument(
        "--format",
        choices=("table", "csv", "tsv", "json", "xml", "turtle"),
        help="how to answer (default: table, or turtle)",
    )
    _endpoint(query, "ask this SPARQL endpoint instead of a folder")
    ask = on_graph("ask", "ask a named question; without a name, list them")
    ask.add_argument("name", nargs="?", help="the question")
    ask.add_argument(
        "arguments", nargs="*", metavar="PARAMETER=VALUE", help="what the question is about, e.g. who=OpenAI"
    )
    ask.add_argument("--format", choices=("table", "csv", "tsv", "json", "xml"), help="how to answer (default: table)")
    _endpoint(ask, "ask this SPARQL endpoint instead of a folder")
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
        choices=("turtle", "trig", "nquads", "jsonld", "rdfxml", "graphml", "gexf", "neo4j", "gephi"),
        help="default: by the ending of --out, else turtle; neo4j and gephi are CSV files in the folder --out",
    )
    export.add_argument("-o", "--out", metavar="FILE", help="the file or folder to write (default: standard output)")
    export.add_argument(
        "--rdf12",
        action="store_true",
        help="claims with RDF 1.2 triple terms (turtle, trig, nquads): rdf:reifies <<( s p o )>>",
    )
    push = on_graph("push", "write the graph to a SPARQL endpoint, article by article")
    _endpoint(push, "the endpoint's URL for updates", required=True)
    push.add_argument("--flat", action="store_true", help="into the default graph, adding to what it holds")
    push.add_argument(
        "--batch", type=int, default=1000, metavar="N", help="so many statements an update (default: 1000)"
    )
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
    serve = on_graph("serve", "serve the graph over HTTP: SPARQL, linked data, a web site (needs maille[serve])")
    _serve_options(serve)
    return top


def _serve_options(parser: argparse.ArgumentParser) -> None:
    from maille.cli.serve import add_options

    add_options(parser)


def _graph_commands(
    command: Callable[[str, str], argparse.ArgumentParser], on_graph: Callable[[str, str], argparse.ArgumentParser]
) -> None:
    """The commands for a graph that stays: add, remove, info, diff, infer, validate."""
    add = on_graph("add", "add articles to a graph; a changed article takes its earlier text's place")
    add.add_argument(
        "inputs", nargs="*", metavar="INPUT", help=".txt or .html files, folders of these, or - for standard input"
    )
    add.add_argument("--again", action="store_true", help="read also the texts that are in the graph already")
    add.add_argument("--jobs", type=int, default=1, metavar="N", help="read in so many processes (default: 1)")
    add.add_argument("--model", metavar="NAME", help="an installed spaCy French pipeline to read with")
    add.add_argument("--date", type=_date, metavar="ISO", help="the publication date of articles that tell none")
    add.add_argument("--base", metavar="IRI", help="the IRI under which entities and articles are named")
    add.add_argument("--verbose", action="store_true", help="name the articles that were there already, too")
    remove = on_graph("remove", "take articles, and what was inferred from them, out of the graph")
    remove.add_argument(
        "articles", nargs="*", metavar="ARTICLE", help="a key, the beginning of one, or an IRI (maille info shows them)"
    )
    remove.add_argument("--all", action="store_true", help="all of them")
    info = on_graph("info", "tell what a graph holds: its articles, and numbers by class, property, modality")
    info.add_argument("--format", choices=("text", "json"), default="text")
    diff = command("diff", "compare two graph folders claim by claim; exit code 1 where they differ")
    diff.add_argument("before", metavar="BEFORE", help="a folder that maille build or add wrote")
    diff.add_argument("after", metavar="AFTER", help="another one")
    diff.add_argument("--format", choices=("text", "json"), default="text")
    infer = on_graph("infer", "derive what follows from the asserted claims, with rule and premises")
    infer.add_argument("--list", action="store_true", help="tell the rules and what they mean")
    infer.add_argument("--language", choices=("fr", "en"), default="en", help="of --list (default: en)")
    validate = on_graph("validate", "check a graph against the SHACL shapes (needs the extra maille[validate])")
    validate.add_argument(
        "file", nargs="?", metavar="FILE_OR_GRAPH", help="a graph folder, or an RDF file that anyone wrote"
    )
    validate.add_argument("--language", choices=("fr", "en"), default="en", help="of the messages (default: en)")
    validate.add_argument("--format", choices=("text", "json"), default="text")


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
