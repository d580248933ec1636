"""Readings -> what a page shows; an entity of the same class and name is one, in whichever article it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from maille.rdf.mint import slug
from maille.records import (
    Claim,
    Date,
    Entity,
    EntityRef,
    Event,
    EventRef,
    Money,
    Quantity,
    Reading,
    Text,
    Value,
)
from maille.view.quoting import Span, marks_in, places_of, sentence_around
from maille.view.records import ViewArticle, ViewClaim, ViewEntity, ViewGraph
from maille.vocabulary import top_class


def from_readings(readings: Iterable[Reading]) -> ViewGraph:
    """What a page shows of these readings; MailleError is never raised for an odd text."""
    gathered = _Gathered()
    for reading in readings:
        gathered.add(reading)
    return gathered.graph()


def value_text(value: Value) -> str:
    """A value in words: a date as ISO, an amount or a count as it was written."""
    match value:
        case Date(iso):
            return iso
        case Text(text):
            return text
        case Money(amount, unit) | Quantity(amount, unit):
            return value.written or f"{amount:,.10g}".replace(",", " ") + f" {unit}".rstrip()


@dataclass(slots=True)
class _Gathered:
    """Entities, claims and articles as they come in."""

    kinds: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    events: dict[str, ViewEntity] = field(default_factory=dict)
    claims: list[ViewClaim] = field(default_factory=list)
    articles: dict[str, ViewArticle] = field(default_factory=dict)

    def add(self, reading: Reading) -> None:
        article = reading.article
        if article.key in self.articles:
            return
        published = article.published.isoformat() if article.published else ""
        heading = article.title or article.source or article.text[:80]
        self.articles[article.key] = ViewArticle(article.key, heading, published, article.publisher, article.url)
        ids = {entity.key: self.entity(entity) for entity in reading.entities}
        event_ids = {event.key: f"event/{article.key[:12]}/{event.key}" for event in reading.events}
        for event in reading.events:
            self.events[event_ids[event.key]] = ViewEntity(event_ids[event.key], event.kind, event.trigger.text)
        spots = _Spots(reading)
        for number, claim in enumerate(reading.claims):
            self.claims.append(_claim(reading, claim, f"{article.key[:12]}/{number}", ids, event_ids, spots))

    def entity(self, entity: Entity) -> str:
        identity = f"{top_class(entity.kind).lower()}/{slug(entity.name)}"
        self.kinds.setdefault(identity, []).append(entity.kind)
        self.names.setdefault(identity, {}).update(dict.fromkeys((entity.name, *entity.aliases)))
        return identity

    def graph(self) -> ViewGraph:
        entities = [
            ViewEntity(identity, _narrowest(kinds), next(iter(self.names[identity])), tuple(self.names[identity])[1:])
            for identity, kinds in sorted(self.kinds.items())
        ]
        return ViewGraph((*entities, *self.events.values()), tuple(self.claims), tuple(self.articles.values()))


class _Spots:
    """Where the entities and events of a reading are named in its text."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.article.text
        self.entities: dict[str, Entity] = {entity.key: entity for entity in reading.entities}
        self.events: dict[str, Event] = {event.key: event for event in reading.events}

    def of(self, what: EntityRef | EventRef | Value, evidence: Span, sentence: Span) -> list[Span]:
        if isinstance(what, EventRef):
            trigger = self.events[what.key].trigger
            return [(trigger.start, trigger.end)]
        if isinstance(what, EntityRef):
            return [(m.passage.start, m.passage.end) for m in self.entities[what.key].mentions]
        words = what.value if isinstance(what, Text) else what.written
        return places_of(self.text, words, evidence) or places_of(self.text, words, sentence)


def _claim(
    reading: Reading,
    claim: Claim,
    identity: str,
    entities: Mapping[str, str],
    events: Mapping[str, str],
    spots: _Spots,
) -> ViewClaim:
    text = reading.article.text
    evidence = (claim.evidence.start, claim.evidence.end)
    sentence = sentence_around(text, *evidence)
    subject = spots.of(claim.subject, evidence, sentence)
    marks = marks_in(sentence, evidence, subject, spots.of(claim.object, evidence, sentence))
    by = claim.attribution.speaker if claim.attribution else None
    is_entity = isinstance(claim.object, EntityRef)
    return ViewClaim(
        id=identity,
        subject=(events if isinstance(claim.subject, EventRef) else entities)[claim.subject.key],
        property=claim.property,
        object=entities[claim.object.key] if isinstance(claim.object, EntityRef) else "",
        value="" if is_entity else value_text(claim.object),  # type: ignore[arg-type]
        modality=claim.modality,
        period=claim.period,
        confidence=claim.confidence,
        sentence=text[slice(*sentence)],
        marks=marks,
        article=reading.article.key,
        attributed=spots.entities[by.key].name if isinstance(by, EntityRef) else by.value if by else "",
        rule=claim.rule,
    )


def _narrowest(kinds: list[str]) -> str:
    """The class most often given that is not a top class, else the top class."""
    narrow = [kind for kind in kinds if top_class(kind) != kind]
    return max(sorted(set(narrow or kinds)), key=(narrow or kinds).count)
