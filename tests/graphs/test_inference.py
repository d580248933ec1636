"""The rules: each gives what it says, with its premises, from asserted and current claims alone."""

from __future__ import annotations

import dataclasses

import pytest
from claimed import reading_of

from maille.errors import MailleError
from maille.rdf import nquads
from maille.records import Modality, Period, Reading
from maille.store import Store
from maille.store.inference import parse_rule, rules

KINDS = {"P": "Person", "Q": "Person", "A": "Company", "B": "Company", "C": "Company", "X": "Software"}
KINDS |= {"L": "City", "R": "Region", "F": "Country"}


def said(*claims: str, title: str = "Un titre", modality: Modality = "Asserted", period: Period = "Current") -> Reading:
    """A reading of claims written "A acquires B" or, of the event v, "v:Acquisition buyer A"; values in quotes."""
    return reading_of(claims, KINDS, title, modality, period)


def inferred(*readings: Reading) -> set[str]:
    """What follows from the readings, as "A acquires B"."""
    with Store.in_memory() as store:
        store.add_all(readings)
        store.infer()
        return listed(store)


def listed(store: Store) -> set[str]:
    sparql = """SELECT ?s ?p ?o { GRAPH ?g { ?c maille:inferredFrom [] ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
      ?s ?p ?o } FILTER(STRENDS(STR(?g), "graph/inferred")) }"""
    return {" ".join(map(short, row.values())) for row in store.rows(sparql)}


def short(iri: str) -> str:
    name = iri.rpartition("#")[2].rpartition("/")[2]
    return name.upper() if len(name) == 1 else name


RULES = {
    "inverse": (["P founderOf A"], {"A founder P", "A P112 P"}),
    "symmetric": (["A competesWith B"], {"B competesWith A"}),
    "transitive": (["L locatedIn R", "R locatedIn F"], {"L locatedIn F"}),
    "sub-property": (["P chiefExecutiveOf A"], {"P leads A", "A P169 P"}),
    "acquired": (["A acquires B"], {"B subsidiaryOf A"}),
    "funding-round": (["v:FundingRound investor A", "v:FundingRound recipient B"], {"A investsIn B"}),
    "investment": (["v:Investment investor A", "v:Investment target L"], {"A investsIn L"}),
    "acquisition": (["v:Acquisition buyer A", "v:Acquisition target X"], {"A acquires X"}),
    "merger": (["v:Merger party A", "v:Merger party B"], {"A mergesWith B", "B mergesWith A"}),
    "partnership": (["v:Partnership party A", "v:Partnership party B"], {"A partnersWith B", "B partnersWith A"}),
    "product-release": (["v:ProductRelease agent A", "v:ProductRelease product X"], {"A develops X"}),
    "release-date": (["v:ProductRelease product X", "v:ProductRelease date 2025-03"], {"X releasedOn 2025-03"}),
    "legal-action": (["v:LegalAction plaintiff A", "v:LegalAction defendant P"], {"A sues P"}),
    "appointed-chief": (
        ["v:Appointment person P", "v:Appointment organization A", "v:Appointment position 'directrice générale'"],
        {"P chiefExecutiveOf A", "P leads A", "A P169 P"},
    ),
    "appointed-head": (
        ["v:Appointment person P", "v:Appointment organization L", "v:Appointment position 'maire'"],
        {"P leads L"},
    ),
}


def test_every_rule_has_an_example() -> None:
    assert {rule.name for rule in rules()} == set(RULES)
    assert all(rule.meaning_fr and rule.meaning_en for rule in rules())


@pytest.mark.parametrize("name", RULES)
def test_a_rule_gives_what_it_says(name: str) -> None:
    claims, expected = RULES[name]
    with Store.in_memory() as store:
        store.add(said(*claims))
        done = store.infer()
        assert listed(store) == expected
        assert done.by_rule[name] and sum(done.by_rule.values()) == done.added == len(expected)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    ("modality", "period"), [("Planned", "Current"), ("Denied", "Current"), ("Asserted", "Former")]
)
def test_nothing_follows_from_plans_denials_and_the_past(name: str, modality: Modality, period: Period) -> None:
    assert inferred(said(*RULES[name][0], modality=modality, period=period)) == set()


@pytest.mark.parametrize(
    "claims",
    [
        ["v:Merger party A", "v:Merger party A"],
        ["v:Partnership party P", "v:Partnership party L"],  # partnersWith joins organizations
        ["v:Acquisition buyer A", "w:Acquisition target B"],  # two events
        ["A acquires X"],  # a product is no subsidiary
        ["v:Appointment person P", "v:Appointment organization A", "v:Appointment position 'directrice générale adjointe'"],
        ["v:Appointment person P", "v:Appointment organization A", "v:Appointment position 'vice-président'"],
        ["L locatedIn R", "A headquarteredIn L"],
    ],
)  # fmt: skip
def test_what_does_not_follow(claims: list[str]) -> None:
    assert inferred(said(*claims)) == set()


