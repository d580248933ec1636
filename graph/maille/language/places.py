"""Places by their adjectives ("californienne": Californie), their usual names and their kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from maille.language.tables import fold, rows

_ARTICLE = re.compile(r"^(?:la |le |les |l'|l )")


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """A place by the name the press uses, and its kind: Country, Region or City."""

    name: str
    kind: str


def inflected(lemma: str) -> tuple[str, ...]:
    """All forms of an adjective of place given as in demonyms.tsv ("turc/turque", "carioca=")."""
    if lemma.endswith("="):
        return (lemma[:-1], lemma[:-1] + "s")
    masculine, *feminines = lemma.split("/")
    feminines = feminines or [_feminine(masculine)]
    forms = (masculine, _plural(masculine), *(form for f in feminines for form in (f, f + "s")))
    return tuple(dict.fromkeys(forms))


def _feminine(masculine: str) -> str:
    """The regular feminine: tchadien -> tchadienne, breton -> bretonne, manceau -> mancelle, lyonnais -> lyonnaise."""
    if masculine.endswith("e"):
        return masculine
    if masculine.endswith("eau"):
        return masculine[:-3] + "elle"
    if masculine.endswith(("en", "on", "el")):
        return masculine + masculine[-1] + "e"
    return masculine + "e"


def _plural(masculine: str) -> str:
    """The regular masculine plural: provençal -> provençaux, manceau -> manceaux, lyonnais -> lyonnais."""
    if masculine.endswith(("s", "x")):
        return masculine
    if masculine.endswith("al"):
        return masculine[:-1] + "ux"
    return masculine + ("x" if masculine.endswith("eau") else "s")


@cache
def _adjectives() -> dict[str, tuple[PlaceFact, ...]]:
    """Folded form -> the places it may mean, the likeliest first."""
    table: dict[str, tuple[PlaceFact, ...]] = {}
    for name, kind, adjectives in rows("demonyms.tsv"):
        fact = PlaceFact(name, kind)
        for form in {fold(form) for adjective in adjectives.split(",") for form in inflected(adjective)}:
            table[form] = (*table.get(form, ()), fact)
    return table


@cache
def _halves() -> dict[str, str]:
    return {fold(row[0]): row[1] if len(row) > 1 else "" for row in rows("compounds.tsv")}


def places_of(adjective: str, named: Iterable[str] = ()) -> tuple[PlaceFact, ...]:
    """The places an adjective or gentilé names: one, several for "franco-italien", none for other words.

    Of the places one word may mean ("congolais") the one among the names `named` is chosen, else the likeliest.
    """
    word = fold(adjective).strip()
    known = {place_key(name) for name in named}
    simple = _adjectives().get(word)
    if simple is not None:
        return (next((fact for fact in simple if place_key(fact.name) in known), simple[0]),)
    if word in _halves() or "-" not in word:
        return ()
    first, _, rest = word.partition("-")
    others = places_of(rest, named)
    mine = _half(first)
    return tuple(dict.fromkeys((*mine, *others))) if mine and others else ()


def _half(word: str) -> tuple[PlaceFact, ...]:
    """The place that the first half of a compound adjective names."""
    if _halves().get(word):
        return (PlaceFact(_halves()[word], place_kind(_halves()[word])),)
    return _adjectives().get(word, ())[:1]


@cache
def _aliases() -> dict[str, str]:
    return {_plain(alias): _plain(name) for alias, name in rows("place_aliases.tsv")}


def _plain(name: str) -> str:
    words = re.sub(r"[\s-]+", " ", fold(name)).strip()
    return _ARTICLE.sub("", words)


def place_key(name: str) -> str:
    """What two names of one place share: "Etats-Unis", "USA", "les États-Unis" have one key."""
    key = _plain(name)
    return _aliases().get(key, key)


@cache
def _kinds() -> dict[str, str]:
    table: dict[str, str] = {}
    for name, kind, *_ in (*rows("demonyms.tsv"), *rows("places.tsv")):
        table.setdefault(place_key(name), kind)
    return table


def place_kind(name: str) -> str:
    """Country, Region or City where the place is known, else Place."""
    return _kinds().get(place_key(name), "Place")
