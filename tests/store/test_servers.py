"""What is pushed to servers that others made, and asked there: Oxigraph's (PyPI: oxigraph) and Virtuoso's (apt)."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from maille.query import ask, questions
from maille.records import Reading
from maille.store import Store
from maille.store.endpoint import Endpoint

INI = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = {port}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = {web}
ServerRoot = .
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server at {url} did not come up")


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (binary := shutil.which("virtuoso-t")):
        pytest.skip("no Virtuoso here (Debian: virtuoso-opensource-7-bin)")
    folder, port, web = tmp_path_factory.mktemp("virtuoso"), free_port(), free_port()
    (folder / "v.ini").write_text(INI.format(port=port, web=web), "utf-8")
    command = [binary, "+foreground", "+configfile", "v.ini"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{web}/sparql", server)
        yield f"http://127.0.0.1:{web}/sparql-auth"
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    beside = Path(sys.executable).with_name("oxigraph")  # an environment that is not on the PATH
    if not (binary := shutil.which("oxigraph") or (str(beside) if beside.exists() else None)):
        pytest.skip("no Oxigraph server here (pip install oxigraph)")
    port = free_port()
    place = ["--location", str(tmp_path_factory.mktemp("oxigraph")), "--bind", f"127.0.0.1:{port}"]
    command = [binary, "serve", *place, "--union-default-graph"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/", server)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def store(sample_reading: Reading, second_reading: Reading) -> Iterator[Store]:
    with Store.in_memory() as made:
        made.add_all([sample_reading, second_reading])
        yield made


def rows(told: object) -> list[tuple[str, ...]]:
    """Sorted rows; figures without the zeros and endings that servers write differently."""
    assert isinstance(told, ox.QuerySolutions)
    names = [v.value for v in told.variables]
    values = [[getattr(row[name], "value", "") for name in names] for row in told]
    return sorted(tuple(f"{float(v):g}" if v.replace(".", "", 1).isdigit() else v for v in row) for row in values)


def agrees(writer: Endpoint, endpoint: Endpoint, store: Store) -> None:
    """Every question that needs no name has the same answer there and here."""
    assert writer.push(store.quads()) == len(list(store.quads()))
    asked = [q for q in questions() if not any(not p.default for p in q.parameters)]
    assert len(asked) > 15
    other = [q.name for q in asked if rows(ask(endpoint, q.name)) != rows(ask(store, q.name))]
    assert not other


def test_oxigraph(oxigraph: str, store: Store) -> None:
    agrees(Endpoint(f"{oxigraph}update"), Endpoint(f"{oxigraph}query"), store)


def test_virtuoso(virtuoso: str, store: Store) -> None:
    said = {"MAILLE_ENDPOINT_USER": "dba", "MAILLE_ENDPOINT_PASSWORD": "dba"}
    server = Endpoint(virtuoso, environment=said)
    agrees(server, server, store)
