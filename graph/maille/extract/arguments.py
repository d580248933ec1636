"""What a claim may be made of: spans of the Doc with the entity or value that each stands for."""

from __future__ import annotations

from dataclasses import dataclass

from maille.records import EntityRef, Value


@dataclass(frozen=True, slots=True)
class Argument:
    """Tokens [start, end) of a Doc and what they stand for.

    `label` is PER, ORG, LOC, PROD, EVENT or REF for entities, MONEY, DATE, QTY, PCT, JOB, NORP, SECTOR ... for values;
    `form` NAME, NOMINAL, PRONOUN or VALUE; `kind` a top class, or date, money, number, share, text; `certainty` (0 to 1)
    tells how sure it is that the span stands for `ref`, `found` how sure the finder of mentions is of the span and its label.
    """

    start: int
    end: int
    label: str
    ref: EntityRef | Value
    form: str
    kind: str
    certainty: float = 1.0
    found: float = 1.0
