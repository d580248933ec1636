"""The site and the IRIs: what a page holds, in which form, and that it lets nothing foreign run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from conftest import filled, start, stop

from maille.records import Article, Claim, Entity, EntityRef, Mention, Passage, Reading, Text

AUBELUNE = "entity/organization/aubelune"
BASE = "https://w3id.org/maille/data/"
HTML = {"Accept": "text/html", "Accept-Language": "fr"}


@pytest.fixture(scope="module")
def article(reader: httpx.Client, sample_reading: Reading) -> str:
    return f"article/{sample_reading.article.key[:20]}"


def page(reader: httpx.Client, path: str, **headers: str) -> str:
    response = reader.get(path, headers={**HTML, **headers})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


@pytest.fixture(autouse=True)
def forgetful(reader: httpx.Client) -> Iterator[None]:
    """The language that a test asked for is not remembered in the next."""
    yield
    reader.cookies.clear()


def test_the_first_page(reader: httpx.Client) -> None:
    text = page(reader, "")
    assert "2 articles, 10 entités, 46 affirmations" in text
    assert f'href="/{AUBELUNE}"' in text and "citée dans 2 articles" in text
    assert "2 articles, 10 entities, 46 claims" in page(reader, "?lang=en")
    assert "10 entities" in page(reader, "")  # it is remembered
    reader.cookies.clear()
    assert "10 entités" in page(reader, "")
    assert "10 entities" in page(reader, "", **{"Accept-Language": "en-GB,en;q=0.9,fr;q=0.5"})
    assert "10 entities" in page(reader, "", Cookie="lang=en")


@pytest.mark.parametrize(
    ("asked", "found"), [("vaubàn", "banque-vauban"), ("CLAIRE", "claire-morel"), ("lune", "pixelune")]
)
def test_search_of_names(reader: httpx.Client, asked: str, found: str) -> None:
    assert f'/{found}"' in page(reader, f"search?q={asked}")


def test_search_of_words(reader: httpx.Client, article: str) -> None:
    text = page(reader, "search?q=RÉGULATEUR donne")
    assert f'href="/{article}"' in text and "<mark>régulateur donne</mark>" in text
    assert "Rien de tel" in page(reader, "search?q=zzz") and "Rien de tel" in page(reader, "search?q=")


@pytest.mark.parametrize(
    "asked", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' } DROP ALL #", "\\", "é" * 5000]
)
def test_search_of_anything(reader: httpx.Client, asked: str) -> None:
    text = reader.get("search", params={"q": asked}, headers=HTML)
    assert text.status_code == 200
    assert "<script>alert" not in text.text and "<img" not in text.text


def test_an_entity_with_its_claims_and_sentences(reader: httpx.Client, article: str) -> None:
    text = page(reader, AUBELUNE)
    assert "<h1><bdi>Aubelune</bdi></h1>" in text and "Entreprise" in text
    assert "<mark>La société prévoit de racheter Pixelune en 2026</mark>." in text
    assert 'class="badge Planned">prévu' in text and 'class="badge Possible">possible' in text
    assert "selon documents internes" in text and "confiance 85 %" in text
    assert "2021 (en 2021)" in text  # a date: what it is, and how it was said
    assert re.search(rf'href="/{article}#char=\d+,\d+"', text)
    assert "Levée de fonds « levé »" in text and "Nordhavn va supprimer 200 postes" in text
    assert '<a href="/entity/person/claire-morel"><bdi>Claire Morel</bdi></a> · ' in text


def test_an_article_to_read(reader: httpx.Client, article: str, sample_reading: Reading) -> None:
    text = page(reader, article)
    body = re.search(r'<div class="body">(.*?)</div>', text, re.S)
    assert body
    shown = re.sub(r"<[^>]*>", "", body[1]).replace("&#39;", "'").replace("&amp;", "&")
    assert sample_reading.article.text.endswith(shown)  # not a sign more or less
    for claim in sample_reading.claims:
        passage = f"char={claim.evidence.start},{claim.evidence.end}"
        assert text.count(f'id="{passage}"') == 1 and f'href="#{passage}"' in text
    assert 'title="Banque Vauban, Entreprise"' in text and "Le Quotidien" in text and "par Anne Petit" in text
    assert 'href="https://example.org/a1"' in text


@pytest.mark.parametrize(
    ("path", "media"),
    [
        (path, media)
        for path in ("entity", "article")
        for media in ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
    ],
)
def test_things_in_rdf(reader: httpx.Client, article: str, path: str, media: str) -> None:
    path = AUBELUNE if path == "entity" else article
    response = reader.get(path, headers={"Accept": media})
    assert response.status_code == 200 and response.headers["content-type"].startswith(media)
    assert "Accept" in response.headers["vary"]
    found = [q.triple for q in ox.parse(response.content, format=ox.RdfFormat.from_media_type(media))]
    about = {str(t.predicate) for t in found if t.subject == ox.NamedNode(BASE + path)}
    assert len(about) >= 3
    assert any(t.predicate.value.endswith("wasDerivedFrom") for t in found)  # the evidence comes along


def test_the_form_can_stand_in_the_address(reader: httpx.Client) -> None:
    assert (
        reader.get(AUBELUNE, params={"format": "jsonld"}, headers=HTML).headers["content-type"] == "application/ld+json"
    )
    assert reader.get(AUBELUNE, params={"format": "html"}).headers["content-type"].startswith("text/html")
    assert reader.get(AUBELUNE, params={"format": "png"}).status_code == 406
    assert reader.get(AUBELUNE, headers={"Accept": "image/png"}).status_code == 406


def test_every_iri_of_the_graph_leads_somewhere(reader: httpx.Client) -> None:
    query = f"SELECT DISTINCT ?x {{ {{ ?x ?p ?o }} UNION {{ ?s ?p ?x }} FILTER(isIRI(?x) && STRSTARTS(STR(?x), '{BASE}')) }}"
    rows = reader.get("sparql", params={"query": query}).json()["results"]["bindings"]
    iris = sorted({row["x"]["value"].removeprefix(BASE).partition("#")[0] for row in rows})
    kinds = {iri.partition("/")[0] for iri in iris}
    assert kinds == {"article", "claim", "entity", "event", "value"} and len(iris) > 60
    for iri in iris[::4]:
        assert reader.get(iri, headers=HTML).status_code == 200, iri
        assert reader.get(iri, headers={"Accept": "text/turtle"}).status_code == 200, iri


def test_other_iris(reader: httpx.Client) -> None:
    iri = "https://w3id.org/maille/ontology#acquires"
    text = reader.get("resource", params={"iri": iri}, headers=HTML).text
    assert "rachète" in text and "rdfs:" in text
    assert reader.get("resource", params={"iri": "no iri"}, headers=HTML).status_code == 400
    assert reader.get("resource", params={"iri": "https://nowhere.example/"}, headers=HTML).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "entity/organization/nobody",
        "article/0000",
        "claim/%22%3E%3Cscript%3E",
        "entity/",
        "nope",
        "static/../app.py",
        "static/site.py",
    ],
)
def test_what_is_not_there(reader: httpx.Client, path: str) -> None:
    for headers in (HTML, {"Accept": "text/turtle"}, {}):
        response = reader.get(path, headers=headers)
        assert response.status_code in (400, 404) and (
            "<script>" not in response.text or "text/plain" in response.headers["content-type"]
        )


def test_every_page_is_locked_up(reader: httpx.Client, article: str) -> None:
    for path in (
        "",
        "search?q=a",
        "articles",
        AUBELUNE,
        article,
        "nope",
        "entity/x/nobody",
        "resource?iri=https://schema.org/",
    ):
        response = reader.get(path, headers=HTML)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert (
            response.headers["x-content-type-options"] == "nosniff"
            and response.headers["referrer-policy"] == "no-referrer"
        )
        assert not re.findall(r'(?:src|<link[^>]*href)="(?!/|\?)', response.text)  # nothing is loaded from elsewhere
        assert " style=" not in response.text and "<style" not in response.text and " onclick" not in response.text
    editor = reader.get("editor", headers=HTML).headers["content-security-policy"]
    assert "script-src 'self';" in editor and "connect-src 'self'" in editor
    network = reader.get("network", headers=HTML)
    assert "frame-ancestors 'none'" in network.headers["content-security-policy"]
    assert re.search(r'http-equiv="?Content-Security-Policy"? content="default-src (.|&#39;)none', network.text)
    answer = reader.get("sparql", params={"query": "ASK {}"})
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_licence_of_the_editor_is_there(reader: httpx.Client) -> None:
    assert "MIT License" in reader.get("static/yasgui/LICENSE.txt").text
    assert reader.get("static/yasgui/yasgui.min.js").headers["content-type"].startswith("text/javascript")


def test_pages_of_articles(reader: httpx.Client) -> None:
    assert page(reader, "articles").count("<li>") == 2
    assert page(reader, "articles?page=2").count("<li>") == 0
    assert page(reader, "articles?page=-1&lang=xx").count("<li>") == 2


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of an article that wants to be more than text."""
    name = "<script>window.hit=1</script>"
    text = f'{name}\n{name} & "Co" {{{{ 7*7 }}}}\u2028javascript:alert(1) e\u0301 😀.\n\n{name}'
    where = [found.start() for found in re.finditer(re.escape(name), text)]
    mentions = tuple(Mention(Passage(start, start + len(name), name), "NAME") for start in where)
    evidence = Passage(where[1], len(text) - len(name) - 2, text[where[1] : -len(name) - 2])
    reading = Reading(
        Article("ab" * 32, text, name, len(name) + 1, name, name, "javascript:alert(1)", name),
        (Entity("e", "Company", name, (), mentions),),
        (),
        (Claim(EntityRef("e"), "sector", Text(name), evidence, rule=name, confidence=0.5),),
    )
    running = start(filled(tmp_path_factory.mktemp("graphs") / "hostile", reading))
    yield running.url
    stop(running)


