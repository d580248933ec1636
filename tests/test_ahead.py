"""What is dated after the article is planned, unless it was only announced."""

from __future__ import annotations

import datetime as dt

import pytest

from maille.conduct import _ahead
from maille.records import Article, Claim, Date, EntityRef, Event, EventRef, Passage

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
    article = Article("0" * 64, "x", published=dt.date(2025, 3, 10))
    told = [Claim(EventRef("v1"), "date", Date(iso), HERE), Claim(EventRef("v1"), "organizer", EntityRef("e1"), HERE)]
    assert {c.modality for c in _ahead(article, [Event("v1", kind, HERE)], told)} == {expected}


def test_without_a_date_of_its_own_an_article_plans_nothing() -> None:
    told = [Claim(EventRef("v1"), "date", Date("2099"), HERE)]
    assert [c.modality for c in _ahead(Article("0" * 64, "x"), [Event("v1", "Layoff", HERE)], told)] == ["Asserted"]
