"""Reading -> triples, in the form that the vocabulary's page fixes; sorted, without blank nodes.

Numbers are written in their canonical form (`0.9`, not `0.90`) and offsets as xsd:integer, because a
store keeps values, not spellings: what is exported is then, term for term, what was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath

from pyoxigraph import Literal, NamedNode, Quad, Triple

from maille.errors import MailleError
from maille.rdf.mint import DEFAULT_BASE, Minter
from maille.rdf.names import (
    ALT_LABEL,
    CLASSIFIED,
    MENTIONS,
    NAMED,
    OBJECT,
    PREDICATE,
    PREF_LABEL,
    SUBJECT,
    TYPE,
    term,
)
from maille.records import (
    Attribution,
    Claim,
    Date,
    Entity,
    EntityRef,
    Event,
    EventRef,
    Money,
    Passage,
    Quantity,
    Reading,
    Text,
    Value,
)
from maille.vocabulary import MODALITIES, RELATIONS, ROLES

Node = NamedNode | Literal

_DATE_TYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
_PROPERTIES = frozenset(RELATIONS) | frozenset(ROLES)


def quads(reading: Reading, base: str = DEFAULT_BASE) -> list[Quad]:
    """The article's named graph and its share of the entity graph, sorted."""
    builder = _Builder(reading, Minter(base))
    article = NamedNode(builder.mint.graph(reading.article.key))
    entities = NamedNode(builder.mint.entities)
    found = {Quad(t.subject, t.predicate, t.object, article) for t in builder.article_graph()}
    found |= {Quad(t.subject, t.predicate, t.object, entities) for t in builder.entity_graph()}
    return sorted(found, key=str)


def triples(reading: Reading, base: str = DEFAULT_BASE) -> list[Triple]:
    """Everything of one article in one graph, sorted; without what only the store needs."""
    builder = _Builder(reading, Minter(base))
    flat = {t for t in builder.article_graph() if t.predicate not in (NAMED, CLASSIFIED)}
    return sorted(flat | set(builder.entity_graph()), key=str)


def preferred(spellings: Iterable[str]) -> str:
    """The spelling of a full name to show: not all capitals if there is a choice, for headlines shout."""
    return min(spellings, key=lambda name: (name.isupper(), name))