def test_hostile_articles_are_text(hostile: str) -> None:
    with httpx.Client(base_url=hostile, headers=HTML, timeout=30) as client:
        home = client.get("").text
        entity = re.search(r'href="(/entity/[^"]+)"', home)
        article = re.search(r'href="(/article/[^"]+)"', home)
        assert entity and article
        for path in (
            "",
            entity[1],
            article[1],
            "search?q=window.hit",
            "articles",
            f"resource?iri={BASE}{entity[1][1:]}",
        ):
            text = client.get(path).text
            assert "<script>window" not in text and 'href="javascript' not in text and "49" not in text
            assert "&lt;script&gt;window.hit=1&lt;/script&gt;" in text
        assert client.get(article[1]).text.count("😀") >= 1


def test_a_folder_that_is_no_graph(tmp_path: Path) -> None:
    from maille.cli import main

    assert main(["serve", "-g", str(tmp_path), "--port", "0"]) == 2


def test_a_port_that_is_taken(
    reader: httpx.Client, tmp_path: Path, sample_reading: Reading, capfd: pytest.CaptureFixture[str]
) -> None:
    from maille.cli import main

    folder = filled(tmp_path / "g", sample_reading)
    assert main(["serve", "-g", str(folder), "--port", str(reader.base_url.port)]) == 2
    assert "taken" in capfd.readouterr().err
