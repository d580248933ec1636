"""A process that answers: it opens the store, does one job at a time, and may be killed at any moment.

Jobs come over a pipe as pickled dataclasses; answers go back as bytes with a tag: `h` the head (JSON), `d` a piece of
the body, `e` an error (JSON), `z` the end; `r`, once, that the process is ready.
"""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from maille.errors import MailleError
from maille.rdf.names import PREFIXES
from maille.serve.formats import GRAPHS, RESULTS, choose, with_charset
from maille.store import Store
from maille.store.guard import has_dataset, refuse_calls, with_dataset
from maille.store.store import query_error

PIECE = 64 << 10
"""Bytes that are sent at once."""

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class Refused(Exception):
    """A request that cannot be answered: an HTTP status, what is wrong, what to do."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint


@dataclass(frozen=True, slots=True)
class Query:
    """A SPARQL query; the dataset of the request goes before that of the query."""

    text: str
    accept: str = ""
    base: str | None = None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update, or the change of one graph: whole, or not at all."""

    text: str
    base: str | None = None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadGraph:
    """One graph as it is (graph store protocol); the empty name is the default graph."""

    graph: str
    accept: str = ""


@dataclass(frozen=True, slots=True)
class WriteGraph:
    """PUT, POST or DELETE of a graph; `parts` are media types and bodies."""

    method: str
    graph: str
    parts: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site, by the name of its function in `maille.serve.pages`."""

    name: str
    arguments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Copy the store as it is now to a folder (hard links: no time, no room)."""

    folder: str


Job = Query | Update | ReadGraph | WriteGraph | Page | Snapshot


class Outlet:
    """A file to write to that sends pieces over a pipe; Refused when the answer is larger than `limit`."""

    def __init__(self, pipe: Connection, limit: int) -> None:
        self._pipe, self._limit, self._held = pipe, limit, bytearray()
        self.sent = 0

    def write(self, data: bytes) -> int:
        self.sent += len(data)
        if self.sent > self._limit:
            raise Refused(413, f"the answer is larger than {self._limit >> 20 or self._limit} "
                          f"{'MB' if self._limit >> 20 else 'bytes'}", "ask for less, with LIMIT")  # fmt: skip
        self._held += data
        if len(self._held) >= PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._held:
            self._pipe.send_bytes(b"d" + self._held)
            self._held.clear()


