"""What resolution reads and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from maille.records import Entity, Form, Passage


@dataclass(frozen=True, slots=True)
class FoundMention:
    """A mention before resolution.

    `label` is PER, ORG, LOC, PROD or EVENT for a name, REF for a description or pronoun; `antecedents` pairs indices of
    other mentions with the learned probability that this one refers to them.
    """

    passage: Passage
    label: str
    form: Form
    antecedents: tuple[tuple[int, float], ...] = ()
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """Entities in text order, and for each mention its entity's key (None where nobody can tell) and how sure it is."""

    entities: tuple[Entity, ...]
    entity_of: tuple[str | None, ...]
    certainty: tuple[float, ...]
