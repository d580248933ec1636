"""Resolution: a table of names, a table of descriptions and pronouns, and what learned probabilities change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from maille.records import Form, Passage
from maille.resolve import FoundMention, Resolution, resolve

MARK = re.compile(r"\[([^\]]+)\]\(([A-Z]+):(\d+|-)\)")
FORMS: dict[str, Form] = {"REF": "NOMINAL", "PRO": "PRONOUN"}


def cases(name: str) -> list[str]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def parse(marked: str) -> tuple[str, list[FoundMention], list[str]]:
    """A marked sentence as text, mentions and the entity each should mean."""
    text, at, found, wanted = "", 0, [], []
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        surface, label, entity = mark.groups()
        passage = Passage(len(text), len(text) + len(surface), surface)
        found.append(FoundMention(passage, "REF" if label in FORMS else label, FORMS.get(label, "NAME")))
        wanted.append(entity)
        text, at = text + surface, mark.end()
    return text + marked[at:], found, wanted


def groups(keys: list[str | None]) -> list[list[int]]:
    """Which mentions go together, those without an entity each alone."""
    by: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        by.setdefault(key or f"none {i}", []).append(i)
    return sorted(by.values())


def check(marked: str) -> Resolution:
    text, found, wanted = parse(marked)
    result = resolve(text, found)
    assert groups(list(result.entity_of)) == groups([None if w == "-" else w for w in wanted]), result.entities
    assert [k is None for k in result.entity_of] == [w == "-" for w in wanted]
    for entity in result.entities:
        for mention in entity.mentions:
            assert text[mention.passage.start : mention.passage.end] == mention.passage.text
    return result


@pytest.mark.parametrize("marked", cases("cases_names.txt"))
def test_names(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize("marked", cases("cases_references.txt"))
def test_references(marked: str) -> None:
    check(marked)


def test_tables_are_whole() -> None:
    assert len(cases("cases_names.txt")) + len(cases("cases_references.txt")) >= 70


def with_antecedents(marked: str, learned: dict[int, tuple[tuple[int, float], ...]]) -> Resolution:
    text, found, _ = parse(marked)
    return resolve(text, [FoundMention(m.passage, m.label, m.form, learned.get(i, ())) for i, m in enumerate(found)])


TWO = "[Verdane](ORG:1) attaque [Ostral](ORG:2). [L'entreprise](REF:1) réclame un million à [sa](PRO:1) rivale."


@pytest.mark.parametrize(
    ("learned", "expected"),
    [
        ({2: ((0, 0.9), (1, 0.1)), 3: ((2, 0.9),)}, ["e1", "e2", "e1", "e1"]),  # a chain passes its entity on
        ({2: ((1, 0.8), (0, 0.2)), 3: ((2, 0.7), (0, 0.3))}, ["e1", "e2", "e2", "e2"]),
    ],
)
def test_learned_antecedents(learned: dict[int, tuple[tuple[int, float], ...]], expected: list[str]) -> None:
    assert list(with_antecedents(TWO, learned).entity_of) == expected


def test_thin_probability_decides_nothing() -> None:
    marked = "[Verdane](ORG:1), [Ostral](ORG:2) et [Lunor](ORG:3) discutent. [L'entreprise](REF:-) vend."
    assert with_antecedents(marked, {3: ((0, 0.4), (1, 0.35), (2, 0.25))}).entity_of[3] is None


def test_gender_corrects_a_learned_antecedent() -> None:
    marked = "[Marie Lambert](PER:1) a rencontré [Paul Girard](PER:2). [Elle](PRO:1) reviendra."
    assert with_antecedents(marked, {2: ((1, 0.7), (0, 0.3))}).entity_of[2] == "e1"


def test_name_and_aliases() -> None:
    result = check("[Altman](PER:1) revient. Le patron, [M. Sam Altman](PER:1), a signé.")
    assert (result.entities[0].name, result.entities[0].aliases) == ("Sam Altman", ("Altman",))
    result = check("La [BAD](ORG:1) prête. La [Banque africaine de développement](ORG:1) insiste.")
    assert (result.entities[0].name, result.entities[0].aliases) == ("Banque africaine de développement", ("BAD",))


def test_present_name_of_a_renamed_firm() -> None:
    assert check("[Meta](ORG:1), anciennement [Facebook](ORG:1), recrute.").entities[0].name == "Meta"


def test_doubtful_family_name_is_the_person() -> None:
    text = "Hugo Berger part. Berger se tait."
    found = [
        FoundMention(Passage(0, 11, "Hugo Berger"), "PER", "NAME", (), 0.9),
        FoundMention(Passage(18, 24, "Berger"), "ORG", "NAME", (), 0.55),
    ]
    assert resolve(text, found).entity_of == ("e1", "e1")


@pytest.mark.parametrize(
    ("marked", "kind"),
    [
        ("[Pékin](LOC:1) attend.", "City"),
        ("Les [Etats-Unis](LOC:1) attendent.", "Country"),
        ("La [Bretagne](LOC:1) attend.", "Region"),
        ("[Trifouille](LOC:1) attend.", "Place"),
        ("[Le Monde](ORG:1) publie.", "Media"),
        ("L'[université de Lille](ORG:1) publie.", "University"),
        ("[Verdane](ORG:1) recrute.", "Organization"),
        ("[Verdane](ORG:1), [constructeur automobile](REF:1), recrute.", "Company"),
        ("[Hélion](PROD:1), [un logiciel](REF:1) cher, arrive.", "Software"),
        ("[Marie Lambert](PER:1) arrive.", "Person"),
    ],
)
def test_kinds(marked: str, kind: str) -> None:
    assert check(marked).entities[0].kind == kind


def test_majority_of_labels_by_certainty() -> None:
    text = "Casino vend. Casino recule. Casino attend."
    spans = [(0, 6, "ORG", 0.9), (13, 19, "LOC", 0.6), (28, 34, "ORG", 0.7)]
    found = [FoundMention(Passage(s, e, text[s:e]), label, "NAME", (), sure) for s, e, label, sure in spans]
    result = resolve(text, found)
    assert set(result.entity_of) == {"e1"}
    assert result.entities[0].kind == "Organization"


def test_nothing_found() -> None:
    assert resolve("Rien.", []) == Resolution((), (), ())
