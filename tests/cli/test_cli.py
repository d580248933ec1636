"""The command line from outside: exit codes, one-line errors, what lands where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BODY = "Claire Morel dirige la société Aubelune, qui a levé 40 millions d’euros mardi, selon la banque Vauban. Elle compte recruter à Lyon."


def maille(*args: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "maille", *args],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **env},
        timeout=300,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    done = maille("build", "--sample", "-o", str(out))
    assert done.returncode == 0, done.stderr
    return out


def test_help_is_light() -> None:
    code = "import sys\nfrom maille.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
    code += "print([m for m in ('spacy', 'numpy', 'rdflib', 'pyoxigraph', 'networkx', 'trafilatura') if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr.strip() == "[]"
    assert "maille build article.txt" in done.stdout


def test_build_writes_graph_view_and_store(folder: Path) -> None:
    assert {p.name for p in folder.iterdir()} == {"graph.ttl", "graph.html", "store"}


def test_query_formats(folder: Path) -> None:
    sparql = "SELECT ?n WHERE { ?e a maille:Person ; skos:prefLabel ?n } ORDER BY ?n"
    assert "Sam Altman" in maille("query", "-g", str(folder), sparql).stdout
    assert maille("query", "-g", str(folder), "--format", "csv", stdin=sparql).stdout.splitlines()[0] == "n"
    assert json.loads(maille("query", "-g", str(folder), "--format", "json", sparql).stdout)["results"]["bindings"]


def test_a_wrong_query_is_one_line_and_a_hint(folder: Path) -> None:
    done = maille("query", "-g", str(folder), "SELECT ?x WHERE { ?x foo:bar }")
    assert done.returncode == 2
    assert done.stdout == "" and "Traceback" not in done.stderr


def test_named_questions(folder: Path) -> None:
    assert "investments" in maille("ask").stdout
    assert "OpenAI" in maille("ask", "-g", str(folder), "facts", "who=OpenAI").stdout
    assert maille("ask", "-g", str(folder), "nothing").returncode == 2


def test_facts_carry_their_sentences(folder: Path) -> None:
    rows = json.loads(maille("facts", "-g", str(folder), "--format", "json").stdout)
    text = (Path(__file__).parents[2] / "graph/maille/samples/openai-open-weight.txt").read_text("utf-8")
    assert rows and all(row["quote"].split("\n")[0] in text for row in rows)
    planned = json.loads(maille("facts", "-g", str(folder), "--format", "json", "--modality", "Planned").stdout)
    assert planned and {row["modality"] for row in planned} == {"Planned"}
    assert all(
        "OpenAI" in (r["subject"], r["object"]) or r["subject"].split()[0].isalpha()
        for r in json.loads(maille("facts", "-g", str(folder), "--entity", "OpenAI", "--format", "json").stdout)
    )


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads", "jsonld", "graphml"])
def test_export(folder: Path, form: str) -> None:
    done = maille("export", "-g", str(folder), "--format", form)
    assert done.returncode == 0 and len(done.stdout) > 2000


def test_info_view_and_remove(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Un titre\n2025-03-31\n{BODY}", "utf-8")
    out = tmp_path / "out"
    assert maille("build", str(tmp_path / "a.txt"), "-o", str(out)).returncode == 0
    told = maille("info", "-g", str(out)).stdout
    assert told.startswith("1 article,")
    assert maille("view", "-g", str(out), "-o", str(tmp_path / "v.html")).returncode == 0
    assert "Content-Security-Policy" in (tmp_path / "v.html").read_text("utf-8")
    assert maille("remove", "-g", str(out), told.splitlines()[1].split()[0]).returncode == 0
    assert maille("info", "-g", str(out)).stdout.startswith("0 articles")


def test_skipped_inputs_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Un titre\n{BODY}", "utf-8")
    (tmp_path / "b.txt").write_text("", "utf-8")
    done = maille("build", str(tmp_path), "-o", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "b.txt: the file is empty" in done.stderr
    assert "no publication date" in done.stderr
    assert (tmp_path / "out" / "graph.ttl").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("build", "-o", "x"), ("query", "-g", "nowhere", "ASK {}"), ("build", "--sample", "-o", "x", "--model", "fr_nowhere"),
        ("build", "--sample", "-o", "x", "--date", "mardi"), ("nonsense",),
    ],
)  # fmt: skip
def test_wrong_usage_is_two_without_a_traceback(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = maille(*args)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


def test_standard_input_and_ascii_locale(tmp_path: Path) -> None:
    done = maille(
        "build",
        "-",
        "-o",
        str(tmp_path / "out"),
        stdin=f"Un titre\n2025-03-31\n{BODY}",
        LC_ALL="C",
        PYTHONIOENCODING="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "Aubelune" in (tmp_path / "out" / "graph.ttl").read_text("utf-8")
