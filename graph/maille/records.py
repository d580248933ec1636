"""The records that flow between stages: frozen, named, free of spaCy objects and RDF terms.

Offsets count Unicode characters of `Article.text` (RFC 5147 `char=` positions); for every
`Passage` the invariant ``article.text[p.start:p.end] == p.text`` holds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

Modality = Literal["Asserted", "Planned", "Possible", "Conditional", "Denied"]
Period = Literal["Current", "Former"]
Form = Literal["NAME", "NOMINAL", "PRONOUN"]


@dataclass(frozen=True, slots=True)
class Article:
    """A press article as it was read; `key` is the SHA-256 of `text` in hexadecimal.

    `text` is what the graph holds (`nif:isString`): the title, a line break, the body. `body` is the
    offset in `text` at which the body starts (0 where there is no title).
    """

    key: str
    text: str
    title: str = ""
    body: int = 0
    byline: str = ""
    publisher: str = ""
    url: str = ""
    source: str = ""
    published: dt.date | None = None
    language: str = "fr"


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A piece of an article's text: ``article.text[start:end] == text``."""

    start: int
    end: int
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity is named, described or referred to by a pronoun."""

    passage: Passage
    form: Form


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something named; `kind` is a class of the ontology, `key` unique within a reading.

    `mentions` is empty for an entity known only through an adjective ("française": France).
    """

    key: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened or will; `kind` is an event type, `trigger` the words that say so."""

    key: str
    kind: str
    trigger: Passage


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precise as the text: `iso` is YYYY, YYYY-MM or YYYY-MM-DD."""

    iso: str
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; `currency` is an ISO 4217 code."""

    value: float
    currency: str
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count or share with its unit as written ("salariés", "%")."""

    value: float
    unit: str
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text value: a job title, a trade, a prize."""

    value: str


Value = Date | Money | Quantity | Text


@dataclass(frozen=True, slots=True)
class EntityRef:
    """Points at an entity of the same reading by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class EventRef:
    """Points at an event of the same reading by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom the article gives as the source: an entity of the reading, or words ("documents internes")."""

    speaker: EntityRef | Text
    cue: Passage
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What the article says: subject, property, object, how sure, since when, who says so, and where it stands.

    `property` is a relation of the ontology, or a role when the subject is an event. `confidence` lies
    between 0 and 1. `rule` names the frame entry or model that made the claim.
    """

    subject: EntityRef | EventRef
    property: str
    object: EntityRef | Value
    evidence: Passage
    modality: Modality = "Asserted"
    period: Period = "Current"
    attribution: Attribution | None = None
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one article: the wall between language and graph."""

    article: Article
    entities: tuple[Entity, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that was not read: which, why, and what to do about it."""

    source: str
    reason: str
    hint: str = ""
