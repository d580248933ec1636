"""Turtle, TriG and N-Quads: the same graph, the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from maille.rdf import graph_of, nquads, quads, trig, triples, turtle
from maille.rdf.bridge import graph
from maille.records import Reading

BASES = ["https://w3id.org/maille/data/", "https://example.org/"]


@pytest.mark.parametrize("base", BASES)
def test_turtle_says_the_graph(sample_reading: Reading, base: str) -> None:
    text = turtle(triples(sample_reading, base), base)
    assert isomorphic(Graph().parse(data=text, format="turtle"), graph_of(sample_reading, base))


@pytest.mark.parametrize("base", BASES)
def test_trig_and_nquads_say_the_dataset(sample_reading: Reading, base: str) -> None:
    every = quads(sample_reading, base)
    expected = sorted(nquads(every).splitlines())
    for data, form in [(trig(every, base), "trig"), (nquads(every), "nquads")]:
        parsed = Dataset()
        parsed.parse(data=data, format=form)
        assert len(list(parsed.quads())) == len(expected)


@pytest.mark.parametrize(
    "value",
    ["une\nligne", 'des "guillemets"', "barre \\ oblique", "tab\tet \r retour", "^^<http://a>", "émoji 🦊 ½", ""],
)
def test_any_text_survives(value: str) -> None:
    one = [Triple(NamedNode("https://a.example/x"), NamedNode("https://a.example/p"), Literal(value))]
    assert isomorphic(Graph().parse(data=turtle(one), format="turtle"), graph(one))


@pytest.mark.parametrize("tail", ["a:b/c", "a//b", "?x", "x..", "x y".replace(" ", "%20"), "1/2", "é"])
def test_any_iri_survives(tail: str) -> None:
    base = "https://w3id.org/maille/data/"
    one = [Triple(NamedNode(base + tail), NamedNode(base + "p"), NamedNode(base + tail))]
    assert isomorphic(Graph().parse(data=turtle(one, base), format="turtle"), graph(one))


def test_same_bytes_under_any_hash_seed() -> None:
    code = (
        "from conftest import make_sample_reading as m; from maille.rdf import turtle, triples, trig, nquads, quads;"
        "r = m(); print(turtle(triples(r)), trig(quads(r)), nquads(quads(r)))"
    )
    path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(said) == 1 and len(said.pop()) > 10_000
