"""SPARQL 1.1 Protocol: each way to ask and to change, and each wrong way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
G = "https://press.example/graph/"
S = "https://press.example/"


def truth(response: httpx.Response) -> bool:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/sparql-results+json"
    return bool(response.json()["boolean"])


def ask(client: httpx.Client, pattern: str, **parameters: Any) -> bool:
    return truth(client.get("sparql", params={"query": f"ASK {{ {pattern} }}", **parameters}))


@pytest.fixture
def three(writer: httpx.Client) -> httpx.Client:
    """Three graphs, each says of one newspaper that it is one."""
    inside = " ".join(f"GRAPH <{G}{n}> {{ <{S}{n}> a <{S}Paper> }}" for n in (1, 2, 3))
    assert writer.post("sparql", data={"update": f"INSERT DATA {{ {inside} }}"}).status_code == 204
    return writer


# asking


def test_three_ways_to_ask(reader: httpx.Client) -> None:
    query = "ASK { ?a maille:competesWith ?b }"
    assert truth(reader.get("sparql", params={"query": query}))
    assert truth(reader.get("sparql/", params={"query": query}))
    assert truth(reader.post("sparql", data={"query": query}))
    assert truth(reader.post("sparql", content=query, headers={"Content-Type": QUERY}))
    assert truth(reader.post("sparql", content=query, headers={"Content-Type": f"{QUERY}; charset=UTF-8"}))
    head = reader.head("sparql", params={"query": query})
    assert head.status_code == 200 and head.content == b""


def test_accents_and_signs_survive(reader: httpx.Client) -> None:
    text = "é + & = % « 😀 »"
    for response in (
        reader.get("sparql", params={"query": f"SELECT ('{text}' AS ?x) {{}}"}),
        reader.post("sparql", data={"query": f"SELECT ('{text}' AS ?x) {{}}"}),
        reader.post("sparql", content=f"SELECT ('{text}' AS ?x) {{}}".encode(), headers={"Content-Type": QUERY}),
    ):
        assert response.json()["results"]["bindings"] == [{"x": {"type": "literal", "value": text}}]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_tables_in_every_form(reader: httpx.Client, accept: str, media: str) -> None:
    query = "SELECT ?n { ?e skos:prefLabel ?n } ORDER BY ?n"
    response = reader.get("sparql", params={"query": query}, headers={"Accept": accept})
    assert response.headers["content-type"] == media and "Accept" in response.headers["vary"]
    if media.startswith("text/csv"):
        names = response.text.split("\r\n")[1:-1]
    else:
        rows = ox.parse_query_results(response.content, format=ox.QueryResultsFormat.from_media_type(media))
        assert isinstance(rows, ox.QuerySolutions)
        names = [row["n"].value for row in rows]
    assert names[:2] == ["Aubelune", "Banque Vauban"] and len(names) == 10
    same = reader.get("sparql", params={"query": query, "format": media.partition(";")[0]})
    assert same.content == response.content


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
@pytest.mark.parametrize(
    "form", ["CONSTRUCT {{ ?c rdf:predicate ?p }} {{ ?c rdf:predicate ?p ; rdf:subject <{0}> }}", "DESCRIBE <{0}>"]
)
def test_graphs_in_every_form(reader: httpx.Client, media: str, form: str) -> None:
    query = form.format("https://w3id.org/maille/data/entity/organization/aubelune")
    response = reader.get("sparql", params={"query": query}, headers={"Accept": media})
    assert response.status_code == 200 and response.headers["content-type"].startswith(media)
    kind = ox.RdfFormat.from_media_type(media)
    turtle = reader.get("sparql", params={"query": query})
    assert {str(q) for q in ox.parse(response.content, format=kind)} == {
        str(q) for q in ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)
    }


def test_what_cannot_be_had(reader: httpx.Client) -> None:
    response = reader.get("sparql", params={"query": "ASK {}"}, headers={"Accept": "image/png"})
    assert response.status_code == 406 and "text/csv" in response.text


def test_the_graphs_of_the_request(three: httpx.Client) -> None:
    one, two, both = f"<{S}1> a ?t", f"<{S}2> a ?t", f"<{S}1> a ?t . <{S}2> a ?t"
    assert ask(three, f"{both} . <{S}3> a ?t")  # the union of all, unless told otherwise
    assert ask(three, both, **{"default-graph-uri": [f"{G}1", f"{G}2"]})
    assert not ask(three, both, **{"default-graph-uri": f"{G}1"})
    inside = f"GRAPH ?g {{ {one} }} GRAPH ?h {{ {two} }}"
    assert ask(three, inside, **{"named-graph-uri": [f"{G}1", f"{G}2"]})
    assert not ask(three, inside, **{"named-graph-uri": f"{G}1"})
    assert not ask(three, one, **{"named-graph-uri": f"{G}1"})
    mixed = {"default-graph-uri": f"{G}3", "named-graph-uri": [f"{G}1", f"{G}2"]}
    assert ask(three, f"<{S}3> a ?t {inside}", **mixed)
    posted = three.post(
        "sparql", params=mixed, content=f"ASK {{ <{S}3> a ?t {inside} }}", headers={"Content-Type": QUERY}
    )
    assert truth(posted)
    form = three.post("sparql", data={"query": f"ASK {{ {both} }}", "default-graph-uri": [f"{G}1", f"{G}2"]})
    assert truth(form)


def test_the_graphs_of_the_query(three: httpx.Client) -> None:
    def answer(dataset: str, pattern: str, **parameters: Any) -> bool:
        return truth(three.get("sparql", params={"query": f"ASK {dataset} {{ {pattern} }}", **parameters}))

    assert answer(f"FROM <{G}1>", f"<{S}1> a ?t")
    assert not answer(f"FROM <{G}1>", f"<{S}2> a ?t")
    assert not answer(f"FROM NAMED <{G}1>", f"<{S}1> a ?t")
    assert answer(f"FROM NAMED <{G}1>", f"GRAPH ?g {{ <{S}1> a ?t }}")
    assert answer(f"FROM <{G}1>", f"<{S}2> a ?t", **{"default-graph-uri": f"{G}2"})  # the request goes before


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"query": "ASK {"}, 400),
        ({"query": ["ASK {}", "SELECT * {}"]}, 400),
        ({"query": ""}, 400),
        ({"update": "CLEAR ALL"}, 400),
        ({"query": "CLEAR ALL"}, 400),
        ({"query": "ASK {}", "default-graph-uri": "no iri"}, 400),
        ({"query": "ASK {}", "using-graph-uri": "http://e/g"}, 400),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?a ?b ?c } }"}, 400),
        ({"query": "SELECT * { ?a unknown:thing ?b }"}, 400),
    ],
)
def test_wrong_questions(reader: httpx.Client, parameters: dict[str, Any], status: int) -> None:
    response = reader.get("sparql", params=parameters)
    assert response.status_code == status and response.headers["content-type"].startswith("text/plain")
    told = reader.get("sparql", params=parameters, headers={"Accept": "application/json"})
    assert told.headers["content-type"] == "application/problem+json" and told.json()["status"] == status


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"ASK {}", "text/plain", 415),
        (b"ASK {}", "", 415),
        (b"query=ASK%20%7B%7D", "", 415),
        ("ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", 415),
        ("ASK { ?s ?p 'é' }".encode("latin-1"), QUERY, 400),
        (b"query=ASK%20%7B%20%3Fs%20%3Fp%20%27%E9%27%20%7D", FORM, 400),
        (b"", FORM, 400),
        (b"query=ASK%20%7B%7D&update=CLEAR%20ALL", FORM, 400),
        (b"query=ASK%20%7B%7D&query=ASK%20%7B%7D", FORM, 400),
    ],
)
def test_wrong_bodies(reader: httpx.Client, content: bytes, media: str, status: int) -> None:
    headers = {"Content-Type": media} if media else {}
    assert reader.post("sparql", content=content, headers=headers).status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_wrong_methods(reader: httpx.Client, method: str) -> None:
    response = reader.request(method, "sparql", params={"query": "ASK {}"}, headers={"Content-Type": FORM})
    assert response.status_code == 405 and "POST" in response.headers["allow"]


def test_a_syntax_error_says_where(reader: httpx.Client) -> None:
    response = reader.get("sparql", params={"query": "SELECT * {\n  ?a ?b }"})
    assert "line 2" in response.text and "prefixes" in response.text


# changing


def test_two_ways_to_change(writer: httpx.Client) -> None:
    add = f"INSERT DATA {{ GRAPH <{G}1> {{ <{S}1> a <{S}Paper> }} }}"
    assert writer.post("sparql", data={"update": add}).status_code == 204
    assert ask(writer, f"GRAPH <{G}1> {{ <{S}1> a <{S}Paper> }}")
    assert writer.post("sparql", content="CLEAR ALL", headers={"Content-Type": UPDATE}).status_code == 204
    assert not ask(writer, "?s ?p ?o")


def test_what_is_changed_is_seen_at_once_and_stays(writer: httpx.Client) -> None:
    for n in range(12):
        writer.post("sparql", data={"update": f"INSERT DATA {{ <{S}{n}> <{S}is> {n} }}"}).raise_for_status()
        found = writer.get(
            "sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ ?s <{S}is> ?o }}"}, headers={"Accept": "text/csv"}
        )
        assert found.text.split() == ["n", str(n + 1)]


def test_the_graphs_of_an_update(three: httpx.Client) -> None:
    copy = f"INSERT {{ GRAPH <{G}new> {{ ?s a <{S}Kept> }} }} WHERE {{ ?s a <{S}Paper> }}"
    three.post(
        "sparql", params={"using-graph-uri": [f"{G}1", f"{G}2"]}, content=copy, headers={"Content-Type": UPDATE}
    ).raise_for_status()
    assert ask(
        three,
        f"GRAPH <{G}new> {{ <{S}1> a ?t . <{S}2> a ?t }} FILTER NOT EXISTS {{ GRAPH <{G}new> {{ <{S}3> a ?t }} }}",
    )
    named = f"INSERT {{ GRAPH <{G}more> {{ ?s a ?g }} }} WHERE {{ GRAPH ?g {{ ?s a <{S}Paper> }} }}"
    three.post("sparql", data={"update": named, "using-named-graph-uri": f"{G}3"}).raise_for_status()
    assert ask(
        three, f"GRAPH <{G}more> {{ <{S}3> a <{G}3> }} FILTER NOT EXISTS {{ GRAPH <{G}more> {{ <{S}1> ?p ?o }} }}"
    )
    both = {"using-graph-uri": f"{G}1", "using-named-graph-uri": f"{G}2"}
    told = (f"INSERT {{ GRAPH <{G}full> {{ ?s <{S}in> ?g }} }} WHERE "
            f"{{ {{ ?s a <{S}Paper> BIND('default' AS ?g) }} UNION {{ GRAPH ?g {{ ?s a <{S}Paper> }} }} }}")  # fmt: skip
    three.post("sparql", params=both, content=told, headers={"Content-Type": UPDATE}).raise_for_status()
    assert ask(three, f"GRAPH <{G}full> {{ <{S}1> <{S}in> 'default' . <{S}2> <{S}in> <{G}2> }}")
    assert not ask(three, f"GRAPH <{G}full> {{ <{S}3> ?p ?o }}")
    own = f"WITH <{G}1> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}"
    assert three.post("sparql", params=both, content=own, headers={"Content-Type": UPDATE}).status_code == 400
    assert ask(three, f"GRAPH <{G}1> {{ ?s ?p ?o }}")


def test_relative_iris_are_those_of_the_endpoint(writer: httpx.Client) -> None:
    writer.post("sparql", data={"update": "INSERT DATA { <s> <p> <o> }"}).raise_for_status()
    found = writer.get("sparql", params={"query": "SELECT ?s { ?s <p> <o> }"}).json()["results"]["bindings"]
    assert [row["s"]["value"] for row in found] == [str(writer.base_url) + "s"]


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"update=CLEAR%20XYZ", FORM, 400),
        (b"update=CLEAR%20ALL&update=CLEAR%20ALL", FORM, 400),
        (b"update=CLEAR%20ALL", "", 415),
        (b"CLEAR ALL", "text/plain", 415),
        ("CLEAR ALL".encode("utf-16"), f"{UPDATE}; charset=UTF-16", 415),
        (b"LOAD <http://127.0.0.1:9/x>", UPDATE, 400),
        (b"INSERT { ?a ?b ?c } WHERE { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }", UPDATE, 400),
        (b"INSERT DATA { <http://e/s> <http://e/p> 1 } ; NONSENSE", UPDATE, 400),
    ],
)
def test_wrong_changes_change_nothing(three: httpx.Client, content: bytes, media: str, status: int) -> None:
    headers = {"Content-Type": media} if media else {}
    assert three.post("sparql", content=content, headers=headers).status_code == status
    assert ask(three, f"<{S}1> a ?t . <{S}2> a ?t . <{S}3> a ?t")
    assert not ask(three, "<http://e/s> ?p ?o")


def test_nobody_is_called(writer: httpx.Client) -> None:
    """A server that counts its visitors has none, whatever is asked for."""
    visitors: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        ended = threading.Event()

        def wait() -> None:
            while not ended.is_set():
                try:
                    visitors.append(listener.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=wait)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for query in (f"SELECT * {{ SERVICE <{address}> {{ ?a ?b ?c }} }}",
                      f"SELECT * {{ VALUES ?x {{ <{address}> }} SERVICE?x{{ ?a ?b ?c }} }}",
                      f"SELECT * FROM <{address}> {{ ?a ?b ?c }}"):  # fmt: skip
            writer.get("sparql", params={"query": query})
        writer.post("sparql", data={"update": f"LOAD <{address}>"})
        writer.put("graphs", params={"graph": address}, content=b"<> <p> 1 .", headers={"Content-Type": "text/turtle"})
        writer.get("graphs", params={"graph": address})
        ended.set()
        thread.join()
    assert visitors == []


def test_changes_need_the_token(writing_server: Any) -> None:
    for value in (None, "Bearer wrong", "Basic YTpi", "Bearer", "a-token-for-tests"):
        headers = {"Authorization": value} if value else {}
        with httpx.Client(base_url=writing_server.url, headers=headers) as stranger:
            response = stranger.post("sparql", data={"update": "CLEAR ALL"})
            assert response.status_code == 401 and response.headers["www-authenticate"].startswith("Bearer")
            assert (
                stranger.put("graphs?default", content=b"", headers={"Content-Type": "text/turtle"}).status_code == 401
            )
            assert stranger.get("sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_server_that_only_reads(reader: httpx.Client) -> None:
    headers = {"Authorization": "Bearer a-token-for-tests"}
    assert reader.post("sparql", data={"update": "CLEAR ALL"}, headers=headers).status_code == 403
    for method in ("PUT", "POST", "DELETE"):
        response = reader.request(
            method, "graphs?default", content=b"", headers={**headers, "Content-Type": "text/turtle"}
        )
        assert response.status_code == 403
    assert ask(reader, "?a maille:competesWith ?b")


# what the endpoint says of itself


def test_service_description(reader: httpx.Client, writer: httpx.Client) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    for client, languages in ((reader, {"SPARQL11Query"}), (writer, {"SPARQL11Query", "SPARQL11Update"})):
        for media in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"):
            response = client.get("sparql", headers={"Accept": media})
            assert response.headers["content-type"].startswith(media)
            said = {
                (q.predicate.value, str(q.object))
                for q in ox.parse(response.content, format=ox.RdfFormat.from_media_type(media))
            }
            assert (f"{sd}endpoint", f"<{client.base_url}sparql>") in said
            assert {o for p, o in said if p == f"{sd}supportedLanguage"} == {f"<{sd}{name}>" for name in languages}
    person = reader.get("sparql", headers={"Accept": "text/html"})
    assert person.status_code == 303 and urlsplit(person.headers["location"]).path == "/editor"


# limits


SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_a_slow_query_is_stopped_and_the_next_answered(limited: httpx.Client) -> None:
    for _ in range(3):
        response = limited.get("sparql", params={"query": SLOW})
        assert response.status_code == 503 and "longer than 2 s" in response.text and response.headers["retry-after"]
        assert response.elapsed.total_seconds() < 10
    assert ask(limited, "?a maille:competesWith ?b")


def test_an_answer_that_is_too_large_never_looks_whole(limited: httpx.Client) -> None:
    with (
        pytest.raises(httpx.RemoteProtocolError),
        limited.stream("GET", "sparql", params={"query": ENDLESS}) as response,
    ):
        size = 0
        for piece in response.iter_raw():
            size += len(piece)
        pytest.fail(f"{size} bytes that look like a whole answer")
    assert ask(limited, "?a maille:competesWith ?b")


def test_a_large_answer_comes_whole(writer: httpx.Client) -> None:
    rows = "\n".join(f'<{S}{n}> <{S}p> "line {n:06}" .' for n in range(30_000))
    writer.put(
        "graphs?default", content=rows.encode(), headers={"Content-Type": "application/n-triples"}
    ).raise_for_status()
    with writer.stream(
        "GET", "sparql", params={"query": f"SELECT ?o {{ ?s <{S}p> ?o }}"}, headers={"Accept": "text/csv"}
    ) as response:
        lines = [line for line in response.iter_lines() if line]
    assert len(lines) == 30_001 and len(set(lines)) == 30_001
    graph = writer.get("graphs?default", headers={"Accept": "application/n-triples"})
    assert sorted(graph.text.split("\n")) == sorted([*rows.split("\n"), ""])


def test_a_client_that_leaves_frees_its_process(limited: httpx.Client) -> None:
    for _ in range(4):
        with pytest.raises(httpx.ReadTimeout):
            limited.get("sparql", params={"query": SLOW}, timeout=0.2)
    assert ask(limited, "?a maille:competesWith ?b")


def pieces(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"#" * 65536


def test_a_body_that_is_too_large(limited: httpx.Client) -> None:
    whole = limited.post("sparql", content=b"#" * (2 << 20), headers={"Content-Type": QUERY})
    assert whole.status_code == 413
    assert limited.post("sparql", content=pieces(32), headers={"Content-Type": QUERY}).status_code == 413


# who may ask


def test_pages_of_the_named_origin_may_ask(reader: httpx.Client) -> None:
    friend, stranger = {"Origin": "https://pages.example"}, {"Origin": "https://other.example"}
    asked = {"query": "ASK {}"}
    assert reader.get("sparql", params=asked, headers=friend).headers["access-control-allow-origin"] == friend["Origin"]
    assert "access-control-allow-origin" not in reader.get("sparql", params=asked, headers=stranger).headers
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    assert reader.options("sparql", headers={**friend, **preflight}).status_code == 200
    assert reader.options("sparql", headers={**stranger, **preflight}).status_code == 400
    changing = {**friend, **preflight, "Access-Control-Request-Method": "PUT"}
    assert reader.options("graphs", headers=changing).status_code == 400


def test_without_the_setting_no_page_may_ask(writer: httpx.Client) -> None:
    response = writer.get("sparql", params={"query": "ASK {}"}, headers={"Origin": "https://pages.example"})
    assert "access-control-allow-origin" not in response.headers


def test_a_foreign_name_does_not_lead_here(reader: httpx.Client) -> None:
    assert reader.get("sparql", params={"query": "ASK {}"}, headers={"Host": "rebound.example"}).status_code == 400
    assert reader.get("sparql", params={"query": "ASK {}"}, headers={"Host": "localhost:1"}).status_code == 200
