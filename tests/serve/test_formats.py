"""Accept headers as browsers and libraries send them."""

from __future__ import annotations

import pytest

from maille.serve.formats import GRAPHS, HTML, RESULTS, choose

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("application/sparql-results+xml, application/sparql-results+json;q=0.9", "xml"),
        ("application/json", "json"),
        ("text/*", "csv"),
        ("text/tab-separated-values;q=0.5, text/csv;q=0.4", "tsv"),
        ("*/*;q=0.1, text/csv;q=0", "json"),
        ("text/csv;q=0, text/*;q=0.7", "tsv"),
        ("TEXT/CSV ; Q=1", "csv"),
        ("image/png", None),
        ("application/sparql-results+json;q=0", None),
    ],
)
def test_results(accept: str, form: str | None) -> None:
    assert choose(accept, RESULTS) == form


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (BROWSER, "html"),
        ("text/turtle", "turtle"),
        ("application/ld+json, */*;q=0.1", "jsonld"),
        ("application/rdf+xml", "rdfxml"),
        ("text/html;q=0.2, text/turtle;q=0.3", "turtle"),
        ("application/n-triples, text/plain;q=0.5", "ntriples"),
    ],
)
def test_a_thing_for_people_and_programs(accept: str, form: str) -> None:
    assert choose(accept, HTML | GRAPHS) == form
