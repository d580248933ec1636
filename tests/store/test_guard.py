"""What is refused before it is run, and the dataset that a request gives to an update."""

from __future__ import annotations

import pytest

from maille.errors import MailleError
from maille.store.guard import has_dataset, refuse_calls, with_dataset

CALLS = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?a ?b ?c } }",
    "SELECT * { service<http://127.0.0.1/>{ ?a ?b ?c } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1/> { ?a ?b ?c } }",
    "SELECT * { VALUES ?x { <http://127.0.0.1/> } SERVICE?x{ ?a ?b ?c } }",
    "PREFIX e: <http://127.0.0.1/> SELECT * { SERVICE e:x { ?a ?b ?c } }",
    "SELECT * { SERVICE # where to\n <http://127.0.0.1/> { ?a ?b ?c } }",
    "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE?x#>\n{ ?d ?e ?f } }",
    "SELECT * { ?a ?b ?c FILTER(?a<?b)FILTER('x>'='x>')SERVICE ?x { ?d ?e ?f } FILTER('a'='a') }",
    "SELECT (?a<'x>' AS ?b) { ?a ?c 'y' SERVICE ?x { ?d ?e ?f } ?g ?h 'z' }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1/> { ?a ?b ?c } }",
    "SELECT * { ?a ?b 'it\\'s' . SERVICE <http://127.0.0.1/> { ?c ?d 'x' } }",
    "SELECT * { ?a ?b '''it's''' SERVICE <http://127.0.0.1/> { ?c ?d ?e } }",
]

HARMLESS = [
    "SELECT * { ?service ?b 'SERVICE <http://127.0.0.1/>' }",
    "SELECT * { ?a <http://example.org/service> $service } # SERVICE <http://127.0.0.1/>",
    "PREFIX e: <http://example.org/> SELECT * { ?a e:service e:service-x ; e:x 'service'@fr }",
    "SELECT * { ?a ?b 'a customer service of \"SERVICE\"' FILTER(1 < 2 && 3 > 2) }",
    "PREFIX service: <http://example.org/> SELECT * { ?a service:x ?b }",
    "SELECT * { ?a ?b \"\"\"no \"service\" here\"\"\" }",
    "SELECT * { <http://example.org/L'Oréal_(groupe)> ?b 'état \\u00e9' }",
]  # fmt: skip


@pytest.mark.parametrize("query", CALLS)
def test_calls_of_other_servers_are_refused(query: str) -> None:
    with pytest.raises(MailleError, match="SERVICE is not allowed"):
        refuse_calls(query)


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_alone_is_no_call(query: str) -> None:
    refuse_calls(query)


@pytest.mark.parametrize(
    "update", ["LOAD <http://127.0.0.1/>", "CLEAR ALL;load silent <file:///etc/passwd> INTO GRAPH <g>"]
)
def test_loading_is_refused_in_updates(update: str) -> None:
    with pytest.raises(MailleError, match="LOAD is not allowed"):
        refuse_calls(update, update=True)
    refuse_calls("INSERT DATA { <http://example.org/load> <http://example.org/load> 'LOAD <x>' }", update=True)


def test_a_query_may_name_its_graphs() -> None:
    assert has_dataset("SELECT * FROM <http://example.org/g> { ?a ?b ?c }")
    assert has_dataset("SELECT *\nfrom named<http://example.org/g>{ ?a ?b ?c }")
    assert not has_dataset("SELECT ?from { ?from <http://example.org/from> 'FROM <x>' } # FROM <y>")


def test_graphs_of_the_request_go_into_every_pattern_of_an_update() -> None:
    update = (
        "INSERT DATA { <s> <where> 'WHERE' } ; DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } ; DELETE WHERE { ?s <p> '}' }"
    )
    assert with_dataset(update, ["http://e/1"], ["http://e/2"]) == (
        "INSERT DATA { <s> <where> 'WHERE' } ; "
        "DELETE { ?s ?p ?o } USING <http://e/1> USING NAMED <http://e/2> WHERE { ?s ?p ?o } ; "
        "DELETE { ?s <p> '}' } USING <http://e/1> USING NAMED <http://e/2> WHERE { ?s <p> '}' }"
    )
    assert with_dataset(update, [], []) == update


@pytest.mark.parametrize(
    "own",
    [
        "WITH <http://e/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } using <http://e/g> WHERE { ?s ?p ?o }",
    ],
)
def test_graphs_are_named_once(own: str) -> None:
    with pytest.raises(MailleError, match="twice"):
        with_dataset(own, ["http://e/1"], [])
    assert with_dataset(own, [], []) == own
