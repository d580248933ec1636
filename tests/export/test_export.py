"""What is exported says the same graph, in the same bytes each time."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from maille.errors import MailleError
from maille.export import FORMS, export, form_of
from maille.rdf import graph_of, triples
from maille.rdf.bridge import graph
from maille.records import Reading
from maille.store import Store

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def store(sample_reading: Reading, second_reading: Reading) -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.add_all([sample_reading, second_reading])
        yield opened


def named_graphs(quads: list[ox.Quad]) -> dict[str, Graph]:
    names = sorted({quad.graph_name for quad in quads}, key=str)
    return {str(name)[1:-1]: graph([q.triple for q in quads if q.graph_name == name]) for name in names}


@pytest.mark.parametrize(("form", "parser"), [("trig", "trig"), ("nquads", "nquads"), ("jsonld", "json-ld")])
def test_named_graphs_come_back(store: Store, form: str, parser: str) -> None:
    parsed = Dataset()
    parsed.parse(data=export(store, form), format=parser)
    expected = named_graphs(list(store.quads()))
    assert len(expected) == 3
    found = {str(g.identifier): g for g in parsed.graphs() if len(g)}
    assert found.keys() == expected.keys()
    for name, inside in expected.items():
        assert isomorphic(found[name], inside), name


@pytest.mark.parametrize("form", ["trig", "nquads", "jsonld"])
def test_oxigraph_reads_it_too(store: Store, form: str) -> None:
    kinds = {"trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}
    assert set(ox.parse(export(store, form), format=kinds[form])) == set(store.quads())


def test_turtle_is_the_flat_graph(store: Store, sample_reading: Reading, second_reading: Reading) -> None:
    found = Graph().parse(data=export(store, "turtle"), format="turtle")
    both = {*triples(sample_reading), *triples(second_reading)}
    assert isomorphic(found, graph(both))


def test_one_article_alone(store: Store, sample_reading: Reading) -> None:
    text = export(store, "turtle", [sample_reading.article.key])
    assert isomorphic(Graph().parse(data=text, format="turtle"), graph_of(sample_reading))


def test_json_ld_is_compact(store: Store, sample_reading: Reading) -> None:
    document = json.loads(export(store, "jsonld", [sample_reading.article.key]))
    nodes = [node for part in document["@graph"] for node in part["@graph"]]
    claim = next(node for node in nodes if node.get("rdf:predicate") == "maille:foundedOn")
    assert claim["maille:confidence"] == "0.93" and claim["maille:modality"] == "maille:Asserted"
    money = next(node for node in nodes if node.get("schema:value") == 40_000_000)
    assert money["@type"] == "schema:MonetaryAmount"


def test_graphml_has_an_edge_per_claim(store: Store, sample_reading: Reading, second_reading: Reading) -> None:
    read = nx.read_graphml(io.BytesIO(export(store, "graphml").encode()), force_multigraph=True)
    assert read.number_of_edges() == len(sample_reading.claims) + len(second_reading.claims)
    labels = {data["label"]: data["kind"] for _, data in read.nodes(data=True)}
    assert labels["Aubelune"] == "Company" and labels["40000000 EUR"] == "Value" and labels["Layoff"] == "Layoff"
    plan = [data for _, _, data in read.edges(data=True) if data["relation"] == "acquires"]
    assert sorted(data["modality"] for data in plan) == ["Denied", "Planned"]
    assert {data["source"] for data in plan} == {"", "Banque Vauban"}
    assert all(0 <= data["confidence"] <= 1 and data["quote"] and data["article"] for data in plan)


def test_graphml_holds_what_xml_cannot() -> None:
    base = "https://a.example/"
    text = f'<{base}e> <http://www.w3.org/2004/02/skos/core#prefLabel> "un\\u000Bdeux & <trois>" .'
    from maille.export.graphml import graphml

    written = graphml([quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)])
    read = nx.read_graphml(io.BytesIO(written.encode()))
    assert read.nodes[f"{base}e"]["label"] == "un\ufffddeux & <trois>"


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_graph_is_valid(form: str) -> None:
    with Store.in_memory() as empty:
        assert export(empty, form) is not None


def test_endings() -> None:
    assert [form_of(f"a/b{endings[0]}") for endings in FORMS.values()] == list(FORMS)
    assert form_of("G.TTL") == "turtle" and form_of("g.json") == "jsonld"
    for call in (lambda: form_of("g.docx"), lambda: export(Store.in_memory(), "docx")):
        with pytest.raises(MailleError) as caught:
            call()
        assert "ttl" in caught.value.hint or "turtle" in caught.value.hint


def test_same_bytes_under_any_hash_seed() -> None:
    code = (
        "from conftest import make_sample_reading as a, make_second_reading as b; from maille.store import Store;"
        "from maille.export import FORMS, export; s = Store.in_memory(); s.add_all([a(), b()]);"
        "print(*(export(s, f) for f in FORMS))"
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
    assert len(said) == 1 and len(said.pop()) > 50_000
