"""A small SPARQL server on the loopback: asked, written to, failing, and asking who is there."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from maille.errors import MailleError
from maille.query import ask, render, table
from maille.rdf import nquads
from maille.records import Reading
from maille.store import Store
from maille.store.endpoint import Endpoint, flat


@dataclass
class Server:
    """SPARQL over HTTP on an Oxigraph store, with answers of its own where `plan` holds some."""

    store: ox.Store = field(default_factory=ox.Store)
    plan: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    wanted: str = ""
    requests: list[dict[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    union: bool = True
    url: str = ""


def handler_of(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.requests.append(dict(self.headers.items()))
            server.bodies.append(body)
            if server.plan:
                self.say(*server.plan.pop(0))
            elif server.wanted and self.headers.get("Authorization") != server.wanted:
                self.say(401, {}, b"who are you?")
            else:
                self.work(body)

        def work(self, body: str) -> None:
            try:
                if self.headers["Content-Type"].startswith("application/sparql-update"):
                    server.store.update(body)
                    self.say(204, {}, b"")
                    return
                found = server.store.query(parse_qs(body)["query"][0], use_default_graph_as_union=server.union)
            except SyntaxError as error:
                self.say(400, {"Content-Type": "text/plain"}, f"error: {error}".encode())
                return
            if isinstance(found, ox.QueryTriples):
                self.say(200, {"Content-Type": "text/turtle"}, found.serialize(format=ox.RdfFormat.TURTLE) or b"")
            else:
                kind = {"Content-Type": "application/sparql-results+json; charset=utf-8"}
                self.say(200, kind, found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

        def say(self, code: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(code)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing to standard error."""

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made)) as http:
        made.url = f"http://127.0.0.1:{http.server_address[1]}/sparql"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        http.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def store(sample_reading: Reading, second_reading: Reading) -> Iterator[Store]:
    with Store.in_memory(base="https://a.example/g/") as opened:
        opened.add_all([sample_reading, second_reading])
        yield opened


@pytest.fixture
def at(server: Server) -> Callable[..., Endpoint]:
    """An endpoint on the server, alone in its environment, that notes its waits in `at.waits`."""

    def make(**environment: str) -> Endpoint:
        return Endpoint(server.url, environment=environment, wait=waits.append, timeout=5)

    waits: list[float] = []
    make.waits = waits  # type: ignore[attr-defined]
    return make


def test_what_is_pushed_is_there(server: Server, store: Store, at: Callable[..., Endpoint]) -> None:
    seen: list[int] = []
    count = at().push(store.quads(), batch=100, progress=seen.append)
    assert nquads(server.store) == nquads(store.quads())
    assert count == seen[-1] == len(list(store.quads()))
    sent = [body for body in server.bodies if body.startswith("INSERT")]
    assert len(sent) > count / 100 and max(body.count("\n") for body in sent) <= 101
    before = nquads(server.store)
    at().push(store.quads())
    assert nquads(server.store) == before


def test_a_graph_that_is_pushed_again_is_replaced(server: Server, store: Store, at: Callable[..., Endpoint]) -> None:
    quads = list(store.quads())
    old = ox.Quad(ox.NamedNode("https://a.example/old"), quads[0].predicate, quads[0].object, quads[0].graph_name)
    server.store.add(old)
    at().push(quads, replace=False)
    assert old in server.store
    at().push(quads)
    assert old not in server.store and len(server.store) == len(quads)


def test_flat_goes_into_the_default_graph(server: Server, store: Store, at: Callable[..., Endpoint]) -> None:
    server.union = False
    at().push(flat(store.triples()))
    assert {quad.triple for quad in server.store} == set(store.triples())
    assert not isinstance(next(iter(server.store)).graph_name, ox.NamedNode)
    assert "Claire Morel" in render(ask(at(), "leaders"))


def test_questions_are_answered_as_by_the_store(server: Server, store: Store, at: Callable[..., Endpoint]) -> None:
    server.store.extend(store.quads())
    for name, arguments in [("investments", {}), ("timeline", {"who": "Aubelune"}), ("doubtful", {"below": "0.5"})]:
        here, there = ask(store, name, arguments), ask(at(), name, arguments)
        assert isinstance(here, ox.QuerySolutions) and isinstance(there, ox.QuerySolutions)
        assert table(there, at().base) == table(here, store.base)
    assert at().base == "https://a.example/g/"


