"""A graph that stays: what is added, replaced, left alone, taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from claimed import reading_of

from maille import adding
from maille.adding import Added, add
from maille.cli import main
from maille.rdf import nquads
from maille.records import Article, Entity, EntityRef, Reading, Skipped
from maille.store import Store, origin_of

KINDS = {"Aubelune": "Company", "Nordhavn": "Company", "Morel": "Person", "Claire Morel": "Person", "Lyon": "City"}
LINES = ["Aubelune competesWith Nordhavn", "Nordhavn headquarteredIn Lyon", "Morel worksFor Aubelune"]


def text_of(title: str, body: str) -> str:
    return f"{title}\n2025-04-02\n{body} La société est installée dans la ville depuis trois ans et elle recrute.\n"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Reads without a model: the claims are those of LINES whose words stand in the article; lists what was read."""
    read: list[str] = []

    def fake(articles: Iterable[Article], model: str | None = None, jobs: int = 1) -> Iterator[Reading]:
        for article in articles:
            read.append(article.title)
            claims = []
            for line in LINES:
                for claim in reading_of([line], KINDS).claims:
                    start = article.text.find(line)
                    if start >= 0:
                        passage = type(claim.evidence)(start, start + len(line), line)
                        claims.append(type(claim)(claim.subject, claim.property, claim.object, passage))
            used = {r.key for c in claims for r in (c.subject, c.object) if isinstance(r, EntityRef)}
            entities = tuple(e for line in LINES for e in reading_of([line], KINDS).entities if e.key in used)
            yield Reading(article, entities, (), tuple(claims))

    monkeypatch.setattr(adding, "readings", fake)
    return read


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number, line in enumerate(LINES):
        (folder / f"{number}.txt").write_text(text_of(f"Titre {number}", f"Selon la presse {line}."), "utf-8")
    return folder


def test_one_by_one_and_in_one_go_give_the_same(articles: Path, counted: list[str]) -> None:
    files = sorted(map(str, articles.iterdir()))
    with Store.in_memory() as one, Store.in_memory() as all_:
        for file in reversed(files):
            assert [type(found) for found in add(one, [file])] == [Added]
        assert [found.status for found in add(all_, [str(articles)]) if isinstance(found, Added)] == ["added"] * 3
        assert nquads(one.quads()) == nquads(all_.quads())
        assert one.info() == all_.info() and one.info().claims == 3


def test_the_same_text_is_no_work(articles: Path, counted: list[str]) -> None:
    with Store.in_memory() as store:
        list(add(store, [str(articles)]))
        before = nquads(store.quads())
        assert {found.status for found in add(store, [str(articles)]) if isinstance(found, Added)} == {"unchanged"}
        assert len(counted) == 3 and nquads(store.quads()) == before
        list(add(store, [str(articles)], again=True))
        assert len(counted) == 6 and nquads(store.quads()) == before


def test_a_changed_file_takes_its_own_place(articles: Path, counted: list[str]) -> None:
    with Store.in_memory() as store:
        list(add(store, [str(articles)]))
        (articles / "0.txt").write_text(text_of("Titre 0, corrigé", f"Selon la presse {LINES[2]}."), "utf-8")
        done = [found for found in add(store, [str(articles)]) if isinstance(found, Added)]
        assert sorted(found.status for found in done) == ["added", "unchanged", "unchanged"]
        assert [a.title for a in store.articles()] == ["Titre 0, corrigé", "Titre 1", "Titre 2"]
        assert not list(store.rows("SELECT ?s { ?s maille:competesWith ?o }"))


def test_another_date_is_another_reading(articles: Path, counted: list[str]) -> None:
    file = articles / "0.txt"
    with Store.in_memory() as store:
        list(add(store, [str(file)]))
        file.write_text(file.read_text("utf-8").replace("2025-04-02", "2025-04-03"), "utf-8")
        assert [found.status for found in add(store, [str(file)]) if isinstance(found, Added)] == ["added"]
        assert [a.published for a in store.articles()] == ["2025-04-03"]


def test_files_of_the_same_name_in_two_folders_are_two_articles(tmp_path: Path, counted: list[str]) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "a.txt").write_text(text_of(f"Titre {number}", "Bonjour à tous."), "utf-8")
    with Store.in_memory() as store:
        list(add(store, [str(tmp_path)]))
        assert store.info().articles == 2