def number(value: float) -> Literal:
    """An exact xsd:integer or xsd:decimal in canonical form: 4e10 -> 40000000000, 12.50 -> 12.5."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if exact == exact.to_integral_value():
        return Literal(str(int(exact)), datatype=term("xsd:integer"))
    return Literal(format(exact.normalize(), "f"), datatype=term("xsd:decimal"))


def decimal(value: float) -> Literal:
    """An xsd:decimal with at most four places, in canonical form."""
    lexical = format(Decimal(repr(float(value))).quantize(Decimal("0.0001")).normalize(), "f")
    return Literal(lexical, datatype=term("xsd:decimal"))


def date(iso: str) -> Literal:
    """An xsd:gYear, xsd:gYearMonth or xsd:date, by the length of YYYY, YYYY-MM or YYYY-MM-DD."""
    if len(iso) not in _DATE_TYPES:
        raise MailleError(f"the date {iso!r} is none of YYYY, YYYY-MM, YYYY-MM-DD")
    return Literal(iso, datatype=term(_DATE_TYPES[len(iso)]))


def integer(value: int) -> Literal:
    return Literal(str(value), datatype=term("xsd:integer"))


@dataclass(frozen=True, slots=True)
class _Builder:
    """One reading on its way to triples: who is which IRI."""

    reading: Reading
    mint: Minter
    entity_nodes: dict[str, NamedNode] = field(init=False)
    event_nodes: dict[str, NamedNode] = field(init=False)

    def __post_init__(self) -> None:
        entities = {e.key: NamedNode(self.mint.entity(e.kind, e.name)) for e in self.reading.entities}
        object.__setattr__(self, "entity_nodes", entities)
        object.__setattr__(self, "event_nodes", {e.key: self.event_node(e) for e in self.reading.events})

    @property
    def key(self) -> str:
        return self.reading.article.key

    @property
    def article(self) -> NamedNode:
        return NamedNode(self.mint.article(self.key))

    def article_graph(self) -> Iterator[Triple]:
        yield from self.about_article()
        for entity in self.reading.entities:
            yield from self.about_entity(entity)
        for event in self.reading.events:
            yield from self.about_event(event)
        for node, claim in self.distinct_claims():
            yield from self.about_claim(node, claim)

    def entity_graph(self) -> Iterator[Triple]:
        """Types and labels; two records of one entity (same class and name) give one preferred label."""
        names: dict[NamedNode, list[str]] = {}
        full: dict[NamedNode, list[str]] = {}
        for entity in self.reading.entities:
            node = self.entity_nodes[entity.key]
            yield Triple(node, TYPE, term(f"maille:{entity.kind}"))
            names.setdefault(node, []).extend((entity.name, *entity.aliases))
            full.setdefault(node, []).append(entity.name)
        for node, every in names.items():
            label = preferred(full[node])
            yield Triple(node, PREF_LABEL, Literal(label))
            yield from (Triple(node, ALT_LABEL, Literal(name)) for name in sorted(set(every) - {label}))

    def about_article(self) -> Iterator[Triple]:
        article = self.reading.article
        node = self.article
        yield Triple(node, TYPE, term("maille:Article"))
        yield Triple(node, TYPE, term("nif:Context"))
        yield Triple(node, term("nif:isString"), Literal(article.text))
        yield Triple(node, term("nif:beginIndex"), integer(0))
        yield Triple(node, term("nif:endIndex"), integer(len(article.text)))
        yield Triple(node, term("maille:articleKey"), Literal(article.key))
        if article.published:
            yield Triple(node, term("dcterms:date"), date(article.published.isoformat()))
        if article.url:
            yield Triple(node, term("schema:url"), Literal(article.url, datatype=term("xsd:anyURI")))
        elif article.source:  # the name alone: the same article gives the same graph in any folder
            yield Triple(node, term("dcterms:source"), Literal(PurePath(article.source).name))
        said = {"title": article.title, "creator": article.byline, "publisher": article.publisher}
        for name, text in (said | {"language": article.language}).items():
            if text:
                yield Triple(node, term(f"dcterms:{name}"), Literal(text))

    def about_entity(self, entity: Entity) -> Iterator[Triple]:
        node = self.entity_nodes[entity.key]
        yield Triple(self.article, MENTIONS, node)
        yield Triple(node, CLASSIFIED, term(f"maille:{entity.kind}"))
        for name in (entity.name, *entity.aliases):
            yield Triple(node, NAMED, Literal(name))
        for mention in entity.mentions:
            span = self.span(mention.passage)
            yield from self.about_span(mention.passage)
            yield Triple(span, term("maille:mentionOf"), node)
            yield Triple(span, term("maille:form"), Literal(mention.form))

    def about_event(self, event: Event) -> Iterator[Triple]:
        node = self.event_nodes[event.key]
        yield Triple(node, TYPE, term(f"maille:{event.kind}"))
        yield Triple(node, term("maille:trigger"), self.span(event.trigger))
        yield from self.about_span(event.trigger)
        claims = self.claims_of(event)
        modality = _most(claim.modality for claim in claims) if claims else "Asserted"
        period = _most(claim.period for claim in claims) if claims else "Current"
        yield Triple(node, term("maille:modality"), term(f"maille:{modality}"))
        yield Triple(node, term("maille:period"), term(f"maille:{period}"))

    def about_claim(self, node: NamedNode, claim: Claim) -> Iterator[Triple]:
        subject, prop, value = self.subject(claim), self.property(claim), self.object(claim)
        yield Triple(node, TYPE, term("maille:Claim"))
        yield Triple(node, SUBJECT, subject)
        yield Triple(node, PREDICATE, prop)
        yield Triple(node, OBJECT, value)
        yield Triple(node, term("maille:modality"), term(f"maille:{claim.modality}"))
        yield Triple(node, term("maille:period"), term(f"maille:{claim.period}"))
        yield Triple(node, term("maille:confidence"), decimal(claim.confidence))
        yield Triple(node, term("prov:wasDerivedFrom"), self.span(claim.evidence))
        yield from self.about_span(claim.evidence)
        if claim.rule:
            yield Triple(node, term("maille:rule"), Literal(claim.rule))
        if isinstance(claim.object, Date | Money | Quantity) and claim.object.written:
            yield Triple(node, term("maille:written"), Literal(claim.object.written))
        if claim.attribution:
            yield from self.about_attribution(node, claim.attribution)
        if isinstance(claim.object, Money | Quantity) and isinstance(value, NamedNode):
            yield from self.about_amount(value, claim.object)
        if claim.modality == "Asserted" and claim.period == "Current":
            yield Triple(subject, prop, value)

    def about_attribution(self, claim: NamedNode, attribution: Attribution) -> Iterator[Triple]:
        yield Triple(claim, term("maille:attributedTo"), self.speaker(attribution))
        yield Triple(claim, term("maille:cue"), self.span(attribution.cue))
        yield from self.about_span(attribution.cue)
        if attribution.direct:
            yield Triple(claim, term("maille:direct"), Literal("true", datatype=term("xsd:boolean")))

    def about_amount(self, node: NamedNode, amount: Money | Quantity) -> Iterator[Triple]:
        yield Triple(node, term("schema:value"), number(amount.value))
        if isinstance(amount, Money):
            yield Triple(node, TYPE, term("schema:MonetaryAmount"))
            yield Triple(node, term("schema:currency"), Literal(amount.currency))
        else:
            yield Triple(node, TYPE, term("schema:QuantitativeValue"))
            yield Triple(node, term("schema:unitText"), Literal(amount.unit))

    def about_span(self, passage: Passage) -> Iterator[Triple]:
        node = self.span(passage)
        yield Triple(node, TYPE, term("nif:Phrase"))
        yield Triple(node, term("nif:beginIndex"), integer(passage.start))
        yield Triple(node, term("nif:endIndex"), integer(passage.end))
        yield Triple(node, term("nif:anchorOf"), Literal(passage.text))
        yield Triple(node, term("nif:referenceContext"), self.article)

    def span(self, passage: Passage) -> NamedNode:
        return NamedNode(self.mint.span(self.key, passage))

    def subject(self, claim: Claim) -> NamedNode:
        return self.entity(claim.subject) if isinstance(claim.subject, EntityRef) else self.event(claim.subject)

    def property(self, claim: Claim) -> NamedNode:
        if claim.property not in _PROPERTIES:
            known = ", ".join(sorted(_PROPERTIES))
            raise MailleError(f"unknown property {claim.property!r}", f"the known ones are {known}")
        return term(f"maille:{claim.property}")

    def object(self, claim: Claim) -> Node:
        return self.entity(claim.object) if isinstance(claim.object, EntityRef) else self.value(claim.object)

    def value(self, value: Value) -> Node:
        match value:
            case Date(iso):
                return date(iso)
            case Text(text):
                return Literal(text)
            case Money(amount, unit):
                return NamedNode(self.mint.content("value", self.key, "money", number(amount).value, unit))
            case Quantity(amount, unit):
                return NamedNode(self.mint.content("value", self.key, "quantity", number(amount).value, unit))

    def speaker(self, attribution: Attribution) -> Node:
        speaker = attribution.speaker
        return self.entity(speaker) if isinstance(speaker, EntityRef) else Literal(speaker.value)

    def entity(self, ref: EntityRef) -> NamedNode:
        if ref.key not in self.entity_nodes:
            raise MailleError(f"a claim refers to the entity {ref.key!r}, which the reading does not have")
        return self.entity_nodes[ref.key]

    def event(self, ref: EventRef) -> NamedNode:
        if ref.key not in self.event_nodes:
            raise MailleError(f"a claim refers to the event {ref.key!r}, which the reading does not have")
        return self.event_nodes[ref.key]

    def event_node(self, event: Event) -> NamedNode:
        """From its words and roles: two events may share a trigger ("200 postes à Lyon et 50 à Nantes")."""
        roles = sorted(f"{c.property} {self.object(c)} {c.modality} {c.period}" for c in self.claims_of(event))
        trigger = f"{event.trigger.start},{event.trigger.end}"
        return NamedNode(self.mint.content("event", self.key, event.kind, trigger, *roles))

    def claims_of(self, event: Event) -> list[Claim]:
        return [claim for claim in self.reading.claims if claim.subject == EventRef(event.key)]

    def claim_node(self, claim: Claim) -> NamedNode:
        source = str(self.speaker(claim.attribution)) if claim.attribution else ""
        parts = (self.subject(claim), self.property(claim), self.object(claim), claim.modality, claim.period)
        evidence = f"{claim.evidence.start},{claim.evidence.end}"
        return NamedNode(self.mint.content("claim", self.key, *map(str, parts), evidence, source))

    def distinct_claims(self) -> list[tuple[NamedNode, Claim]]:
        """Claims by IRI; of two that say the same by the same words, the surer one."""
        best: dict[NamedNode, Claim] = {}
        for claim in sorted(self.reading.claims, key=lambda claim: (-claim.confidence, claim.rule)):
            best.setdefault(self.claim_node(claim), claim)
        return sorted(best.items(), key=lambda item: item[0].value)


def _most(names: Iterable[str]) -> str:
    """The most frequent name; on a tie the less sure modality, so that a doubt is not lost."""
    counts = Counter(names)
    rank = {name: place for place, name in enumerate(MODALITIES)}
    return max(sorted(counts), key=lambda name: (counts[name], rank.get(name, 0)))
