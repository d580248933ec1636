"""The store: articles come and go whole, entities are said once, errors are told."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from maille.errors import MailleError
from maille.rdf import nquads, quads, triples
from maille.records import Reading
from maille.store import Store


@pytest.fixture
def store(tmp_path: Path, sample_reading: Reading, second_reading: Reading) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        assert opened.add_all([sample_reading, second_reading]) == 2
        yield opened


def rows(store: Store, sparql: str) -> list[tuple[str, ...]]:
    found = store.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(tuple(getattr(value, "value", "") for value in solution) for solution in found)


def test_one_article_comes_back_term_for_term(sample_reading: Reading) -> None:
    with Store.in_memory() as store:
        store.add(sample_reading)
        assert nquads(store.quads()) == nquads(quads(sample_reading))
        assert store.triples() == triples(sample_reading)


def test_reopened(tmp_path: Path, sample_reading: Reading) -> None:
    with Store.open(tmp_path / "s") as store:
        store.add(sample_reading)
        before = nquads(store.quads())
    with Store.open(tmp_path / "s", create=False) as store:
        assert nquads(store.quads()) == before
        assert store.info().articles == 1
    with Store.open(tmp_path / "s", read_only=True) as store:
        assert nquads(store.quads()) == before
        with pytest.raises(MailleError, match="reading only"):
            store.add(sample_reading)


def test_info_and_articles(store: Store, sample_reading: Reading, second_reading: Reading) -> None:
    info = store.info()
    assert (info.articles, info.entities, info.events) == (2, 10, 8)
    assert info.claims == len(sample_reading.claims) + len(second_reading.claims)
    first, second = store.articles()
    assert (first.title, first.published) == (sample_reading.article.title, "2025-04-02")
    assert first.source == "https://example.org/a1" and first.claims == len(sample_reading.claims)
    assert second.key == second_reading.article.key


def test_adding_again_changes_nothing(store: Store, sample_reading: Reading) -> None:
    before = nquads(store.quads())
    store.add(sample_reading)
    assert nquads(store.quads()) == before


def test_a_new_reading_takes_the_place_of_the_old(store: Store, sample_reading: Reading) -> None:
    store.add(dataclasses.replace(sample_reading, claims=sample_reading.claims[:1], events=()))
    assert [a.claims for a in store.articles()] == [1, 9]
    assert rows(store, "SELECT ?e { ?e a maille:FundingRound }") == []


def test_removing_leaves_no_trace(store: Store, sample_reading: Reading, second_reading: Reading) -> None:
    removed = store.remove(sample_reading.article.key[:12])
    assert removed.title == sample_reading.article.title
    with Store.in_memory() as other:
        other.add(second_reading)
        assert nquads(store.quads()) == nquads(other.quads())


def test_labels_and_types_stand_once(store: Store) -> None:
    once = "SELECT ?g { GRAPH ?g { ?e skos:prefLabel 'Aubelune' ; a maille:Company } }"
    assert len(rows(store, once)) == 1
    assert len(rows(store, "SELECT ?e { ?e skos:prefLabel 'Aubelune' }")) == 1


def test_the_narrower_class_and_the_quieter_spelling_win(sample_reading: Reading, second_reading: Reading) -> None:
    loud = [
        dataclasses.replace(e, kind="Organization", name="NORDHAVN") if e.name == "Nordhavn" else e
        for e in second_reading.entities
    ]
    with Store.in_memory() as store:
        store.add_all([dataclasses.replace(second_reading, entities=tuple(loud)), sample_reading])
        found = rows(store, "SELECT ?t ?n ?a { ?e skos:prefLabel ?n ; a ?t ; skos:altLabel ?a }")
        ours = [row for row in found if row[1] == "Nordhavn"]
        assert [(kind.rpartition("#")[2], alt) for kind, _, alt in ours] == [("Company", "NORDHAVN")]


def test_queries_see_the_union_and_the_ontology(store: Store) -> None:
    joined = "SELECT DISTINCT ?o { ?o maille:competesWith/^maille:chiefExecutiveOf ?p }"
    assert len(rows(store, joined)) == 1
    assert rows(store, "SELECT ?e { ?e a/rdfs:subClassOf* maille:Organization ; skos:prefLabel 'Pixelune' }")


def test_some_articles_alone(store: Store, second_reading: Reading) -> None:
    alone = list(store.quads([second_reading.article.key]))
    graphs = {str(quad.graph_name) for quad in alone}
    assert len(graphs) == 2 and len(alone) < sum(1 for _ in store.quads())
    assert not [quad for quad in alone if "pixelune" in str(quad.subject)]


@pytest.mark.parametrize("wrong", ["", "abc", "0" * 64, "https://w3id.org/maille/data/article/0000"])
def test_unknown_article(store: Store, wrong: str) -> None:
    with pytest.raises(MailleError, match="no article") as caught:
        store.remove(wrong)
    assert caught.value.hint


def test_base_is_remembered(tmp_path: Path, sample_reading: Reading) -> None:
    with Store.open(tmp_path / "s", base="https://a.example/g/") as store:
        store.add(sample_reading)
    with Store.open(tmp_path / "s") as store:
        assert store.base == "https://a.example/g/"
    with pytest.raises(MailleError, match="start with"):
        Store.open(tmp_path / "s", base="https://b.example/g/")


def test_folders_that_are_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    for path, create, message in [
        (tmp_path / "absent", False, "there is no store"),
        (tmp_path / "file", True, "is a file"),
        (tmp_path / "full", True, "something else"),
    ]:
        with pytest.raises(MailleError, match=message) as caught:
            Store.open(path, create=create)
        assert caught.value.hint
    assert not (tmp_path / "absent").exists()


def test_a_second_writer_is_told(tmp_path: Path) -> None:
    code = f"from maille.store import Store; Store.open({str(tmp_path / 's')!r})"
    with Store.open(tmp_path / "s"):
        with pytest.raises(MailleError, match="in use"):
            Store.open(tmp_path / "s")
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert "in use by another process" in other.stderr
    Store.open(tmp_path / "s").close()


@pytest.mark.parametrize(
    ("sparql", "message"),
    [
        ("SELECT ?s { ?s ex:likes ?o }", "prefix 'ex' at line 1, column 16"),
        ("PREFIX a: <http://a.example/>\nSELECT ?s {\n  ?s a:b ex:likes }", "prefix 'ex' at line 3, column 10"),
        ("SELECT ?s {\n  ?s maille:leads }", r"line 2, column 19: } stands there, expected "),
        ("SELECT ?s {\n  ?s a ?x\n  ORDER BY ?s", "line 3, column"),
        ("SELCT ?s { }", "line 1, column"),
        ("SELECT ?s { ?s skos:prefLabel 'ex:a' ", "line 1, column"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "update"),
        ("", "line 1"),
        ("SELECT * { SERVICE <http://127.0.0.1/maille> { ?s ?p ?o } }", "SERVICE"),
    ],
)
def test_a_wrong_query_is_explained(sparql: str, message: str) -> None:
    with Store.in_memory() as store, pytest.raises(MailleError, match=message) as caught:
        store.query(sparql)
    assert "maille" in caught.value.hint or "SELECT" in caught.value.hint


def test_declared_prefixes_may_be_used(store: Store) -> None:
    assert rows(store, "PREFIX ex: <https://w3id.org/maille/ontology#> SELECT ?s { ?s a ex:Layoff }")


def test_service_is_only_a_word_elsewhere(store: Store) -> None:
    assert rows(store, "SELECT ?service { ?service skos:prefLabel 'Lyon' . # service \n FILTER('service ' != '') }")


def test_from_names_the_graphs_of_a_query(store: Store) -> None:
    assert list(store.rows("SELECT ?s { ?s ?p ?o }"))
    assert list(store.rows(f"SELECT ?s FROM <{store.base}nowhere> {{ ?s ?p ?o }}")) == []


def test_a_hidden_service_is_refused(store: Store) -> None:
    with pytest.raises(MailleError, match="SERVICE"):
        store.query("SELECT * { SERVICE?x{ ?s ?p ?o } }")
