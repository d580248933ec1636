"""What a page is drawn from: entities, events and claims with their sentences, freed from offsets and RDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from maille.vocabulary import CLASSES, EVENTS, top_class

MarkRole = Literal["subject", "object"]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A piece of a sentence that names the subject or the object; offsets count Unicode characters."""

    start: int
    end: int
    role: MarkRole


@dataclass(frozen=True, slots=True)
class ViewArticle:
    """An article by its heading; `date` is an ISO date or empty."""

    id: str
    title: str
    date: str = ""
    publisher: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ViewEntity:
    """An entity, or an event where `kind` is an event type (its label is the word that tells it)."""

    id: str
    kind: str
    label: str
    aliases: tuple[str, ...] = ()

    @property
    def is_event(self) -> bool:
        return self.kind in EVENTS

    @property
    def top(self) -> str:
        """The top class: "Company" -> "Organization", any event type -> "Event", what the ontology lacks -> "Other"."""
        if self.is_event:
            return "Event"
        return top_class(self.kind) if self.kind in CLASSES else "Other"


@dataclass(frozen=True, slots=True)
class ViewClaim:
    """A claim: subject, property, and either `object` (an entity's id) or `value` (words), with its sentence.

    `attributed` names who said so, `rule` what found it; `article` is the id of a `ViewArticle`.
    """

    id: str
    subject: str
    property: str
    object: str = ""
    value: str = ""
    modality: str = "Asserted"
    period: str = "Current"
    confidence: float = 1.0
    sentence: str = ""
    marks: tuple[Mark, ...] = ()
    article: str = ""
    attributed: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ViewGraph:
    """All that a page shows; every id that a claim names stands in `entities` or `articles`."""

    entities: tuple[ViewEntity, ...] = ()
    claims: tuple[ViewClaim, ...] = ()
    articles: tuple[ViewArticle, ...] = ()
