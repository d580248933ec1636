"""Answers as text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest
from rdflib import Graph

from maille.errors import MailleError
from maille.query import FORMS, Table, render
from maille.query.results import aligned
from maille.records import Reading
from maille.store import Store

SELECT = "SELECT ?e ?name ?none { ?e a maille:Company ; skos:prefLabel ?name } ORDER BY ?name"
CONSTRUCT = "CONSTRUCT { ?s maille:investsIn ?o } WHERE { ?s maille:investsIn ?o }"


@pytest.fixture(scope="module")
def store(sample_reading: Reading) -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.add(sample_reading)
        yield opened


def test_table(store: Store) -> None:
    lines = render(store.query(SELECT)).splitlines()
    assert lines[0].split() == ["e", "name", "none"]
    assert lines[2] == "entity/organization/aubelune       Aubelune"
    assert lines[2].index("Aubelune") == lines[0].index("name")


def test_csv_and_tsv(store: Store) -> None:
    rows = list(csv.reader(io.StringIO(render(store.query(SELECT), "csv"))))
    assert rows[0] == ["e", "name", "none"]
    assert rows[2] == ["https://w3id.org/maille/data/entity/organization/banque-vauban", "Banque Vauban", ""]
    assert render(store.query(SELECT), "tsv").startswith("?e\t?name\t?none\n<https://")


def test_json(store: Store) -> None:
    said = json.loads(render(store.query(SELECT), "json"))
    assert said["head"]["vars"] == ["e", "name", "none"]
    assert said["results"]["bindings"][0]["name"] == {"type": "literal", "value": "Aubelune"}


def test_xml(store: Store) -> None:
    from xml.etree import ElementTree

    said = ElementTree.fromstring(render(store.query(SELECT), "xml"))
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [v.get("name") for v in said.iter(f"{space}variable")] == ["e", "name", "none"]
    assert [v.text for v in said.iter(f"{space}literal")] == ["Aubelune", "Banque Vauban", "Nordhavn", "Pixelune"]


def test_describe_is_a_graph(store: Store) -> None:
    described = Graph().parse(data=render(store.query("DESCRIBE ?e { ?e skos:prefLabel 'Aubelune' }")), format="turtle")
    assert "Aubelune" in {str(value) for value in described.objects()}


def test_ask(store: Store) -> None:
    assert render(store.query("ASK { ?s a maille:Layoff }")) == "no\n"
    assert render(store.query("ASK { ?s a maille:Merger }"), "csv") == "true\n"
    assert json.loads(render(store.query("ASK { ?s a maille:Merger }"), "json"))["boolean"] is True


@pytest.mark.parametrize("form", [None, "turtle"])
def test_construct(store: Store, form: str | None) -> None:
    assert len(Graph().parse(data=render(store.query(CONSTRUCT), form), format="turtle")) == 1


def test_forms_that_do_not_fit(store: Store) -> None:
    for sparql, form in [
        (SELECT, "turtle"),
        (CONSTRUCT, "csv"),
        (CONSTRUCT, "table"),
        (CONSTRUCT, "xml"),
        (SELECT, "yaml"),
    ]:
        with pytest.raises(MailleError) as caught:
            render(store.query(sparql), form)
        assert caught.value.hint
    assert len(FORMS) == 6


def test_columns_are_counted_as_a_terminal_shows_them() -> None:
    shown = Table(("a", "b"), (("été", "1"), ("e\u0301te\u0301", "2"), ("東京", "3"), ("une\nligne", "4")))
    assert (
        aligned(shown)
        == "a          b\n─────────  ─\nété        1\ne\u0301te\u0301        2\n東京       3\nune ligne  4\n"
    )


def test_long_cells_are_cut() -> None:
    assert aligned(Table(("a",), (("abcdefgh",), ("東京東京東京",))), width=6).splitlines()[2:] == ["abcde…", "東京…"]
