"""The judge: how both readers' proposals are joined, what stands for and against them, what rivals do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from maille.extract.arguments import Argument
from maille.extract.joint import agreed, consistent, implied
from maille.extract.judge import Judge, candidates, default, described, judged
from maille.extract.learned import Link
from maille.records import EntityRef, Money, Text

WORDS = ["Vauban", "rachète", "Aubelune", "pour", "5", "millions", "."]


def text() -> Doc:
    heads = [1, 1, 1, 5, 5, 1, 1]
    deps = ["nsubj", "ROOT", "obj", "case", "nummod", "obl:mod", "punct"]
    pos = ["PROPN", "VERB", "PROPN", "ADP", "NUM", "NOUN", "PUNCT"]
    return Doc(Vocab(), words=WORDS, heads=heads, deps=deps, pos=pos, lemmas=[w.lower() for w in WORDS])  # type: ignore[arg-type]


def organization(start: int, key: str) -> Argument:
    return Argument(start, start + 1, "ORG", EntityRef(key), "NAME", "Organization")


VAUBAN, AUBELUNE = organization(0, "v"), organization(2, "a")
AMOUNT = Argument(4, 6, "MONEY", Money(5e6, "EUR", "5 millions"), "VALUE", "money")
PRICE = Argument(9, 10, "MONEY", Money(9e6, "EUR"), "VALUE", "money")


def link(label: str, left: Argument, right: Argument, confidence: float, rule: str = "pairs") -> Link:
    return Link(label, left, right, confidence, "Asserted", "Current", rule)


def test_what_both_readers_say_is_one_candidate() -> None:
    learned = [link("acquires", VAUBAN, AUBELUNE, 0.6), link("valuation", AUBELUNE, AMOUNT, 0.2)]
    framed = [replace(link("acquires", VAUBAN, AUBELUNE, 0.8, "acquisition/racheter"), modality="Possible")]
    found = {c.link.label: c for c in candidates(learned, framed)}
    assert (found["acquires"].learned, found["acquires"].framed) == (0.6, 0.8)
    assert found["acquires"].link.modality == "Possible"
    assert found["acquires"].link.rule == "pairs + acquisition/racheter"
    assert (found["valuation"].framed, found["valuation"].frame) == (0.0, "")


def test_what_holds_both_ways_is_one_candidate() -> None:
    told = candidates(
        [link("partnersWith", VAUBAN, AUBELUNE, 0.4), link("acquires", VAUBAN, AUBELUNE, 0.4)],
        [link("partnersWith", AUBELUNE, VAUBAN, 0.6, "deal/x"), link("acquires", AUBELUNE, VAUBAN, 0.6, "deal/y")],
    )
    assert sorted((c.link.label, c.learned, c.framed) for c in told) == [
        ("acquires", 0.0, 0.6),
        ("acquires", 0.4, 0.0),
        ("partnersWith", 0.4, 0.6),
    ]


def test_the_order_of_proposals_changes_nothing() -> None:
    learned = [link("acquires", VAUBAN, AUBELUNE, 0.6), link("competesWith", VAUBAN, AUBELUNE, 0.3)]
    framed = [link("acquires", VAUBAN, AUBELUNE, 0.8, "a/b")]
    assert judged(text(), learned, framed) == judged(text(), learned[::-1], framed)


def test_statements_of_one_speaker_stay_apart() -> None:
    said = [link("Statement.speaker", organization(i, "v"), organization(i, "v"), 0.7) for i in (0, 2)]
    assert len(candidates(said, [])) == 2
    assert len(implied(said)) == 2


def test_a_surer_rival_counts_against_a_value() -> None:
    small = Argument(3, 4, "MONEY", Money(1e6, "EUR", "1 million"), "VALUE", "money")
    found = candidates([link("revenue", VAUBAN, AMOUNT, 0.9), link("revenue", VAUBAN, small, 0.2)], [])
    told = {c.link.right: f for c, f in zip(found, described(text(), found, {}), strict=True)}
    assert told[AMOUNT]["lead_value"] > 0 > told[small]["lead_value"]


def test_words_of_the_sentence_speak_for_a_label() -> None:
    found = candidates([link("acquires", VAUBAN, AUBELUNE, 0.5)], [])
    told = described(text(), found, {"acquires": {"rachete": 2.0}})[0]
    assert told["word"] == 2.0
    assert told["no_word"] == 0.0


@pytest.mark.parametrize("silent", [False, True])
def test_the_shipped_judge_weighs_every_feature_and_trusts_surer_proposals(silent: bool) -> None:
    judge = default()
    learned = [] if silent else [link("acquires", VAUBAN, AUBELUNE, 0.5)]
    framed = [link("acquires", VAUBAN, AUBELUNE, 0.8, "acquisition/racheter")]
    low = judged(text(), learned, [] if not silent else framed, judge)[0].confidence
    high = judged(text(), [replace(x, confidence=0.98) for x in learned], framed, judge)[0].confidence
    assert 0 < low <= high < 1
    assert silent or low < high


def test_an_unknown_label_has_no_offset() -> None:
    judge = Judge({"bias": 0.0}, {"label:acquires": 3.0}, {})
    assert judge.probability(("label:acquires",), {}) > judge.probability(("label:sues",), {}) == 0.5


def test_a_title_overrules_the_kind_of_a_post() -> None:
    person = Argument(0, 1, "PER", EntityRef("p"), "NAME", "Person")
    learned = [link("worksFor", person, AUBELUNE, 0.6), link("chiefExecutiveOf", person, AUBELUNE, 0.3)]
    framed = [link("chiefExecutiveOf", person, AUBELUNE, 0.8, "title/own")]
    assert [x.label for x in agreed(learned, framed)] == ["chiefExecutiveOf"]


def test_a_verb_tells_no_kind_of_post() -> None:
    person = Argument(0, 1, "PER", EntityRef("p"), "NAME", "Person")
    framed = [link("chiefExecutiveOf", person, AUBELUNE, 0.6, "directing/diriger")]
    assert [x.label for x in agreed([link("leads", person, AUBELUNE, 0.6)], framed)] == ["leads"]


def test_the_noun_beside_an_amount_says_what_it_is() -> None:
    learned = [link("revenue", VAUBAN, AMOUNT, 0.6), link("netIncome", VAUBAN, AMOUNT, 0.5)]
    framed = [link("netIncome", VAUBAN, AMOUNT, 0.7, "figure/netIncome")]
    assert [x.label for x in agreed(learned, framed)] == ["netIncome"]


def test_a_surer_link_excludes_what_cannot_hold_beside_it() -> None:
    date, other = (Argument(i, i + 1, "DATE", EntityRef(f"d{i}"), "VALUE", "date") for i in (4, 5))
    links = [
        link("foundedOn", VAUBAN, date, 0.9),
        link("foundedOn", VAUBAN, other, 0.5),
        link("acquires", VAUBAN, AUBELUNE, 0.8),
        link("acquires", AUBELUNE, VAUBAN, 0.4),
        link("revenue", VAUBAN, AMOUNT, 0.7),
        link("netIncome", VAUBAN, AMOUNT, 0.6),
        link("revenue", AUBELUNE, AMOUNT, 0.3),
        link("partnersWith", AUBELUNE, VAUBAN, 0.3),
        link("releasedOn", VAUBAN, date, 0.5),
        link("releasedOn", VAUBAN, other, 0.4),
        link("Acquisition.amount", AUBELUNE, PRICE, 0.8),
        link("Investment.amount", AUBELUNE, PRICE, 0.5),
        link("revenue", VAUBAN, PRICE, 0.6),
        link("valuation", AUBELUNE, PRICE, 0.6),
    ]
    kept = {(x.label, x.left.start, x.right.start) for x in consistent(links)}
    assert kept == {
        ("foundedOn", 0, 4),
        ("acquires", 0, 2),
        ("revenue", 0, 4),
        ("partnersWith", 2, 0),
        ("releasedOn", 0, 4),
        ("releasedOn", 0, 5),
        ("Acquisition.amount", 2, 9),
        ("Investment.amount", 2, 9),
        ("valuation", 2, 9),
    }


@pytest.mark.parametrize(
    ("titles", "led"),
    [
        (["ministre de l'Intérieur"], False),
        (["secrétaire d'État"], False),
        (["Premier ministre"], True),
        (["ministre de la Défense", "président"], True),
        ([], True),
    ],
)
def test_a_minister_leads_no_country(titles: list[str], led: bool) -> None:
    who = Argument(0, 1, "PER", EntityRef("p"), "NAME", "Person")
    country = Argument(2, 3, "LOC", EntityRef("c"), "NAME", "Place")
    posts = [
        link("jobTitle", who, Argument(4 + i, 5 + i, "JOB", Text(title), "VALUE", "text"), 0.8)
        for i, title in enumerate(titles)
    ]
    kept = consistent([link("leads", who, country, 0.7), *posts])
    assert ("leads" in {x.label for x in kept}) is led


@pytest.mark.parametrize(
    ("titles", "rule", "kept"),
    [
        (["directrice financière"], "pairs", "worksFor"),
        (["directrice financière"], "clause/diriger", "leads"),
        (["directrice financière", "présidente"], "pairs", "leads"),
        (["économiste"], "pairs", "leads"),
        ([], "pairs", "leads"),
    ],
)
def test_who_bears_a_lesser_title_heads_nothing_unless_a_clause_says_so(
    titles: list[str], rule: str, kept: str
) -> None:
    who = Argument(0, 1, "PER", EntityRef("p"), "NAME", "Person")
    posts = [
        link("jobTitle", who, Argument(4 + i, 5 + i, "JOB", Text(title), "VALUE", "text"), 0.8)
        for i, title in enumerate(titles)
    ]
    told = consistent([link("leads", who, AUBELUNE, 0.7, rule), *posts])
    assert {x.label for x in told} - {"jobTitle"} == {kept}
