"""Events gathered from links: one node an event."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from maille.annotate.tokenizer import blank
from maille.extract.arguments import Argument
from maille.extract.assemble import Limits, ahead, events
from maille.extract.attribution import Attributions
from maille.extract.learned import Link
from maille.records import Claim, Date, EntityRef, Event, EventRef, Passage, Quantity, Text

TEXT = "Le congrès tient séance à Rome le 16 février . Ce Congrés réunit à Rome le 16 février cent élus , puis à Lyon le 20 mai ."


def meeting(at: int, name: str, city: tuple[int, str], date: tuple[int, str]) -> list[Link]:
    """What says that there is a gathering of this name, there and then."""
    top = Argument(at, at + 1, "EVNAME", Text(name), "VALUE", "text")
    place = Argument(city[0], city[0] + 1, "LOC", EntityRef(city[1]), "NAME", "Place")
    when = Argument(date[0], date[0] + 2, "DATE", Date(date[1]), "VALUE", "date")
    return [
        Link("Gathering.name", top, top, 0.9, "Asserted", "Current"),
        Link("Gathering.place", top, place, 0.9, "Asserted", "Current"),
        Link("Gathering.date", top, when, 0.8, "Asserted", "Current"),
    ]


def gathered(*links: Link) -> list[set[str]]:
    doc = blank()(TEXT)
    doc[0].is_sent_start = True
    for t in doc[1:]:
        t.is_sent_start = doc[t.i - 1].text == "."
    found, claims = events(doc, links, Limits(), Attributions(doc, ()))
    return [{c.property for c in claims if c.subject.key == e.key} for e in found]  # type: ignore[union-attr]


def test_gatherings_at_one_place_on_one_date_are_one() -> None:
    first = meeting(1, "congrès", (5, "rome"), (7, "2017-02-16"))
    again = meeting(11, "réunion", (14, "rome"), (16, "2017-02-16"))
    assert gathered(*first, *again) == [{"name", "place", "date"}]


def test_gatherings_elsewhere_or_at_another_time_stay_apart() -> None:
    first = meeting(1, "congrès", (5, "rome"), (7, "2017-02-16"))
    other = meeting(11, "réunion", (23, "lyon"), (25, "2017-05-20"))
    assert len(gathered(*first, *other)) == 2


def test_a_name_in_other_letters_is_the_same_name() -> None:
    first = meeting(1, "congrès", (5, "rome"), (7, "2017-02-16"))
    again = meeting(11, "Congrés", (14, "rome"), (16, "2017-02-16"))
    assert gathered(*first, *again[:1]) == [{"name", "place", "date"}]


def test_an_event_is_what_most_of_its_parts_say() -> None:
    name, place, date = meeting(1, "congrès", (5, "rome"), (7, "2017-02-16"))
    doc = blank()(TEXT)
    for t in doc:
        t.is_sent_start = t.i == 0
    for links, expected in (
        ((replace(name, modality="Planned"), place, date), "Asserted"),
        ((replace(name, modality="Planned"), replace(place, modality="Planned"), date), "Planned"),
    ):
        _, claims = events(doc, links, Limits(), Attributions(doc, ()))
        assert {c.modality for c in claims} == {expected}


def test_each_layoff_has_its_own_mood() -> None:
    firm = Argument(0, 1, "ORG", EntityRef("vauban"), "NAME", "Organization")
    told = [Argument(i, i + 1, "QTY", Quantity(n, "postes"), "VALUE", "number") for i, n in ((3, 180), (9, 240))]
    links = [
        Link("Layoff.organization", firm, firm, 0.9, "Planned", "Current"),
        Link("Layoff.count", firm, told[0], 0.9, "Planned", "Current"),
        Link("Layoff.count", firm, told[1], 0.9, "Asserted", "Current"),
    ]
    doc = blank()(TEXT)
    for t in doc:
        t.is_sent_start = t.i == 0
    _, claims = events(doc, links, Limits(), Attributions(doc, ()))
    assert {c.object.value: c.modality for c in claims if isinstance(c.object, Quantity)} == {
        180: "Planned",
        240: "Asserted",
    }


HERE = Passage(0, 1, "x")


@pytest.mark.parametrize(
    ("kind", "iso", "expected"),
    [
        ("Gathering", "2025-03-12", "Planned"),
        ("Gathering", "2025-03-08", "Asserted"),
        ("Gathering", "2025", "Asserted"),
        ("Layoff", "2026", "Planned"),
        ("Appointment", "2025-04-01", "Asserted"),
    ],
)
def test_events_ahead_are_planned(kind: str, iso: str, expected: str) -> None:
    told = [Claim(EventRef("v1"), "date", Date(iso), HERE), Claim(EventRef("v1"), "organizer", EntityRef("e1"), HERE)]
    assert {c.modality for c in ahead([Event("v1", kind, HERE)], told, dt.date(2025, 3, 10))} == {expected}


def test_without_a_date_of_its_own_an_article_plans_nothing() -> None:
    told = [Claim(EventRef("v1"), "date", Date("2099"), HERE)]
    assert [c.modality for c in ahead([Event("v1", "Layoff", HERE)], told, None)] == ["Asserted"]
