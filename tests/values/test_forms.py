"""French amounts, counts, shares and dates, one form a row of forms.tsv."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from maille.records import Date, Money, Quantity
from maille.values import find_values, parse_values

PUBLISHED = dt.date(2025, 3, 31)
FORMS = [
    line.split("\t")
    for line in (Path(__file__).with_name("forms.tsv")).read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def told(value: Date | Money | Quantity) -> str:
    if isinstance(value, Date):
        return value.iso
    unit = value.currency if isinstance(value, Money) else value.unit
    return f"{value.value:.15g} {unit}".strip()


def test_the_table_is_whole() -> None:
    assert len(FORMS) == 358
    assert len({f[0] + f[1] for f in FORMS}) == len(FORMS)


@pytest.mark.parametrize(("words", "kind", "expected"), FORMS, ids=[f[0] for f in FORMS])
def test_form(words: str, kind: str, expected: str) -> None:
    got = [told(v) for v in parse_values(words, kind, PUBLISHED)]
    assert got == ([] if expected == "-" else expected.split(" | "))


def test_a_relative_date_needs_the_publication_date() -> None:
    assert parse_values("mardi", "DATE", None) == ()
    assert parse_values("le 3 mai", "DATE", None) == ()
    assert [told(v) for v in parse_values("mai 2024", "DATE", None)] == ["2024-05"]


def test_values_in_running_text_have_exact_offsets() -> None:
    text = "Mardi, Vauban a levé 12,5 millions d’euros, soit 30 % de plus qu'en 2023, puis 3 à 4 Md$ en mars 2024."
    found = find_values(text, PUBLISHED)
    assert all(text[f.passage.start : f.passage.end] == f.passage.text for f in found)
    assert [(f.label, told(f.value)) for f in found] == [
        ("DATE", "2025-03-25"),
        ("MONEY", "12500000 EUR"),
        ("PCT", "30 %"),
        ("DATE", "2023"),
        ("MONEY", "3000000000 USD"),
        ("MONEY", "4000000000 USD"),
        ("DATE", "2024-03"),
    ]


@pytest.mark.parametrize(
    "unit", ["1 " * 20000, "1.234" * 9000, "deux cent " * 6000, "entre " * 9000, "€" * 40000, "le 31 " * 9000]
)
def test_hostile_text_takes_no_time(unit: str) -> None:
    begin = time.process_time()
    find_values(unit, PUBLISHED)
    assert time.process_time() - begin < 5, "quadratic behaviour: 50 kB took seconds"