def test_ask_construct_and_prefixes(server: Server, store: Store, at: Callable[..., Endpoint]) -> None:
    server.store.extend(store.quads())
    assert render(at().query("ASK { ?s a maille:Layoff }")) == "yes\n"
    told = at().query("CONSTRUCT { ?s maille:leads ?o } WHERE { ?s maille:leads ?o }")
    assert isinstance(told, ox.QueryTriples) and "maille:leads" in render(told)
    own = "prefix skos: <http://www.w3.org/2004/02/skos/core#> select ?s { ?s skos:prefLabel 'Lyon' }"
    assert len(render(at().query(own)).splitlines()) == 3
    assert json.loads(render(at().query("SELECT ?n { ?e skos:prefLabel ?n }"), "json"))["results"]["bindings"]


def test_a_wrong_query_is_explained_by_place(server: Server, at: Callable[..., Endpoint]) -> None:
    with pytest.raises(MailleError, match=r"line 2, column 12") as caught:
        at().query("SELECT ?s {\n  ?s rdf:a }")
    assert "maille" in caught.value.hint
    with pytest.raises(MailleError, match="prefix 'ex'"):
        at().query("SELECT ?s { ?s ex:a ?o }")


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_trouble_that_passes_is_tried_again(
    server: Server, store: Store, at: Callable[..., Endpoint], code: int
) -> None:
    server.plan += [(code, {}, b""), (code, {"Retry-After": "7"}, b""), (code, {"Retry-After": "9999"}, b"")]
    assert render(at().query("ASK {}")) == "yes\n"
    assert at.waits == [0.5, 7.0, 30.0]  # type: ignore[attr-defined]


def test_trouble_that_stays_is_told_once(server: Server, at: Callable[..., Endpoint]) -> None:
    server.plan += [(503, {}, b"busy")] * 9
    with pytest.raises(MailleError, match="answers 503: busy"):
        at().query("ASK {}")
    assert len(server.requests) == 5 and at.waits == [0.5, 1, 2, 4]  # type: ignore[attr-defined]


def test_what_does_not_pass_is_not_tried_again(server: Server, at: Callable[..., Endpoint]) -> None:
    server.plan.append((500, {}, b"a bug"))
    with pytest.raises(MailleError, match="answers 500: a bug"):
        at().update("CLEAR ALL")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({"MAILLE_ENDPOINT_TOKEN": "abc"}, "Bearer abc"),
        (
            {"MAILLE_ENDPOINT_USER": "anne", "MAILLE_ENDPOINT_PASSWORD": "é:1"},
            "Basic " + base64.b64encode("anne:é:1".encode()).decode(),
        ),
    ],
)
def test_who_asks_is_said(
    server: Server, at: Callable[..., Endpoint], environment: dict[str, str], header: str
) -> None:
    server.wanted = header
    assert render(at(**environment).query("ASK {}")) == "yes\n"
    with pytest.raises(MailleError, match="refuses access") as caught:
        at().query("ASK {}")
    assert "MAILLE_ENDPOINT_TOKEN" in caught.value.hint


