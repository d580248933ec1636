"""The processes: killed ones are replaced, changes are whole, the folder is left as it should be."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx
import pytest
from conftest import TOKEN, filled, start, stop

from maille.errors import MailleError
from maille.records import Reading
from maille.serve import Settings
from maille.serve.settings import is_loopback
from maille.store import Store

COUNT = "SELECT (COUNT(*) AS ?n) { ?a maille:articleKey ?k }"


def count(client: httpx.Client, query: str = COUNT) -> int:
    response = client.get("sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert response.status_code == 200, response.text
    return int(response.text.split()[1])


def children(process: int) -> list[int]:
    """The worker processes below a process, by /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue  # it is gone
    return found


def test_a_slow_change_is_undone(tmp_path: Path, sample_reading: Reading) -> None:
    running = start(filled(tmp_path / "g", sample_reading), "--update", "--timeout", "1")
    slow = "INSERT { ?a ?e ?i } WHERE { GRAPH ?x { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
    first = "INSERT DATA { <http://e/s> <http://e/p> 1 } ; "
    with httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as client:
        before = count(client, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        response = client.post("sparql", data={"update": first + slow})
        assert response.status_code == 503 and "longer than 1 s" in response.text
        assert count(client, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == before
        assert count(client, "SELECT (COUNT(*) AS ?n) { <http://e/s> ?p ?o }") == 0
        assert client.post("sparql", data={"update": first}).status_code == 204
        assert count(client, "SELECT (COUNT(*) AS ?n) { <http://e/s> ?p ?o }") == 1
    stop(running)
    with Store.open(tmp_path / "g" / "store", create=False) as store:
        assert list(store.rows("SELECT ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 1"))


def test_killed_processes_are_replaced(tmp_path: Path, sample_reading: Reading) -> None:
    running = start(filled(tmp_path / "g", sample_reading), "--update")
    with httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as client:
        assert count(client) == 1
        client.post("sparql", data={"update": "INSERT DATA { <http://e/s> <http://e/p> 1 }"}).raise_for_status()
        workers = children(running.process.pid)
        assert len(workers) == 3  # two that read, one that writes
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        answers = [client.get("sparql", params={"query": "ASK {}"}).status_code for _ in range(6)]
        assert answers[-2:] == [200, 200] and set(answers) <= {200, 503}
        assert count(client, "SELECT (COUNT(*) AS ?n) { <http://e/s> ?p ?o }") == 1
    stop(running)


def test_a_killed_server_frees_the_folder(tmp_path: Path, sample_reading: Reading, second_reading: Reading) -> None:
    folder = filled(tmp_path / "g", sample_reading)
    running = start(folder, "--update")
    with pytest.raises(MailleError, match="in use"):
        Store.open(folder / "store")
    running.process.kill()
    running.process.wait(10)
    assert list(folder.glob(".maille-serve-*"))
    for _ in range(50):
        try:
            Store.open(folder / "store").close()
            break
        except MailleError:
            time.sleep(0.1)
    filled(folder, second_reading)
    again = start(folder)
    assert len(list(folder.glob(".maille-serve-*"))) == 1  # what the killed one left is gone
    with httpx.Client(base_url=again.url) as client:
        assert count(client) == 2
    stop(again)


def test_others_may_write_beside_a_server_that_only_reads(
    tmp_path: Path, sample_reading: Reading, second_reading: Reading
) -> None:
    folder = filled(tmp_path / "g", sample_reading)
    running = start(folder)
    with httpx.Client(base_url=running.url, timeout=60) as client:
        assert count(client) == 1
        filled(folder, second_reading)
        assert count(client) == 1  # as it was at the start
        running.process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        assert count(client) == 2
        with Store.open(folder / "store") as store:
            running.process.send_signal(signal.SIGHUP)
            time.sleep(0.2)
            assert count(client) == 2  # another has the folder: the graph stays as it was
            store.remove(second_reading.article.key)
        running.process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        assert count(client) == 1
    stop(running)


def test_a_folder_in_use_is_told(tmp_path: Path, sample_reading: Reading, capfd: pytest.CaptureFixture[str]) -> None:
    from maille.cli import main

    folder = filled(tmp_path / "g", sample_reading)
    with Store.open(folder / "store"):
        assert main(["serve", "-g", str(folder), "--port", "0"]) == 2
    assert "cannot be opened" in capfd.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == ["store"]


def test_a_query_that_wants_too_much_memory(tmp_path: Path, sample_reading: Reading) -> None:
    running = start(filled(tmp_path / "g", sample_reading), "--memory", "400", "--timeout", "20")
    greedy = "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?a ?c ?d ?f ?g ?i { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } }"
    with httpx.Client(base_url=running.url, timeout=60) as client:
        response = client.get("sparql", params={"query": greedy})
        assert response.status_code in (500, 503) and "memory" in response.text
        assert count(client) == 1
    stop(running)


def test_settings() -> None:
    for wrong in ({"timeout": 0}, {"workers": -1}, {"max_body": 0}, {"port": 70000}):
        with pytest.raises(MailleError):
            Settings(Path("x"), **wrong)  # type: ignore[arg-type]
    assert [host for host in ("127.0.0.1", "::1", "[::1]", "localhost", "0.0.0.0", "192.0.2.1", "press.example") if is_loopback(host)] == [
        "127.0.0.1", "::1", "[::1]", "localhost"]  # fmt: skip
    assert "*" in Settings(Path("x"), host="0.0.0.0").allowed_hosts
    assert "*" not in Settings(Path("x"), host="0.0.0.0", hosts=("press.example",)).allowed_hosts
    assert not Settings(Path("x")).updates
