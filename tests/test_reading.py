"""The sample article from text to graph: what SPARQL finds, exact offsets, shapes, the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from maille.conduct import read_articles
from maille.inputs import read_inputs, sample_path
from maille.rdf import graph_of, violations
from maille.records import Article, EventRef, Reading
from maille.store import Store

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reading() -> Reading:
    article = next(a for a in read_inputs([str(sample_path())]) if isinstance(a, Article))
    return next(read_articles([article]))


@pytest.fixture(scope="module")
def store(reading: Reading) -> Store:
    made = Store.in_memory()
    made.add(reading)
    return made


CLAIM = (
    "SELECT ?m ?by WHERE {{ ?c a maille:Claim ; rdf:subject/skos:prefLabel '{0}' ; rdf:predicate maille:{1} ; rdf:object ?o ; maille:modality ?m ."
    " OPTIONAL {{ ?c maille:attributedTo ?by }} {2} }}"
)


@pytest.mark.parametrize(
    ("subject", "relation", "pattern", "modality"),
    [
        ("SoftBank", "investsIn", "?o skos:prefLabel 'OpenAI'", "Planned"),
        ("Sam Altman", "chiefExecutiveOf", "?o skos:prefLabel 'OpenAI'", "Asserted"),
        ("DeepSeek", "develops", "?o skos:prefLabel 'R1'", "Asserted"),
        ("ChatGPT", "basedOn", "?o skos:prefLabel 'GPT-3.5'", "Asserted"),
        ("ChatGPT", "releasedOn", "FILTER(STR(?o) = '2022-11')", "Asserted"),
        ("OpenAI", "revenue", "?o schema:value ?v . FILTER(xsd:decimal(?v) = 12700000000)", "Planned"),
    ],
)
def test_the_sample_answers(store: Store, subject: str, relation: str, pattern: str, modality: str) -> None:
    rows = list(store.rows(CLAIM.format(subject, relation, pattern)))
    assert [r["m"].rpartition("#")[2] for r in rows] == [modality]


def test_the_revenue_is_attributed(store: Store) -> None:
    (row,) = store.rows(CLAIM.format("OpenAI", "revenue", ""))
    assert "documents internes" in row["by"]


def test_the_round_is_one_event(store: Store) -> None:
    rows = list(
        store.rows(
            "SELECT ?e (SUM(?v) AS ?sum) WHERE { ?e a maille:FundingRound . ?c rdf:subject ?e ; rdf:predicate ?p ; rdf:object/schema:value ?v ."
            " FILTER(?p IN (maille:amount, maille:valuation)) } GROUP BY ?e"
        )
    )
    assert [float(r["sum"]) for r in rows] == [340e9]


def test_every_quote_is_the_slice(reading: Reading) -> None:
    assert reading.claims
    assert all(reading.article.text[c.evidence.start : c.evidence.end] == c.evidence.text for c in reading.claims)
    mentions = [m.passage for e in reading.entities for m in e.mentions]
    assert all(reading.article.text[p.start : p.end] == p.text for p in mentions)


def test_every_claim_is_about_something_known(reading: Reading) -> None:
    keys = {e.key for e in reading.entities} | {e.key for e in reading.events}
    assert all(c.subject.key in keys and (not hasattr(c.object, "key") or c.object.key in keys) for c in reading.claims)
    assert {e.key for e in reading.events} == {c.subject.key for c in reading.claims if isinstance(c.subject, EventRef)}
    assert all(0 < c.confidence <= 1 and c.rule for c in reading.claims)


def test_the_graph_conforms(reading: Reading) -> None:
    pytest.importorskip("pyshacl")
    assert violations(graph_of(reading)) == ()


def test_the_same_bytes_under_three_hash_seeds(tmp_path: Path) -> None:
    written = []
    for seed in ("0", "1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "maille", "build", "--sample", "-o", str(out)]
        subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}, timeout=300
        )
        written.append(((out / "graph.ttl").read_bytes(), (out / "graph.html").read_bytes()))
    assert written[0] == written[1] == written[2]


def test_odd_articles_are_read() -> None:
    texts = [
        "Rien.",
        "Titre seul",
        "« " * 50,
        "M. " * 100,
        "12 % de 40 millions d'euros le 31 mars.",
        "Aubelune (ex-Vauban) (CAC 40) : -3 %",
    ]
    articles = [Article(str(i) * 64, t) for i, t in enumerate(texts)]
    assert len(list(read_articles(articles))) == len(texts)