def main(pipe: Connection, folder: str, writable: bool, limit: int, memory: int) -> None:
    """Serve jobs until the pipe is closed; `folder` is opened for writing if `writable`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    with contextlib.suppress(ValueError, OSError, ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe.send_bytes(b"r")
    inner = None
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            wanted, job = pipe.recv()
            try:
                if inner is None or (wanted != folder and not writable):
                    inner, folder = _open(wanted, writable), wanted
                _answer(inner, job, pipe, limit)
            except (EOFError, BrokenPipeError, ConnectionResetError):
                return
            except Refused as refused:
                _fail(pipe, refused.status, refused.message, refused.hint)
            except MailleError as error:
                _fail(pipe, 400, str(error), error.hint)
            except Exception as error:
                _fail(pipe, 500, f"a fault of the server: {type(error).__name__}: {error}")


def _open(folder: str, writable: bool) -> ox.Store:
    try:
        return ox.Store(folder) if writable else ox.Store.read_only(folder)
    except OSError as error:
        raise Refused(503, f"the store cannot be opened: {error}", "is another process writing to it?") from error


def _fail(pipe: Connection, status: int, message: str, hint: str = "") -> None:
    pipe.send_bytes(b"e" + json.dumps({"status": status, "message": message, "hint": hint}).encode())


def _answer(store: ox.Store, job: Job, pipe: Connection, limit: int) -> None:
    outlet = Outlet(pipe, limit)

    def head(status: int, media: str = "", **more: str) -> None:
        pipe.send_bytes(b"h" + json.dumps({"status": status, "media": media, **more}).encode())

    match job:
        case Query():
            _query(store, job, head, outlet)
        case Update():
            _update(store, job)
            head(204)
        case ReadGraph():
            _read_graph(store, job, head, outlet)
        case WriteGraph():
            head(_write_graph(store, job))
        case Page():
            from maille.serve import pages

            status, media, body = pages.render(Store(store, writable=False), job.name, job.arguments)
            head(status, media)
            outlet.write(body)
        case Snapshot():
            store.flush()
            store.backup(job.folder)
            head(204)
    outlet.flush()
    pipe.send_bytes(b"z")


def _query(store: ox.Store, job: Query, head: Callable[..., None], outlet: Any) -> None:
    refuse_calls(job.text)
    options: dict[str, Any] = {"base_iri": job.base}
    if job.default or job.named:
        options |= {"default_graph": [*map(_node, job.default)], "named_graphs": [*map(_node, job.named)]}
    elif not has_dataset(job.text):
        options["use_default_graph_as_union"] = True
    try:
        found = store.query(job.text, prefixes=PREFIXES, **options)
    except SyntaxError as error:
        raise query_error(job.text, str(error)) from error
    graph = isinstance(found, ox.QueryTriples)
    offered = GRAPHS if graph else RESULTS
    form = _form(job.accept, offered)
    head(200, with_charset(offered[form]))
    try:
        if isinstance(found, ox.QueryTriples):
            ox.serialize(found, outlet, format=_GRAPHS[form], prefixes=PREFIXES)
        elif isinstance(found, ox.QueryBoolean) and form in ("csv", "tsv"):
            outlet.write(b"true\r\n" if found else b"false\r\n")
        else:
            found.serialize(output=outlet, format=_RESULTS[form])
    except (RuntimeError, ValueError) as error:
        raise Refused(500, f"the query stopped: {error}") from error


def _form(accept: str, offered: dict[str, str]) -> str:
    form = choose(accept, offered)
    if form is None:
        raise Refused(406, f"no form of the answer fits {accept!r}", "there are " + ", ".join(offered.values()))
    return form


def _update(store: ox.Store, job: Update) -> None:
    refuse_calls(job.text, update=True)
    text = with_dataset(job.text, [_node(i).value for i in job.default], [_node(i).value for i in job.named])
    try:
        store.update(text, base_iri=job.base, prefixes=PREFIXES)
    except SyntaxError as error:
        raise Refused(400, f"the update is wrong: {error}") from error
    store.flush()


def _read_graph(store: ox.Store, job: ReadGraph, head: Callable[..., None], outlet: Any) -> None:
    form = _form(job.accept, GRAPHS)
    if job.graph and not _is_there(store, job.graph):
        raise Refused(404, f"there is no graph {job.graph}", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } lists them")
    head(200, with_charset(GRAPHS[form]))
    quads = store.quads_for_pattern(None, None, None, _graph(job.graph))
    ox.serialize((q.triple for q in quads), outlet, format=_GRAPHS[form], prefixes=PREFIXES)


def _write_graph(store: ox.Store, job: WriteGraph) -> int:
    """Change a graph in one transaction; the HTTP status that says how."""
    there = not job.graph or _is_there(store, job.graph)
    if job.method == "DELETE" and not there:
        raise Refused(404, f"there is no graph {job.graph}")
    name = f"GRAPH {_node(job.graph)}" if job.graph else "DEFAULT"
    steps = [] if job.method == "POST" else [f"DROP SILENT {name}"]
    if job.method != "DELETE":
        lines = [f"{triple} ." for part in job.parts for triple in _parsed(*part, job.graph)]
        if job.graph:
            steps.append(f"CREATE SILENT {name}")
        if lines:
            inside = "\n".join(lines)
            steps.append(f"INSERT DATA {{ GRAPH {_node(job.graph)} {{\n{inside}\n}} }}" if job.graph
                         else f"INSERT DATA {{\n{inside}\n}}")  # fmt: skip
    if steps:
        store.update(" ;\n".join(steps))
        store.flush()
    return 204 if there or job.method == "DELETE" else 201


def _parsed(media: str, body: bytes, base: str) -> list[ox.Triple]:
    kind, _, charset = media.partition(";")
    form = ox.RdfFormat.from_media_type(kind.strip())
    if form is None or form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG, ox.RdfFormat.N3):
        raise Refused(415, f"{kind.strip() or 'no media type'} is no form of a graph that is read here",
                      "send " + ", ".join(GRAPHS.values()))  # fmt: skip
    if "charset" in charset.lower() and "utf-8" not in charset.lower():
        raise Refused(415, "only UTF-8 is read", "send the graph in UTF-8")
    try:
        quads = list(ox.parse(body, format=form, base_iri=base or None, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        raise Refused(400, f"the graph cannot be read: {error}") from error
    return [quad.triple for quad in quads]


def _is_there(store: ox.Store, graph: str) -> bool:
    return store.contains_named_graph(_node(graph))


def _graph(name: str) -> ox.NamedNode | ox.DefaultGraph:
    return _node(name) if name else ox.DefaultGraph()


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise Refused(400, f"{iri!r} is not an absolute IRI", "give one such as https://example.org/graph") from error


def folder_of(graph: Path) -> Path:
    """The store's folder inside of a graph's folder, or the folder itself; MailleError if there is none."""
    store = graph / "store"
    folder = store if store.is_dir() else graph
    if not (folder / "CURRENT").exists():
        raise MailleError(f"there is no store in {graph}", "make one with `maille build ARTICLES -o DIR`")
    return folder