def test_rules_build_on_one_another() -> None:
    claims = ["v:FundingRound leadInvestor A", "v:FundingRound recipient B"]
    assert {short(s) for s in inferred(said(*claims)) if "investsIn" in s} == {"A investsIn B"}
    chain = said("L locatedIn R", "R locatedIn F", "v:Acquisition buyer A", "v:Acquisition target B")
    assert {"A acquires B", "B subsidiaryOf A", "L locatedIn F"} <= inferred(chain)


def test_a_loop_ends() -> None:
    assert inferred(said("L locatedIn R", "R locatedIn L")) == set()


def test_what_the_article_says_otherwise_is_not_inferred() -> None:
    """Elected and not yet in office: the appointment is asserted, the post planned."""
    claims = RULES["appointed-head"][0]
    both = said(*claims)
    planned = said("P leads L", modality="Planned")
    both = dataclasses.replace(both, claims=(*both.claims, *planned.claims))
    assert inferred(both) == set()
    assert inferred(said(*claims), dataclasses.replace(said("P leads L", title="Autre", modality="Planned"))) == {
        "P leads L"
    }


def test_an_inferred_triple_has_rule_premises_and_the_least_confidence() -> None:
    reading = said("v:Acquisition buyer A", "v:Acquisition target B")
    weak = dataclasses.replace(reading.claims[1], confidence=0.4)
    with Store.in_memory() as store:
        store.add(dataclasses.replace(reading, claims=(reading.claims[0], weak)))
        store.infer()
        sparql = """SELECT ?rule ?confidence (COUNT(?premise) AS ?n) (COUNT(DISTINCT ?quote) AS ?quotes) {
          ?c maille:rule ?rule ; rdf:predicate maille:acquires ; maille:confidence ?confidence ; maille:inferredFrom ?premise .
          ?premise prov:wasDerivedFrom/nif:anchorOf ?quote } GROUP BY ?rule ?confidence"""
        assert list(store.rows(sparql)) == [{"rule": "acquisition", "confidence": "0.4", "n": "2", "quotes": "2"}]


def test_what_an_article_asserts_is_not_inferred_again() -> None:
    assert inferred(said("v:Acquisition buyer A", "v:Acquisition target B", "A acquires B")) == {"B subsidiaryOf A"}


def test_inferring_twice_changes_nothing(sample_reading: Reading, second_reading: Reading) -> None:
    with Store.in_memory() as store:
        store.add_all([sample_reading, second_reading])
        first = store.infer()
        before = nquads(store.quads())
        again = store.infer()
        assert nquads(store.quads()) == before
        assert first.added and (again.added, again.gone) == (0, 0) and again.by_rule == first.by_rule
        assert store.info().inferred == first.added


def test_what_rested_on_an_article_goes_with_it(sample_reading: Reading) -> None:
    """At once, also over several steps, and in a store that is asked before it is inferred anew."""
    first, second = said("L locatedIn R", title="Un"), said("R locatedIn F", "A competesWith B", title="Deux")
    with Store.in_memory() as store:
        store.add_all([first, second])
        store.infer()
        assert listed(store) == {"L locatedIn F", "B competesWith A"}
        store.remove(first.article.key)
        assert listed(store) == {"B competesWith A"}
        assert not list(store.rows("SELECT ?s { ?s maille:locatedIn ?o . FILTER(CONTAINS(STR(?s), '/l')) }"))
        store.remove(second.article.key)
        assert list(store.quads()) == []


def test_a_chain_of_inferences_goes_whole() -> None:
    reading = said("v:FundingRound leadInvestor A", "v:FundingRound recipient B", title="Un")
    with Store.in_memory() as store:
        store.add_all([reading, said("A competesWith C", title="Deux")])
        store.infer()
        assert len(listed(store)) == 3
        store.add(dataclasses.replace(reading, claims=reading.claims[1:]))
        assert listed(store) == {"C competesWith A"}


def test_after_removal_another_article_may_carry_it() -> None:
    one, two = said("A competesWith B", title="Un"), said("A competesWith B", title="Deux")
    with Store.in_memory() as store:
        store.add_all([one, two])
        store.infer()
        for article in (one, two):
            store.remove(article.article.key)
            store.infer()
            assert listed(store) == ({"B competesWith A"} if article is one else set())


def test_order_does_not_matter(sample_reading: Reading, second_reading: Reading) -> None:
    graphs = []
    for order in ([sample_reading, second_reading], [second_reading, sample_reading]):
        with Store.in_memory() as store:
            store.add_all(order)
            store.infer()
            graphs.append(nquads(store.quads()))
    assert graphs[0] == graphs[1]


@pytest.mark.parametrize(
    "text",
    [
        "# name: r\n# meaning-fr: x\nSELECT ?subject ?property ?object ?premise WHERE {}",
        "# name: q\n# meaning-fr: x\n# meaning-en: x\nSELECT ?subject ?property ?object ?premise WHERE {}",
        "# name: r\n# meaning-fr: x\n# meaning-en: x\nSELECT ?subject ?property ?object WHERE {}",
        "# name: r\n# meaning-fr: x\n# meaning-en: x\nSELECT ?s ?property ?object ?premise WHERE {}",
    ],
)
def test_a_wrong_rule_is_told(text: str) -> None:
    with pytest.raises(MailleError, match=r"r\.rq"):
        parse_rule("r", text)
