"""Live servers on a free port of this machine: one that only reads, one that may be changed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="NO SERVER: pip install 'maille[serve]'")
httpx = pytest.importorskip("httpx", reason="NO HTTP CLIENT: pip install httpx")

from maille.records import Reading  # noqa: E402
from maille.store import Store  # noqa: E402

TOKEN = "a-token-for-tests"


@dataclass(frozen=True)
class Running:
    """A server that answers at `url`, on the graph in `folder`."""

    url: str
    folder: Path
    process: subprocess.Popen[str]


_STARTED: list[subprocess.Popen[str]] = []


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """A server that a failed test left running is ended."""
    yield
    for process in _STARTED:
        process.kill()


def start(folder: Path, *options: str) -> Running:
    """`maille serve` in a process of its own; AssertionError where it does not come up."""
    command = [sys.executable, "-m", "maille", "serve", "-g", str(folder), "--port", "0", *options]
    environment = {**os.environ, "MAILLE_TOKEN": TOKEN}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    _STARTED.append(process)
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"http://\S+/", line)
    assert found, line + process.stderr.read()
    return Running(found[0], folder, process)


def stop(running: Running) -> None:
    running.process.terminate()
    running.process.wait(20)
    assert sorted(path.name for path in running.folder.iterdir()) == ["store"]  # no snapshot is left


def filled(folder: Path, *readings: Reading) -> Path:
    folder.mkdir(exist_ok=True)
    with Store.open(folder / "store") as store:
        store.add_all(readings)
    return folder


@pytest.fixture(scope="session")
def reading_server(
    tmp_path_factory: pytest.TempPathFactory, sample_reading: Reading, second_reading: Reading
) -> Iterator[Running]:
    """It only reads, and lets the pages of one origin ask."""
    folder = filled(tmp_path_factory.mktemp("graphs") / "read", sample_reading, second_reading)
    running = start(folder, "--cors", "https://pages.example")
    yield running
    stop(running)


@pytest.fixture(scope="session")
def limited(
    tmp_path_factory: pytest.TempPathFactory, sample_reading: Reading, second_reading: Reading
) -> Iterator[httpx.Client]:
    """A client of a server with a time-out of two seconds, answers of 3 MB, bodies of 1 MB."""
    folder = filled(tmp_path_factory.mktemp("graphs") / "limited", sample_reading, second_reading)
    running = start(folder, "--timeout", "2", "--max-result", "3", "--max-body", "1")
    with httpx.Client(base_url=running.url, timeout=30) as client:
        yield client
    stop(running)


@pytest.fixture(scope="session")
def writing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """It may be changed with the token; its store is empty but for the ontology."""
    running = start(filled(tmp_path_factory.mktemp("graphs") / "write"), "--update")
    yield running
    stop(running)


@pytest.fixture(scope="session")
def reader(reading_server: Running) -> Iterator[httpx.Client]:
    """A client of the server that only reads."""
    with httpx.Client(base_url=reading_server.url, timeout=30) as client:
        yield client


@pytest.fixture
def writer(writing_server: Running) -> Iterator[httpx.Client]:
    """A client that may change everything; it begins with nothing in the store."""
    with httpx.Client(base_url=writing_server.url, timeout=30, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        assert client.post("sparql", data={"update": "DROP ALL"}).status_code == 204
        yield client
