"""What the view draws: entities (events among them) and claims, plain and complete."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ViewEntity:
    """A node: `kind` a class of the ontology or an event type, `weight` how often it is spoken of."""

    id: str
    kind: str
    label: str
    event: bool = False
    aliases: tuple[str, ...] = ()
    weight: int = 1


@dataclass(frozen=True, slots=True)
class ViewClaim:
    """A claim: `target` is the id of an entity, empty where the object is the value `value`."""

    subject: str
    property: str
    target: str
    value: str
    modality: str
    period: str
    source: str
    confidence: float
    quote: str
    title: str
    published: str
