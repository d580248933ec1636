"""SPARQL 1.1 Graph Store HTTP Protocol: a graph by its name, by its address, or the default one."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}
PAPER = '@prefix p: <https://press.example/> .\np:gazette a p:Paper ; p:seat [ p:town "%s" ] .\n'
BY_NAME = "graphs?graph=https%3A%2F%2Fpress.example%2Fgraph%2F1"
BY_ADDRESS = "graphs/papers/1.ttl"


def same(response: httpx.Response, turtle: str) -> bool:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    found = Graph().parse(data=response.content, format="turtle")
    return isomorphic(found, Graph().parse(data=turtle, format="turtle"))


@pytest.mark.parametrize("place", [BY_NAME, BY_ADDRESS])
def test_put_get_put_get(writer: httpx.Client, place: str) -> None:
    assert writer.put(place, content=PAPER % "Lyon", headers=TURTLE).status_code == 201
    assert same(writer.get(place, headers={"Accept": "text/turtle"}), PAPER % "Lyon")
    assert writer.put(place, content=PAPER % "Brest", headers=TURTLE).status_code == 204
    assert same(writer.get(place), PAPER % "Brest")


def test_the_default_graph(writer: httpx.Client) -> None:
    assert writer.get("graphs?default").status_code == 200
    assert writer.put("graphs?default", content=PAPER % "Lyon", headers=TURTLE).status_code in (201, 204)
    writer.put(BY_NAME, content=PAPER % "Brest", headers=TURTLE)
    assert same(writer.get("graphs?default"), PAPER % "Lyon")  # itself, not the union of all
    assert writer.delete("graphs?default").status_code == 204
    assert same(writer.get("graphs?default"), "")


@pytest.mark.parametrize("place", [BY_NAME, BY_ADDRESS])
def test_delete(writer: httpx.Client, place: str) -> None:
    writer.put(place, content=PAPER % "Lyon", headers=TURTLE)
    assert writer.delete(place).status_code == 204
    assert writer.get(place).status_code == 404
    assert writer.delete(place).status_code == 404


@pytest.mark.parametrize("place", [BY_NAME, BY_ADDRESS])
def test_post_adds(writer: httpx.Client, place: str) -> None:
    assert writer.post(place, content=PAPER % "Lyon", headers=TURTLE).status_code == 201
    line = '<https://press.example/gazette> <https://press.example/since> "1848" .'
    assert writer.post(place, content=line, headers={"Content-Type": "application/n-triples"}).status_code == 204
    assert same(writer.get(place), PAPER % "Lyon" + line)


def test_post_of_several_files(writer: httpx.Client) -> None:
    lines = [f'<https://press.example/gazette> <https://press.example/editor> "{name}" .' for name in ("Zoé", "Léo")]
    files = [("f", (f"{n}.ttl", line.encode(), "text/turtle; charset=utf-8")) for n, line in enumerate(lines)]
    assert writer.post(BY_NAME, files=files).status_code == 201
    assert same(writer.get(BY_NAME), "\n".join(lines))


def test_post_to_the_store_makes_a_graph(writer: httpx.Client) -> None:
    made = [writer.post("graphs", content=PAPER % town, headers=TURTLE) for town in ("Lyon", "Brest")]
    places = [response.headers["location"] for response in made]
    assert [response.status_code for response in made] == [201, 201] and len(set(places)) == 2
    assert same(writer.get("graphs", params={"graph": places[0]}), PAPER % "Lyon")
    assert same(writer.get(places[1]), PAPER % "Brest")


@pytest.mark.parametrize("place", [BY_NAME, BY_ADDRESS])
def test_head(writer: httpx.Client, place: str) -> None:
    assert writer.head(place).status_code == 404
    writer.put(place, content=PAPER % "Lyon", headers=TURTLE)
    response = writer.head(place, headers={"Accept": "text/turtle; charset=utf-8"})
    assert response.status_code == 200 and response.content == b""
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_name_is_decoded_once(writer: httpx.Client) -> None:
    once, twice = "graphs?graph=https://press.example/%31", "graphs?graph=https://press.example/%2531"
    assert writer.put(once, content=PAPER % "Lyon", headers=TURTLE).status_code == 201
    assert writer.put(twice, content=PAPER % "Brest", headers=TURTLE).status_code == 201
    assert same(writer.get("graphs?graph=https://press.example/1"), PAPER % "Lyon")
    assert same(writer.get(twice), PAPER % "Brest")


def test_the_address_is_the_name(writer: httpx.Client) -> None:
    writer.put(BY_ADDRESS, content=PAPER % "Lyon", headers=TURTLE)
    assert same(writer.get("graphs", params={"graph": f"{writer.base_url}{BY_ADDRESS}"}), PAPER % "Lyon")


def test_an_empty_graph_is_there(writer: httpx.Client) -> None:
    assert writer.put(BY_NAME, content=b"", headers=TURTLE).status_code == 201
    assert same(writer.get(BY_NAME), "")


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_every_form_goes_in_and_comes_out(writer: httpx.Client, media: str) -> None:
    writer.put(BY_NAME, content=PAPER % "Saint-Étienne", headers=TURTLE)
    written = writer.get(BY_NAME, headers={"Accept": media})
    assert written.headers["content-type"].startswith(media)
    assert writer.put(BY_ADDRESS, content=written.content, headers={"Content-Type": media}).status_code == 201
    assert same(writer.get(BY_ADDRESS), PAPER % "Saint-Étienne")


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"<https://e/s> <https://e/p> .", "text/turtle", 400),
        (b"<https://e/s> <https://e/p> 1 .", "text/nonsense", 415),
        (b"<https://e/s> <https://e/p> 1 .", "", 415),
        (b"<https://e/s> <https://e/p> 1 <https://e/g> .", "application/n-quads", 415),
        ("<https://e/s> <https://e/p> 'é' .".encode("latin-1"), "text/turtle", 400),
        ("<https://e/s> <https://e/p> 'é' .".encode("utf-16"), "text/turtle; charset=utf-16", 415),
        (b"nonsense", "multipart/form-data; boundary=x", 400),
        (b"nonsense", "multipart/form-data", 400),
    ],
)
def test_wrong_graphs_change_nothing(writer: httpx.Client, content: bytes, media: str, status: int) -> None:
    writer.put(BY_NAME, content=PAPER % "Lyon", headers=TURTLE)
    headers = {"Content-Type": media} if media else {}
    assert writer.put(BY_NAME, content=content, headers=headers).status_code == status
    assert same(writer.get(BY_NAME), PAPER % "Lyon")


@pytest.mark.parametrize(
    "query", ["", "?graph=", "?graph=https://e/1&default", "?graph=https://e/1&graph=https://e/2", "?graph=http://[bad"]
)
def test_wrong_names(writer: httpx.Client, query: str) -> None:
    assert writer.get(f"graphs{query}").status_code == 400
    assert writer.put(f"graphs{query}", content=b"", headers=TURTLE).status_code == 400


def test_other_methods(writer: httpx.Client) -> None:
    assert writer.patch(BY_NAME, content=b"").status_code == 405


def test_an_article_is_a_graph(reader: httpx.Client) -> None:
    found = reader.get(
        "sparql", params={"query": "SELECT ?g { GRAPH ?g { ?a maille:articleKey ?k } } ORDER BY ?g"}
    ).json()
    for row in found["results"]["bindings"]:
        response = reader.get(
            "graphs", params={"graph": row["g"]["value"]}, headers={"Accept": "application/n-triples"}
        )
        quads = list(ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES))
        assert len(quads) > 100
    assert len(found["results"]["bindings"]) == 2
