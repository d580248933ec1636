"""Every named question gives the right rows on the shared readings."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from maille.errors import MailleError
from maille.query import Table, ask, find_entities, question, questions, render, table
from maille.query.questions import parse
from maille.records import Claim, EntityRef, Reading
from maille.store import Store

Rows = list[tuple[str, ...]]
COOKBOOK = Path(__file__).with_name("test_cookbook.py")


@pytest.fixture(scope="module")
def store(sample_reading: Reading, second_reading: Reading) -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.add_all([sample_reading, second_reading])
        yield opened


def answer(store: Store, name: str, **arguments: str) -> Table:
    found = ask(store, name, arguments)
    assert isinstance(found, ox.QuerySolutions)
    return table(found, store.base)


def part(shown: Table, *columns: str) -> Rows:
    """Some columns of a table, in its order."""
    places = [shown.columns.index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in shown.rows]


CASES: dict[tuple[str, str], tuple[tuple[str, ...], Rows]] = {
    ("leaders", ""): (
        ("leader", "organization", "relation"),
        [("Claire Morel", "Aubelune", "chiefExecutiveOf"), ("Ingrid Solheim", "Nordhavn", "leads")],
    ),
    ("leaders", "nordhavn"): (("leader",), [("Ingrid Solheim",)]),
    ("investments", ""): (
        ("investor", "recipient", "amount", "currency", "date", "modality"),
        [
            ("Banque Vauban", "Aubelune", "40000000", "EUR", "2025-04-01", "Asserted"),
            ("Nordhavn", "Aubelune", "1500000000", "EUR", "", "Possible"),
        ],
    ),
    ("investments", "Vauban"): (("investor",), [("Banque Vauban",)]),
    ("acquisitions", ""): (
        ("buyer", "target", "date", "modality"),
        [("Aubelune", "Pixelune", "2026", "Planned"), ("Banque Vauban", "Nordhavn", "", "Denied")],
    ),
    ("plans", "Pixelune"): (
        ("subject", "relation", "object", "said"),
        [
            ("Acquisition", "target", "Pixelune", "2025-04-02"),
            ("Aubelune", "acquires", "Pixelune", "2025-04-02"),
        ],
    ),
    ("denials", ""): (
        ("subject", "relation", "object", "source"),
        [
            ("Acquisition", "buyer", "Banque Vauban", "Banque Vauban"),
            ("Acquisition", "target", "Nordhavn", "Banque Vauban"),
            ("Banque Vauban", "acquires", "Nordhavn", "Banque Vauban"),
        ],
    ),
    ("rumours", "Nordhavn"): (
        ("subject", "relation", "modality", "source"),
        [
            ("Aubelune", "mergesWith", "Conditional", ""),
            ("Investment", "investor", "Possible", "documents internes"),
            ("Merger", "party", "Conditional", ""),
            ("Nordhavn", "investsIn", "Possible", "documents internes"),
        ],
    ),
    ("timeline", "Aubelune"): (
        ("date", "what", "role", "modality"),
        [
            ("2021", "foundedOn", "foundedOn", "Asserted"),
            ("2025-03-31", "ProductRelease", "agent", "Asserted"),
            ("2025-04-01", "FundingRound", "recipient", "Asserted"),
            ("2026", "Acquisition", "buyer", "Planned"),
        ],
    ),
    ("doubtful", ""): (
        ("confidence", "relation", "object"),
        [("0.4", "subject", "Boréal"), ("0.45", "revenue", "8000000 EUR")],
    ),
    ("doubtful", "0,42"): (("confidence",), [("0.4",)]),
    ("products", "boreal"): (
        ("maker", "product", "kind", "released"),
        [("Aubelune", "Boréal", "AIModel", "2025-03-31")],
    ),
    ("statements", "Claire Morel"): (
        ("speaker", "said", "subject"),
        [("Claire Morel", "2025-04-02", ""), ("Claire Morel", "2025-04-02", "Boréal")],
    ),
    ("facts", "pixelune"): (
        ("subject", "relation", "object", "modality", "period", "confidence"),
        [
            ("Acquisition", "target", "Pixelune", "Planned", "Current", "0.85"),
            ("Aubelune", "acquires", "Pixelune", "Planned", "Current", "0.85"),
        ],
    ),
    ("founders", ""): (
        ("founder", "founded", "date", "articles"),
        [("Claire Morel", "Aubelune", "2021", "1"), ("Hugo Lambert", "Aubelune", "2021", "2")],
    ),
    ("figures", "AUBELUNE"): (
        ("figure", "value", "unit", "period", "written"),
        [
            ("employees", "320", "salariés", "Current", "320 salariés"),
            ("revenue", "12500000", "EUR", "Current", "12,5 millions d'euros"),
            ("revenue", "8000000", "EUR", "Former", "8 millions"),
        ],
    ),
    ("posts", "Hugo Lambert"): (
        ("title", "organization", "relation", "period"),
        [("directeur technique", "Nordhavn", "worksFor", "Former")],
    ),
    ("layoffs", "Lyon"): (
        ("organization", "count", "unit", "place", "modality"),
        [("Nordhavn", "200", "postes", "Lyon", "Planned")],
    ),
    ("mentions", "Hugo Lambert"): (("published", "mentions"), [("2025-04-02", "1"), ("2025-05-20", "1")]),
    ("disagreements", ""): (("subject",), []),
}


@pytest.mark.parametrize(("name", "value"), CASES)
def test_answers(store: Store, name: str, value: str) -> None:
    columns, rows = CASES[name, value]
    arguments = {question(name).parameters[0].name: value} if value else {}
    assert part(answer(store, name, **arguments), *columns) == rows


def test_links_between_two(store: Store) -> None:
    found = part(answer(store, "links", **{"from": "Aubelune", "to": "nordhavn"}), "one", "relation", "modality")
    assert ("Nordhavn", "competesWith", "Asserted") in found
    assert ("Aubelune", "Merger: party, party", "Conditional") in found
    assert len(found) == 5


def test_disagreements(store: Store, sample_reading: Reading, second_reading: Reading) -> None:
    evidence = second_reading.claims[0].evidence
    denial = Claim(EntityRef("e6"), "founderOf", EntityRef("e5"), evidence, "Denied")
    with Store.in_memory() as other:
        other.add_all([sample_reading, dataclasses.replace(second_reading, claims=(denial,))])
        found = part(answer(other, "disagreements"), "subject", "relation", "object", "modality")
    assert found == [("Hugo Lambert", "founderOf", "Aubelune", "Denied")]


def test_every_question_is_tested_and_told_in_two_languages() -> None:
    names = [asked.name for asked in questions()]
    others = re.findall(r'^        "([a-z]+)",$|^    \("([a-z]+)", ', COOKBOOK.read_text("utf-8"), re.M)
    assert len(names) == 34
    assert {*names} == {name for name, _ in CASES} | {"links"} | {one or two for one, two in others}
    for asked in questions():
        assert asked.title_fr.endswith(" ?") and asked.title_en.endswith("?")
        assert all(p.description_fr and p.description_en for p in asked.parameters)


@pytest.mark.parametrize("asked", questions(), ids=lambda asked: asked.name)
def test_every_question_renders_on_an_empty_store(asked: object) -> None:
    from maille.query import Question

    assert isinstance(asked, Question)
    iri = "https://w3id.org/maille/data/entity/person/nobody"
    arguments = {p.name: iri for p in asked.parameters if p.kind in ("entity", "article")}
    with Store.in_memory() as empty:
        assert len(render(ask(empty, asked.name, arguments)).splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "arguments", "message", "hint"),
    [
        ("leader", {}, "no question 'leader'", "leaders"),
        ("zzz", {}, "no question", "acquisitions"),
        ("facts", {}, "needs the parameter 'who'", "who"),
        ("leaders", {"whom": "x"}, "no parameter 'whom'", "who"),
        ("leaders", {"who": "Aubelun"}, "called 'Aubelun'", "Aubelune"),
        ("leaders", {"who": "Zzyzx"}, "called 'Zzyzx'", "maille"),
        ("doubtful", {"below": "peu"}, "is a number", "0.6"),
        ("leaders", {"who": "x' } DROP ALL #"}, "called", "maille"),
    ],
)
def test_wrong_calls(store: Store, name: str, arguments: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(MailleError, match=message) as caught:
        ask(store, name, arguments)
    assert hint in caught.value.hint


def test_names_are_found_by_words(store: Store) -> None:
    assert find_entities(store, "vauban") == find_entities(store, "Banque VAUBAN")
    assert find_entities(store, "morel") == find_entities(store, "Claire Morel")
    with pytest.raises(MailleError):
        find_entities(store, "More")


@pytest.mark.parametrize(
    "text",
    [
        "# title-fr: A ?\nSELECT * {}",
        "# title-fr: A ?\n# title-en: A?\n# colour: red\nSELECT * {}",
        "# title-fr: A ?\n# title-en: A?\n# parameter: who | thing | * | a / b\nSELECT * { $who }",
        "# title-fr: A ?\n# title-en: A?\nSELECT * { VALUES ?x { $who } }",
    ],
)
def test_a_wrong_question_file_is_refused(text: str) -> None:
    with pytest.raises(MailleError, match=r"bad\.rq"):
        parse("bad", text)