def test_a_url_is_an_article_and_a_site_is_not() -> None:
    def reading(title: str, url: str) -> Reading:
        return reading_of(LINES, KINDS, title, url=url)

    with Store.in_memory() as store:
        store.add_all([reading("Un", "https://a.example/x"), reading("Deux", "https://a.example/x")])
        assert [a.title for a in store.articles()] == ["Deux"]
        store.add_all([reading("Trois", "https://a.example/"), reading("Quatre", "https://a.example/")])
        assert store.info().articles == 3
        assert origin_of(reading("Un", "https://a.example/").article) == ""


def test_the_place_of_a_file_is_not_told(articles: Path, counted: list[str]) -> None:
    with Store.in_memory() as store:
        list(add(store, [str(articles)]))
        assert str(articles) not in nquads(store.quads())
        assert not [quad for quad in store.quads() if "catalog" in str(quad.graph_name)]
        found = store.query("SELECT ?o { GRAPH ?g { ?s dcterms:identifier ?o } }")
        assert isinstance(found, ox.QuerySolutions)
        assert all(str(articles) not in str(row["o"]) for row in found)


def test_removing_all_leaves_nothing(tmp_path: Path, articles: Path, counted: list[str]) -> None:
    with Store.open(tmp_path / "s") as store:
        list(add(store, [str(articles)]))
        store.infer()
        for article in store.articles():
            store.remove(article.key)
        assert list(store.quads()) == [] and store.info().triples == 0
        assert not list(store.rows("SELECT ?g { GRAPH ?g { ?s ?p ?o } FILTER(!CONTAINS(STR(?g), 'ontology')) }"))


def test_full_names_meet_and_short_ones_stay_at_home() -> None:
    """ "Morel" joins "Claire Morel" in the article that has both; "Morel" alone elsewhere is somebody else."""
    one = reading_of(LINES[:1], KINDS, "Un")
    two = reading_of(LINES, KINDS, "Deux")
    both = Reading(one.article, (*one.entities, Entity("m", "Person", "Claire Morel", ("Morel",))), (), one.claims)
    with Store.in_memory() as store:
        store.add_all([both, two])
        people = {row["e"].rpartition("/")[2] for row in store.rows("SELECT ?e { ?e a maille:Person }")}
        assert people == {"claire-morel", "morel"}
        mentioned = "SELECT ?a { ?a schema:mentions ?e . ?e skos:prefLabel 'Aubelune' }"
        assert len(list(store.rows(mentioned))) == 2


def test_what_is_skipped_is_told(tmp_path: Path, articles: Path, counted: list[str]) -> None:
    (articles / "empty.txt").write_text("")
    with Store.in_memory() as store:
        found = list(add(store, [str(articles), str(articles / "0.txt")]))
    assert sum(isinstance(each, Skipped) for each in found) == 2 and len(found) == 5


def test_the_commands(tmp_path: Path, articles: Path, counted: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    graph = str(tmp_path / "g")
    assert main(["add", str(articles), "-g", graph]) == 0
    out, err = capsys.readouterr()
    assert out.count("added ") == 3 and "3 added, 0 unchanged, 0 skipped" in err
    assert main(["infer", "-g", graph]) == 0
    assert "symmetric" in capsys.readouterr().out
    assert main(["info", "-g", graph, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (
        told["classes"]["Company"] == 2
        and told["properties"]["competesWith"] == 1
        and told["modalities"] == {"Asserted": 3}
    )
    assert [a["claims"] for a in told["articles"]] == [1, 1, 1] and told["inferred by rule"] == {"symmetric": 1}
    assert main(["info", "-g", graph]) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 articles, 4 entities, 0 events, 3 claims, 1 inferred") and "\nproperties\n" in out
    key = told["articles"][0]["key"]
    assert main(["remove", key[:10], "-g", graph]) == 0
    assert "inferred anew" in capsys.readouterr().err
    assert main(["remove", "--all", "-g", graph]) == 0
    assert main(["info", "-g", graph]) == 0
    assert capsys.readouterr().out.startswith("0 articles, 0 entities, 0 events, 0 claims, 0 triples")


@pytest.mark.parametrize(
    "args", [["add", "-g", "G"], ["remove", "-g", "G"], ["info", "-g", "G"], ["infer", "-g", "G"], ["diff", "G", "G"]]
)
def test_wrong_calls(tmp_path: Path, args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([arg.replace("G", str(tmp_path / "none")) for arg in args]) == 2
    assert not (tmp_path / "none").exists()
    assert len(capsys.readouterr().err.splitlines()) == 2
