"""The frame tables, checked against the vocabulary when they are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from maille.errors import MailleError
from maille.language import fold
from maille.vocabulary import RELATIONS


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of a frame, the claim it must give ("subject property object"), and a sentence that must not give one."""

    text: str
    claim: str
    counter: str


@dataclass(frozen=True, slots=True)
class VerbFrame:
    """A verb whose subject has `relation` to what stands in one of `slots` (obj or prepositions)."""

    verb: str
    relation: str
    slots: tuple[str, ...]
    example: Example


@dataclass(frozen=True, slots=True)
class NounFrame:
    """A noun that describes somebody by a `relation` to its complement; `inverse` turns the two round."""

    noun: str
    relation: str
    inverse: bool
    example: Example


def _rows(name: str) -> list[list[str]]:
    text = (resources.files("maille.extract.frames") / name).read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for row in rows:
        if row[1] not in RELATIONS:
            raise MailleError(
                f"{name}: {row[0]!r} names the unknown property {row[1]!r}", f"known: {', '.join(sorted(RELATIONS))}"
            )
    return [row + [""] * (7 - len(row)) for row in rows]


@cache
def verb_frames() -> dict[str, tuple[VerbFrame, ...]]:
    """Verb frames by folded lemma; MailleError for a property outside the vocabulary."""
    table: dict[str, tuple[VerbFrame, ...]] = {}
    for verb, relation, _, slots, text, claim, counter in _rows("verbs.tsv"):
        frame = VerbFrame(verb, relation, tuple(fold(s) for s in slots.split()), Example(text, claim, counter))
        table[fold(verb)] = (*table.get(fold(verb), ()), frame)
    return table


@cache
def noun_frames() -> dict[str, tuple[NounFrame, ...]]:
    """Noun frames by folded lemma; MailleError for a property outside the vocabulary or an unknown direction."""
    table: dict[str, tuple[NounFrame, ...]] = {}
    for noun, relation, direction, text, claim, counter, _ in _rows("nouns.tsv"):
        if direction not in ("holder", "complement"):
            raise MailleError(f"nouns.tsv: {noun!r} has the direction {direction!r}", "known: holder, complement")
        frame = NounFrame(noun, relation, direction == "complement", Example(text, claim, counter))
        table[fold(noun)] = (*table.get(fold(noun), ()), frame)
    return table
