"""A SPARQL CONSTRUCT as the source of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from maille.cli import main
from maille.errors import MailleError
from maille.records import Reading
from maille.store import Store
from maille.view import ViewGraph
from maille.view.constructed import from_construct


@pytest.fixture(scope="module")
def store(sample_reading: Reading, second_reading: Reading) -> Iterator[Store]:
    with Store.in_memory() as made:
        made.add_all([sample_reading, second_reading])
        yield made


def names(graph: ViewGraph) -> set[str]:
    return {entity.label for entity in graph.entities if not entity.is_event}


def test_a_tie_comes_with_every_claim_that_says_so(store: Store) -> None:
    graph = from_construct(
        store,
        "CONSTRUCT { ?s maille:acquires ?o } WHERE { ?c rdf:subject ?s ; rdf:predicate maille:acquires ; rdf:object ?o }",
    )
    assert names(graph) == {"Aubelune", "Pixelune", "Banque Vauban", "Nordhavn"}
    assert {(claim.property, claim.modality) for claim in graph.claims} == {
        ("acquires", "Planned"),
        ("acquires", "Denied"),
    }
    assert all(claim.sentence and claim.marks for claim in graph.claims)
    assert len(graph.articles) == 1


def test_claims_are_drawn_by_their_iris(store: Store) -> None:
    graph = from_construct(
        store, "CONSTRUCT { ?c ?p ?o } WHERE { ?c a maille:Claim ; maille:modality maille:Denied ; ?p ?o }"
    )
    assert {claim.modality for claim in graph.claims} == {"Denied"}
    assert {claim.property for claim in graph.claims} == {"acquires", "buyer", "target"}


def test_entities_come_with_what_is_said_among_them(store: Store) -> None:
    graph = from_construct(
        store, "CONSTRUCT { ?e a ?t } WHERE { ?e a ?t . FILTER(?t IN (maille:Company, maille:Organization)) }"
    )
    assert names(graph) == {"Aubelune", "Pixelune", "Banque Vauban", "Nordhavn"}
    properties = {claim.property for claim in graph.claims}
    assert {"competesWith", "investsIn", "revenue", "recipient", "amount"} <= properties
    assert not properties & {"develops", "leads", "founderOf"}


def test_what_the_query_makes_up_is_drawn_as_it_is(store: Store) -> None:
    graph = from_construct(
        store,
        """CONSTRUCT { ?a <https://example.org/sharesABoardWith> ?b . ?a <https://example.org/note> "vu" .
             <https://example.org/sharesABoardWith> rdfs:label "connaît" . ?art schema:mentions ?a }
           WHERE { ?a maille:founderOf ?x . ?b maille:founderOf ?x . FILTER(STR(?a) < STR(?b))
             ?art maille:articleKey ?k ; schema:mentions ?a }""",
    )
    told = {(claim.property, claim.value) for claim in graph.claims}
    assert ("connaît", "") in told and ("note", "vu") in told
    articles = {entity.label for entity in graph.entities if entity.top == "Other"}
    assert any(label.startswith("Aubelune lève 40 millions") for label in articles)
    assert {"Claire Morel", "Hugo Lambert"} <= names(graph)


@pytest.mark.parametrize(
    ("sparql", "said"),
    [
        ("SELECT ?s WHERE { ?s ?p ?o }", "only triples can be drawn"),
        ("CONSTRUCT { ?s maille:spouse ?o } WHERE { ?s maille:spouse ?o }", "constructs nothing"),
        ("CONSTRUCT { ?s ?p", "the query is wrong"),
    ],
)
def test_a_query_that_draws_nothing_is_told(store: Store, sparql: str, said: str) -> None:
    with pytest.raises(MailleError, match=said):
        from_construct(store, sparql)


def test_the_command_takes_a_query_or_a_file_and_opens_the_page(
    sample_reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    with Store.open(tmp_path / "out" / "store") as made:
        made.add(sample_reading)
    opened: list[str] = []

    def stub(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", stub)
    sparql = "CONSTRUCT { ?s maille:leads ?o } WHERE { ?s maille:chiefExecutiveOf ?o }"
    (tmp_path / "leads.rq").write_text(sparql, "utf-8")
    folder, page = str(tmp_path / "out"), tmp_path / "une page.html"
    for given in (sparql, str(tmp_path / "leads.rq")):
        code = main(["view", "-g", folder, "--construct", given, "-o", str(page), "--title", "Qui dirige", "--open"])
        assert code == 0
        html = page.read_text("utf-8")
        assert "<h1>Qui dirige</h1>" in html and "Claire Morel" in html and "Pixelune" not in html
    assert opened == [page.resolve().as_uri()] * 2
    assert opened[0].endswith("une%20page.html")
    assert "open it in a browser" not in capsys.readouterr().err
    assert main(["view", "-g", folder, "-o", str(page)]) == 0
    assert len(opened) == 2
    assert main(["view", "-g", folder, "--construct", "absent.rq"]) == 2
    assert "absent.rq cannot be read" in capsys.readouterr().err
