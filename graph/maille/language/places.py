"""Places by their adjectives ("californienne": Californie) and the kind of a named place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from maille.language.tables import fold, rows


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """A place and its kind: Country, Region or City."""

    name: str
    kind: str


def inflected(masculine: str) -> tuple[str, ...]:
    """The forms of an adjective of place, by the regular rules of French; "turc/turque" gives the feminine, "x=" is invariable."""
    if masculine.endswith("="):
        return (masculine[:-1], masculine[:-1] + "s")
    base, _, feminine = masculine.partition("/")
    if not feminine:
        if base.endswith("e"):
            feminine = base
        elif base.endswith(("ien", "éen")) or base in ("troyen", "nancéien"):
            feminine = base + "ne"
        else:
            feminine = base + "e"
    plural = base if base.endswith("s") else base[:-1] + "ux" if base.endswith("al") else base + "x" if base.endswith("eau") else base + "s"
    return tuple(dict.fromkeys((base, feminine, plural, feminine + "s")))


@cache
def _adjectives() -> dict[str, tuple[PlaceFact, ...]]:
    table: dict[str, tuple[PlaceFact, ...]] = {}
    for name, kind, adjectives in rows("demonyms.tsv"):
        for adjective in adjectives.split(","):
            for form in inflected(adjective):
                table.setdefault(fold(form), (PlaceFact(name, kind),))
    return table


@cache
def _halves() -> dict[str, str]:
    return {fold(half): place for half, place in rows("compounds.tsv")}


def places_of(adjective: str) -> tuple[PlaceFact, ...]:
    """The places an adjective or gentilé names: one, two for "franco-italien", none for other words."""
    word = fold(adjective)
    found = _adjectives().get(word)
    if found is not None:
        return found
    half, hyphen, rest = word.partition("-")
    if hyphen and rest in _adjectives():
        if half in _halves():
            return (PlaceFact(_halves()[half], "Country"), *_adjectives()[rest])
        if half in _adjectives():
            return (*_adjectives()[half], *_adjectives()[rest])
    return ()


@cache
def _kinds() -> dict[str, str]:
    table = {fold(name): kind for name, kind, _ in rows("demonyms.tsv")}
    for name, kind in rows("places.tsv"):
        table.setdefault(fold(name), kind)
    return table


def place_kind(name: str) -> str:
    """Country, Region or City where the place is known, else Place."""
    return _kinds().get(fold(name).removeprefix("la ").removeprefix("le ").removeprefix("l'"), "Place")