def test_digest_is_answered(server: Server, at: Callable[..., Endpoint]) -> None:
    server.plan.append((401, {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'}, b""))
    assert at(MAILLE_ENDPOINT_USER="anne", MAILLE_ENDPOINT_PASSWORD="x").query("ASK {}")
    assert server.requests[1]["Authorization"].startswith('Digest username="anne"')


def test_a_redirect_is_told_and_not_followed(server: Server, at: Callable[..., Endpoint]) -> None:
    server.plan += [(code, {"Location": "http://127.0.0.1:1/else"}, b"") for code in (302, 307)]
    for _ in range(2):
        with pytest.raises(MailleError, match=r"has moved to http://127\.0\.0\.1:1/else"):
            at(MAILLE_ENDPOINT_TOKEN="abc").query("ASK {}")


@pytest.mark.parametrize(
    ("headers", "body", "message"),
    [
        ({"Content-Type": "text/html"}, b"<p>welcome</p>", "answers text/html"),
        ({}, b"?", "without a type"),
        ({"Content-Type": "application/sparql-results+json"}, b'{"head": {"vars": ["a"]}, "resul', "cannot be read"),
        ({"Content-Type": "text/turtle"}, b"<a> <b> ", "cannot be read"),
    ],
)
def test_odd_answers_are_told(
    server: Server, at: Callable[..., Endpoint], headers: dict[str, str], body: bytes, message: str
) -> None:
    server.plan.append((200, headers, body))
    with pytest.raises(MailleError, match=message):
        for _ in at().query("SELECT ?a {}"):  # type: ignore[union-attr]
            pass


def test_xml_results_are_read(server: Server, at: Callable[..., Endpoint]) -> None:
    found = ox.Store().query("SELECT (1 AS ?n) {}").serialize(format=ox.QueryResultsFormat.XML)
    server.plan.append((200, {"Content-Type": "application/sparql-results+xml"}, found or b""))
    assert render(at().query("SELECT (1 AS ?n) {}"), "csv") == "n\n1\n"


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        waits: list[float] = []
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(MailleError, match=r"cannot be reached .* 3 times tried"):
            Endpoint(url, environment={}, tries=3, wait=waits.append).query("ASK {}")
        assert len(waits) == 2


def test_a_server_that_thinks_too_long_is_asked_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(MailleError, match="did not answer within"):
            Endpoint(url, environment={}, timeout=0.2, wait=lambda _: None).query("ASK {}")


@pytest.mark.parametrize("url", ["", "localhost:7878", "ftp://a.example/", "http://anne:secret@a.example/sparql"])
def test_wrong_urls(url: str) -> None:
    with pytest.raises(MailleError) as caught:
        Endpoint(url, environment={})
    assert caught.value.hint


def maille(*args: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILLE_")}
    command = [sys.executable, "-m", "maille", *args]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=clean, timeout=120)


def test_the_commands(server: Server, sample_reading: Reading, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as made:
        made.add(sample_reading)
        expected = nquads(made.quads())
    done = maille("push", "-g", str(tmp_path), "--endpoint", server.url, "--batch", "200")
    assert done.returncode == 0 and "statements ->" in done.stderr and done.stdout == ""
    assert nquads(server.store) == expected
    assert "Claire Morel" in maille("ask", "leaders", "--endpoint", server.url).stdout
    counted = maille(
        "query", "--endpoint", server.url, "--format", "csv", "SELECT (COUNT(*) AS ?n) { ?c a maille:Claim }"
    )
    assert counted.stdout == f"n\n{len(sample_reading.claims)}\n"
    wrong = maille("query", "--endpoint", server.url, "SELECT ?s { ?s ex:a ?o }")
    assert wrong.returncode == 2 and "prefix 'ex'" in wrong.stderr and "Traceback" not in wrong.stderr
    assert maille("push", "-g", str(tmp_path), "--endpoint", server.url, "--batch", "0").returncode == 2
    assert maille("push", "-g", str(tmp_path)).returncode == 2


def test_export_to_files_and_folders(sample_reading: Reading, tmp_path: Path) -> None:
    graph = str(tmp_path)
    with Store.open(tmp_path / "store") as made:
        made.add(sample_reading)
    for name in ("g.rdf", "g.gexf", "g.jsonld"):
        assert maille("export", "-g", graph, "-o", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).stat().st_size > 2000
    for form, names in {"neo4j": {"nodes.csv", "relationships.csv"}, "gephi": {"nodes.csv", "edges.csv"}}.items():
        assert maille("export", "-g", graph, "--format", form, "-o", str(tmp_path / form)).returncode == 0
        assert {path.name for path in (tmp_path / form).iterdir()} == names
        assert maille("export", "-g", graph, "--format", form).returncode == 2
    assert "rdf:reifies <<( " in maille("export", "-g", graph, "--format", "trig", "--rdf12").stdout
    assert maille("export", "-g", graph, "--format", "rdfxml", "--rdf12").returncode == 2
