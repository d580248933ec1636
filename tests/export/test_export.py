"""What is exported says the same graph, in the same bytes each time."""

from __future__ import annotations

import csv
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
from maille.export import FOLDERS, FORMS, TRIPLE_TERMS, export, export_files, form_of
from maille.export.graphml import network
from maille.rdf import graph_of, triples
from maille.rdf.bridge import graph
from maille.rdf.names import term
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


def test_rdf_xml_is_the_flat_graph(store: Store) -> None:
    text = export(store, "rdfxml")
    assert isomorphic(Graph().parse(data=text, format="xml"), graph(store.triples()))
    assert {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.RDF_XML)} == set(store.triples())


def test_rdf_xml_keeps_line_ends_and_replaces_what_xml_cannot_hold() -> None:
    from maille.export.xml import rdfxml

    node = ox.NamedNode("https://a.example/e")
    text = rdfxml([ox.Triple(node, ox.NamedNode("https://a.example/p"), ox.Literal("un\r\ndeux\x0b & <trois>"))])
    (said,) = Graph().parse(data=text, format="xml").objects()
    assert str(said) == "un\r\ndeux\ufffd & <trois>"


@pytest.mark.parametrize("form", TRIPLE_TERMS)
def test_triple_terms_say_the_same(store: Store, form: str) -> None:
    kinds = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS}
    text = export(store, form, rdf12=True)
    back = set()
    for quad in ox.parse(text, format=kinds[form]):
        if isinstance(quad.object, ox.Triple):
            assert quad.predicate == term("rdf:reifies")
            parts = zip(("subject", "predicate", "object"), quad.object, strict=True)
            back |= {ox.Quad(quad.subject, term(f"rdf:{name}"), value, quad.graph_name) for name, value in parts}
        else:
            back.add(quad)
    flat = {ox.Quad(t.subject, t.predicate, t.object) for t in store.triples()}
    assert back == (flat if form == "turtle" else set(store.quads()))
    assert text.count("rdf-syntax-ns#reifies" if form == "nquads" else "rdf:reifies") == 46
    assert len(text) < len(export(store, form))


def test_triple_terms_are_refused_where_there_are_none(store: Store) -> None:
    for form in set(FORMS) - set(TRIPLE_TERMS):
        with pytest.raises(MailleError, match="triple terms") as caught:
            export(store, form, rdf12=True)
        assert "trig" in caught.value.hint


def test_gexf_is_the_network(store: Store) -> None:
    read = nx.read_gexf(io.BytesIO(export(store, "gexf").encode()))
    made = network(store.triples())
    assert dict(read.nodes(data="label")) == dict(made.nodes(data="label"))
    edges = {(*ends, said["relation"], said["quote"]) for *ends, said in read.edges(keys=True, data=True)}
    assert edges == {(*ends, said["relation"], said["quote"]) for *ends, said in made.edges(keys=True, data=True)}
    assert "lastmodified" not in export(store, "gexf")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_neo4j_files_are_the_network(store: Store) -> None:
    files = export_files(store, "neo4j")
    nodes, links = rows_of(files["nodes.csv"]), rows_of(files["relationships.csv"])
    made = network(store.triples())
    assert {row["id:ID"]: row["name"] for row in nodes} == dict(made.nodes(data="label"))
    assert len(nodes) == len(made) and all(row[":LABEL"] for row in nodes)
    ends = {(row[":START_ID"], row[":END_ID"], row["claim"]) for row in links}
    assert ends == set(made.edges(keys=True)) and len(links) == made.number_of_edges()
    labels = {row["name"]: row[":LABEL"] for row in nodes}
    assert labels["Aubelune"] == "Company;Organization" and labels["Claire Morel"] == "Person"
    assert labels["Layoff"] == "Layoff;Event" and labels["40000000 EUR"] == "Value"
    assert {"INVESTS_IN", "CHIEF_EXECUTIVE_OF", "PARTY"} < {row[":TYPE"] for row in links}
    assert all(0 <= float(row["confidence:double"]) <= 1 and "\n" not in row["quote"] for row in links)
    assert {row["published:date"] for row in links} == {"2025-04-02", "2025-05-20"}


def test_gephi_files_are_the_network(store: Store) -> None:
    files = export_files(store, "gephi")
    nodes, edges = rows_of(files["nodes.csv"]), rows_of(files["edges.csv"])
    made = network(store.triples())
    assert {row["Id"]: row["Label"] for row in nodes} == dict(made.nodes(data="label"))
    assert {(row["Source"], row["Target"], row["Id"]) for row in edges} == set(made.edges(keys=True))
    assert {row["Type"] for row in edges} == {"Directed"}
    assert all(row["Weight"] == row["confidence"] for row in edges)
    assert "documents internes" in {row["attributed to"] for row in edges}


def test_folders_and_files_are_told_apart(store: Store) -> None:
    for form in FOLDERS:
        with pytest.raises(MailleError, match="several files"):
            export(store, form)
    with pytest.raises(MailleError, match="no format of several files"):
        export_files(store, "turtle")


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


def test_what_was_inferred_is_in_the_network_too(sample_reading: Reading) -> None:
    with Store.in_memory() as made:
        made.add(sample_reading)
        assert made.infer().added
        read = nx.read_graphml(io.BytesIO(export(made, "graphml").encode()), force_multigraph=True)
        assert read.number_of_edges() > len(sample_reading.claims)
        assert any(not data["quote"] for _, _, data in read.edges(data=True))
        assert all(export_files(made, form) for form in FOLDERS)


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
        "from maille.export import FOLDERS, export_files; print(*(export(s, f) for f in FORMS));"
        "print(export(s, 'trig', rdf12=True), *(export_files(s, f) for f in FOLDERS))"
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
