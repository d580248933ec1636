"""The questions that need a third article: who contradicts whom, paths, deals, suits, arrivals, shares."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from maille.errors import MailleError
from maille.query import Table, ask, find_articles, question, questions, render, table
from maille.records import Reading
from maille.store import Store

Rows = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def store(sample_reading: Reading, second_reading: Reading, third_reading: Reading) -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.add_all([sample_reading, second_reading, third_reading])
        yield opened


def answer(store: Store, name: str, arguments: dict[str, str]) -> Table:
    found = ask(store, name, arguments)
    assert isinstance(found, ox.QuerySolutions)
    return table(found, store.base)


def part(shown: Table, columns: str) -> Rows:
    """Some columns of a table, in its order."""
    places = [shown.columns.index(column) for column in columns.split()]
    return [tuple(row[place] for place in places) for row in shown.rows]


FIRST, SECOND, THIRD = "Aubelune lève 40 millions", "Nordhavn va supprimer", "s'allie à Pixelune"

CASES: list[tuple[str, dict[str, str], str, Rows]] = [
    (
        "path",
        {"from": "Ingrid Solheim", "to": "Boréal"},
        "steps path",
        [
            ("3", "Ingrid Solheim → leads → Nordhavn ← sues ← Aubelune → develops → Boréal"),
            ("3", "Ingrid Solheim → leads → Nordhavn → competesWith → Aubelune → develops → Boréal"),
            ("3", "Ingrid Solheim → bornIn → Lyon ← headquarteredIn ← Aubelune → develops → Boréal"),
        ],
    ),
    (
        "path",
        {"from": "Banque Vauban", "to": "Boréal"},
        "steps path",
        [
            ("2", "Banque Vauban → investsIn → Aubelune → develops → Boréal"),
            ("2", "Banque Vauban → shareholderOf → Aubelune → develops → Boréal"),
            ("3", "Banque Vauban → investsIn → Aubelune ← founderOf ← Hugo Lambert → uses → Boréal"),
            ("3", "Banque Vauban → shareholderOf → Aubelune ← founderOf ← Hugo Lambert → uses → Boréal"),
        ],
    ),
    (
        "path",
        {"from": "Claire Morel", "to": "Aubelune"},
        "steps path",
        [
            ("1", "Claire Morel → chiefExecutiveOf → Aubelune"),
            ("1", "Claire Morel → founderOf → Aubelune"),
        ],
    ),
    (
        "contradictions",
        {},
        "subject relation said other how against",
        [
            ("Hugo Lambert", "founderOf", "Aubelune", "", "denied", "Hugo Lambert n'a pas fondé Aubelune"),
            ("Hugo Lambert", "founderOf", "Aubelune", "", "denied", "Hugo Lambert n'a pas fondé Aubelune"),
            ("Ingrid Solheim", "birthDate", "1975-05", "1976", "another date", "Ingrid Solheim, née en 1976"),
            ("Ingrid Solheim", "birthDate", "1976", "1975-05", "another date", "Ingrid Solheim est née en mai 1975"),
        ],
    ),
    (
        "contradictions",
        {"article": FIRST, "by": THIRD},
        "subject quote against",
        [
            (
                "Hugo Lambert",
                "Claire Morel a fondé Aubelune en 2021 avec Hugo Lambert",
                "Hugo Lambert n'a pas fondé Aubelune",
            )
        ],
    ),
    ("contradictions", {"article": FIRST, "by": SECOND}, "subject", []),
    (
        "variants",
        {},
        "entity figure value published otherValue otherPublished unit",
        [("Aubelune", "employees", "320", "2025-04-02", "350", "2025-06-10", "salariés")],
    ),
    ("variants", {"who": "Nordhavn"}, "entity", []),
    (
        "overdue",
        {"on": "2025-08-01"},
        "due what role entity said",
        [
            ("2025-07-01", "Appointment", "organization", "Pixelune", "2025-06-10"),
            ("2025-07-01", "Appointment", "person", "Claire Morel", "2025-06-10"),
        ],
    ),
    ("overdue", {"on": "2025-07-01"}, "due", []),
    ("overdue", {"on": "2026-12-31", "who": "Aubelune"}, "due", []),
    ("overdue", {"on": "2027-01-01", "who": "Aubelune"}, "due what role", [("2026", "Acquisition", "buyer")]),
    (
        "amounts",
        {"above": "40000000"},
        "amount currency what role entity modality",
        [
            ("1500000000", "EUR", "Investment", "investor", "Nordhavn", "Possible"),
            ("1500000000", "EUR", "Investment", "target", "Aubelune", "Possible"),
            ("40000000", "EUR", "FundingRound", "investor", "Banque Vauban", "Asserted"),
            ("40000000", "EUR", "FundingRound", "recipient", "Aubelune", "Asserted"),
        ],
    ),
    ("amounts", {"who": "vauban"}, "amount role", [("40000000", "investor")]),
    (
        "appointments",
        {},
        "date what person position organization modality",
        [
            ("", "Departure", "Hugo Lambert", "", "Nordhavn", "Asserted"),
            ("2025-07-01", "Appointment", "Claire Morel", "présidente", "Pixelune", "Planned"),
        ],
    ),
    ("appointments", {"who": "Nordhavn"}, "person", [("Hugo Lambert",)]),
    (
        "lawsuits",
        {},
        "plaintiff defendant subject court amount currency",
        [("Aubelune", "Nordhavn", "contrefaçon", "", "5000000", "EUR")],
    ),
    ("lawsuits", {"who": "Lyon"}, "plaintiff", []),
    ("partnerships", {}, "one other subject date", [("Aubelune", "Pixelune", "la traduction", "2025-06-09")]),
    (
        "owners",
        {},
        "owner owned relation stake",
        [
            ("Aubelune", "Pixelune", "subsidiaryOf", ""),
            ("Banque Vauban", "Aubelune", "shareholderOf", "12 % d'Aubelune"),
        ],
    ),
    ("owners", {"who": "Pixelune"}, "owner", [("Aubelune",)]),
    (
        "people",
        {},
        "person relation value",
        [
            ("Ingrid Solheim", "birthDate", "1975-05"),
            ("Ingrid Solheim", "birthDate", "1976"),
            ("Ingrid Solheim", "bornIn", "Lyon"),
        ],
    ),
    (
        "neighbours",
        {"who": "Aubelune"},
        "neighbour claims articles relations",
        [
            ("Nordhavn", "4", "3", "competesWith, investsIn, mergesWith, sues"),
            ("Hugo Lambert", "3", "3", "founderOf"),
            ("Pixelune", "3", "2", "acquires, partnersWith, subsidiaryOf"),
            ("Banque Vauban", "2", "2", "investsIn, shareholderOf"),
            ("Claire Morel", "2", "1", "chiefExecutiveOf, founderOf"),
            ("Boréal", "1", "1", "develops"),
            ("Lyon", "1", "1", "headquarteredIn"),
        ],
    ),
    (
        "anonymous",
        {"who": "Nordhavn"},
        "source subject relation object",
        [
            ("documents internes", "Investment", "investor", "Nordhavn"),
            ("documents internes", "Nordhavn", "investsIn", "Aubelune"),
        ],
    ),
    (
        "article",
        {"article": SECOND},
        "subject relation object modality",
        [
            ("Ingrid Solheim", "leads", "Nordhavn", "Asserted"),
            ("Layoff", "count", "200 postes", "Planned"),
            ("Layoff", "organization", "Nordhavn", "Planned"),
            ("Layoff", "place", "Lyon", "Planned"),
            ("Lyon", "locatedIn", "France", "Asserted"),
            ("Nordhavn", "competesWith", "Aubelune", "Asserted"),
            ("Hugo Lambert", "founderOf", "Aubelune", "Asserted"),
            ("Hugo Lambert", "uses", "Boréal", "Asserted"),
            ("Ingrid Solheim", "birthDate", "1975-05", "Asserted"),
        ],
    ),
    ("corroborated", {}, "subject relation object said surest", [("Hugo Lambert", "founderOf", "Aubelune", "2", "0.89")]),
    ("corroborated", {"articles": "3"}, "subject", []),
    ("places", {"who": "France"}, "entity relation place within", [("Aubelune", "headquarteredIn", "Lyon", "France")]),
    (
        "former",
        {},
        "subject relation object",
        [
            ("Aubelune", "revenue", "8000000 EUR"),
            ("Hugo Lambert", "jobTitle", "directeur technique"),
            ("Hugo Lambert", "worksFor", "Nordhavn"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "columns", "rows"), CASES)
def test_answers(store: Store, name: str, arguments: dict[str, str], columns: str, rows: Rows) -> None:
    shown = part(answer(store, name, arguments), columns)
    assert (sorted(shown), shown) == (sorted(rows), shown) if name == "path" else shown == rows


def test_shorter_paths_come_first(store: Store) -> None:
    steps = [int(row[0]) for row in answer(store, "path", {"from": "Banque Vauban", "to": "Boréal"}).rows]
    assert steps == sorted(steps)


def test_the_cookbook_is_large_and_these_are_its_new_pages() -> None:
    new = {name for name, *_ in CASES}
    assert len(new) == 16 and new < {asked.name for asked in questions()}


@pytest.mark.parametrize("asked", questions(), ids=lambda asked: asked.name)
def test_every_question_renders_in_every_table_form(store: Store, asked: object) -> None:
    from maille.query import Question

    assert isinstance(asked, Question)
    example = {"entity": "Aubelune", "article": FIRST, "number": "1"}
    arguments = {p.name: p.default or example[p.kind] for p in asked.parameters}
    for form in ("table", "csv", "tsv", "json", "xml"):
        assert render(ask(store, asked.name, arguments), form)


def test_articles_are_found_by_key_iri_and_title(store: Store, sample_reading: Reading) -> None:
    key = sample_reading.article.key
    iri = f"{store.base}article/{key[:20]}"
    for name in (key, key[:12], iri, "aubelune leve 40 MILLIONS"):
        assert find_articles(store, name) == (iri,)
    assert len(find_articles(store, "Nordhavn")) == 2
    for wrong in ("abc", "ubelune", "Zzyzx"):
        with pytest.raises(MailleError, match="no article") as caught:
            find_articles(store, wrong)
        assert "maille info" in caught.value.hint


def test_all_is_refused_where_one_is_needed(store: Store) -> None:
    with pytest.raises(MailleError):
        ask(store, "article", {"article": "*"})
    assert question("article").parameters[0].kind == "article"
