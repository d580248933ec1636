"""French amounts, counts, shares and dates: found in text and normalised, never more precise than the words."""

from __future__ import annotations

from maille.values.currencies import currency_near
from maille.values.dates import Tense, parse_dates
from maille.values.find import FoundValue, find_values
from maille.values.numbers import numbers
from maille.values.parse import parse_money, parse_quantities, parse_value, parse_values

__all__ = [
    "FoundValue",
    "Tense",
    "currency_near",
    "find_values",
    "numbers",
    "parse_dates",
    "parse_money",
    "parse_quantities",
    "parse_value",
    "parse_values",
]
