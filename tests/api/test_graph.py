"""The Python API: its docstring examples are run, and what they do not show is tested here."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from rdflib.compare import isomorphic

import maille
from maille import MailleError
from maille.inputs import sample_path
from maille.rdf import graph_of, nquads
from maille.records import Reading
from maille.store import Store

BODY = "Claire Morel dirige la société Aubelune, qui a levé 40 millions d’euros mardi auprès de la banque Vauban."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample_reading: Reading, second_reading: Reading) -> Path:
    made = tmp_path_factory.mktemp("api")
    with Store.open(made / "store") as store:
        store.add_all([sample_reading, second_reading])
    return made


@pytest.fixture
def graph(folder: Path) -> Iterator[maille.Graph]:
    with maille.open(folder) as opened:
        yield opened


EXAMPLES = {"maille.graph": 25, "maille.query.answer": 5}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_true(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    ran = doctest.testmod(module, extraglobs={"folder": str(folder)}, optionflags=doctest.ELLIPSIS)
    assert ran.failed == 0 and ran.attempted >= EXAMPLES[name]


def test_nothing_is_imported_before_it_is_used() -> None:
    code = "import sys, maille; assert set(maille.__all__) <= set(dir(maille)); maille.MailleError\n"
    code += "print([m for m in ('spacy', 'numpy', 'rdflib', 'pyoxigraph', 'networkx', 'pandas') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        maille.nothing  # noqa: B018


def test_claims_carry_their_evidence(graph: maille.Graph, sample_reading: Reading, second_reading: Reading) -> None:
    claims = graph.claims()
    assert len(claims) == len(sample_reading.claims) + len(second_reading.claims)
    texts = {
        sample_reading.article.title: sample_reading.article.text,
        second_reading.article.title: second_reading.article.text,
    }
    assert all(texts[claim.title][claim.begin : claim.end] == claim.quote for claim in claims)
    by_place = [(claim.published, claim.article_iri, claim.begin) for claim in claims]
    assert by_place == sorted(by_place)


def test_claims_are_chosen(graph: maille.Graph) -> None:
    assert {claim.property for claim in graph.claims(property="leads")} == {"leads"}
    assert {claim.modality for claim in graph.claims(modality="planned")} == {"Planned"}
    assert all(claim.confidence >= 0.95 for claim in graph.claims(least_confidence=0.95))
    assert [str(claim) for claim in graph.claims("Aubelune", least_confidence=0.97)] == [
        "Claire Morel -- chiefExecutiveOf -> Aubelune (0.98)",
        "Aubelune -- employees -> 320 salariés (0.97)",
    ]
    assert graph.claims("Zzyzx") == () and graph.entities(name="Zzyzx") == ()
    (former,) = graph.claims("Hugo Lambert", "worksFor")
    assert former.period == "Former" and str(former).endswith("[Former] (0.88)")
    (said,) = graph.claims(property="birthDate")
    assert (said.object, said.object_iri, said.value) == ("1975-05", "", None)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda g: g.claims(property="investIn"), "investsIn"),
        (lambda g: g.claims(modality="Sure"), "Asserted"),
        (lambda g: g.entities(kind="Firm"), "Company"),
        (lambda g: g.ask("leader"), "leaders"),
        (lambda g: g.ask("leaders", whom="x"), "who"),
        (lambda g: g.export("docx"), "turtle"),
        (lambda g: g.query("SELECT ?x {").to_pandas(), "prefixes"),
    ],
)
def test_mistakes_are_told(graph: maille.Graph, call: object, hint: str) -> None:
    assert callable(call)
    with pytest.raises(MailleError) as caught:
        call(graph)
    assert hint in caught.value.hint


def test_entities_of_a_class_and_its_narrower_ones(graph: maille.Graph) -> None:
    assert [e.name for e in graph.entities(kind="Place")] == ["France", "Lyon"]
    assert [e.name for e in graph.entities(kind="City")] == ["Lyon"]
    (morel,) = graph.entities(name="morel")
    assert morel.aliases == ("Morel",) and str(morel) == "Claire Morel (Person)"
    assert len(graph.entities()) == 10


def test_answers_can_be_read_again(graph: maille.Graph) -> None:
    answer = graph.query("SELECT ?e ?n { ?e a maille:City ; skos:prefLabel ?n }")
    assert list(answer) == list(answer) == [{"e": "https://w3id.org/maille/data/entity/place/lyon", "n": "Lyon"}]
    assert answer.text("json") == answer.text("json") and "entity/place/lyon  Lyon" in str(answer)
    yes, no = graph.query("ASK { ?x a maille:City }"), graph.query("ASK { ?x a maille:Party }")
    assert yes and not no and (yes.yes, no.yes) == (True, False) and str(no) == "no"
    drawn = graph.query("CONSTRUCT { ?s maille:leads ?o } WHERE { ?s maille:leads ?o }")
    assert drawn.columns == ("subject", "predicate", "object") and len(drawn) == 1
    assert "maille:leads" in str(drawn) and drawn.text("turtle") == drawn.text()
    assert not graph.query("SELECT ?x { ?x a maille:Party }") and graph.query("SELECT ?x {}").yes is None


def test_data_frames_have_types(graph: maille.Graph) -> None:
    frame = graph.ask("figures", who="Aubelune").to_pandas()
    assert frame["value"].dtype == "Int64" and frame["value"].tolist() == [320, 12_500_000, 8_000_000]
    assert frame["entity"].tolist() == ["Aubelune"] * 3
    sure = graph.query(
        "SELECT ?confidence ?rule { ?c maille:confidence ?confidence OPTIONAL { ?c maille:rule ?rule } }"
    )
    typed = sure.to_pandas()
    assert typed["confidence"].dtype == "float64" and typed["rule"].isna().any()
    mixed = graph.query("SELECT ?x { VALUES ?x { 1 2.5 } }").to_pandas()
    assert mixed["x"].tolist() == [1.0, 2.5]
    odd = graph.query(
        'SELECT ?x ?y ?z ?none { VALUES (?x ?y ?z) { (1 true "2025"^^xsd:gYear) ("a" UNDEF UNDEF) } }'
    ).to_pandas()
    assert odd["x"].tolist() == [1, "a"] and odd["y"].dtype == "boolean" and odd["z"].iloc[0] == "2025"
    assert list(odd.columns) == ["x", "y", "z", "none"] and odd["none"].isna().all()
    assert graph.query("ASK {}").to_pandas()["answer"].tolist() == [True]
    triples = graph.query("CONSTRUCT WHERE { ?s maille:leads ?o }").to_pandas()
    assert list(triples.columns) == ["subject", "predicate", "object"] and len(triples) == 1
    empty = graph.query("SELECT ?a ?b { ?a a maille:Party ; ?b ?c }").to_pandas()
    assert list(empty.columns) == ["a", "b"] and empty.empty
    huge = graph.query("SELECT ?x { VALUES ?x { 123456789012345678901234567890 } }").to_pandas()
    assert huge["x"].tolist() == [123456789012345678901234567890]


def test_the_claims_as_a_frame(graph: maille.Graph) -> None:
    frame = graph.to_pandas("Aubelune", modality="Asserted")
    assert isinstance(frame, pd.DataFrame) and len(frame) == len(graph.claims("Aubelune", modality="Asserted"))
    assert frame["confidence"].dtype == "float64" and frame["begin"].dtype == "Int64"
    assert graph.to_pandas("Zzyzx").empty


def test_the_same_graph_elsewhere(graph: maille.Graph, sample_reading: Reading, second_reading: Reading) -> None:
    both = graph_of(sample_reading) + graph_of(second_reading)
    assert isomorphic(graph.to_rdflib(), both)
    network = graph.to_networkx()
    assert isinstance(network, nx.MultiDiGraph) and network.number_of_edges() == len(graph.claims())
    label = {said["label"]: node for node, said in network.nodes(data=True) if said["kind"] != "Value"}
    assert nx.has_path(network, label["Ingrid Solheim"], label["Boréal"])


def test_export_writes_what_it_returns(graph: maille.Graph, tmp_path: Path) -> None:
    text = graph.export("trig", tmp_path / "g.trig")
    assert (tmp_path / "g.trig").read_bytes().decode() == text


def test_build_from_texts_and_paths(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Un titre\n2025-03-31\n{BODY}", "utf-8")
    with maille.build(
        [f"Un autre titre\n2025-04-01\n{BODY}", tmp_path / "a.txt", tmp_path / "b.txt", str(tmp_path)]
    ) as graph:
        assert [article.title for article in graph.articles()] == ["Un titre", "Un autre titre"]
        assert [skipped.reason for skipped in graph.skipped] == [
            "there is no such file",
            "the same text was read before",
        ]
        assert graph.folder is None and graph.entities(name="Aubelune")
    with maille.build(BODY) as one:
        assert len(one) == 1


def test_build_into_a_folder_is_as_the_command_does(tmp_path: Path) -> None:
    with maille.build(sample_path(), tmp_path / "new" / "out") as graph:
        before = nquads(graph.store.quads())
        assert {path.name for path in (tmp_path / "new" / "out").iterdir()} == {"graph.ttl", "graph.html", "store"}
    with maille.open(tmp_path / "new" / "out") as again:
        assert nquads(again.store.quads()) == before and again.ask("facts", who="OpenAI")
