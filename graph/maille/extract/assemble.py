"""From links to claims and events: one node an event, its roles gathered, each with its sentence."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from maille.extract.arguments import Argument
from maille.extract.attribution import Attributions
from maille.extract.learned import PER_MENTION, Key, Link
from maille.language import fold
from maille.records import (
    Attribution,
    Claim,
    Date,
    EntityRef,
    Event,
    EventRef,
    Modality,
    Money,
    Passage,
    Quantity,
    Text,
    Value,
)
from maille.vocabulary import ANCHORS, EVENTS


@dataclass(frozen=True, slots=True)
class Limits:
    """Least probabilities: of a relation, of an event as a whole, of a role in an event, of a statement."""

    relation: float = 0.365
    event: float = 0.5
    role: float = 0.42
    spoken: float = 0.38


SEVERAL = frozenset(
    {"investor", "buyer", "party", "agent", "product", "plaintiff", "defendant", "organizer", "participant"}
)
"""Roles that may repeat in one event (contract), beside the place of a Gathering."""

ROLE_WITNESS = 0.7
"""How much a sure role says for its event, against a sure anchor."""


@dataclass(slots=True)
class _Draft:
    """An event being gathered: its anchor link and the links to its other fillers."""

    kind: str
    anchors: list[Link]
    roles: list[Link]


ANNOUNCED = frozenset({"Appointment", "Departure", "Statement"})
"""Events that have happened though what they bring about may lie ahead."""


def ahead(happened: Sequence[Event], roles: Sequence[Claim], published: dt.date | None) -> list[Claim]:
    """Roles of events; an event that is dated after its article is no fact yet, but planned."""
    if published is None:
        return list(roles)
    today = published.isoformat()
    open_events = {EventRef(e.key) for e in happened if e.kind not in ANNOUNCED}
    later = {c.subject for c in roles if isinstance(c.object, Date) and c.object.iso > today[: len(c.object.iso)]}
    return [
        replace(c, modality="Planned") if c.subject in later & open_events and c.modality == "Asserted" else c
        for c in roles
    ]


def evidence(doc: Doc, *arguments: Argument) -> Passage:
    """The sentences that hold the arguments, as one passage without the white space around it."""
    start, end = min(a.start for a in arguments), max(a.end for a in arguments)
    first, last = doc[start].sent, doc[end - 1].sent
    text = doc[first.start : last.end].text
    begin = first.start_char + len(text) - len(text.lstrip())
    return Passage(begin, begin + len(text.strip()), text.strip())


def _drafts(links: Iterable[Link], limits: Limits) -> list[_Draft]:
    by_type: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link.event:
            by_type[link.event].append(link)
    drafts: list[_Draft] = []
    for kind in sorted(by_type):
        drafts += (
            _spoken(kind, by_type[kind], limits) if kind in PER_MENTION else _gathered(kind, by_type[kind], limits)
        )
    return drafts


def _is_anchor(link: Link) -> bool:
    return link.left == link.right


def _gathered(kind: str, links: Sequence[Link], limits: Limits) -> list[_Draft]:
    """Events of one type, one for each anchor entity; an anchor of a lesser role that another event already holds is none."""
    order = ANCHORS[kind]
    by_anchor: dict[object, list[Link]] = defaultdict(list)
    for x in links:
        by_anchor[_same_words(x.left.ref)].append(x)
    candidates: list[_Draft] = []
    for own in by_anchor.values():
        anchors = [x for x in own if _is_anchor(x)]
        roles = [x for x in own if not _is_anchor(x) and x.confidence >= limits.role]
        anchor = max(anchors, key=lambda x: x.confidence, default=None) or _stand_in(kind, own)
        if anchor is not None and _existence(anchors, roles) >= limits.event:
            candidates.append(_Draft(kind, [anchor], roles))
    if kind == "Gathering":
        candidates = _met_once(candidates)
    rank = lambda d: (order.index(d.anchors[0].role) if d.anchors[0].role in order else 9, d.anchors[0].left.start)  # noqa: E731
    drafts: list[_Draft] = []
    held: set[tuple[str, object]] = set()
    for draft in sorted(candidates, key=rank):
        anchor = draft.anchors[0]
        if (anchor.role, anchor.left.ref) in held:
            continue
        if kind in ("Merger", "Partnership"):  # every party anchors the same event
            for other in candidates:
                if other is not draft and any(
                    x.role == "party" and x.right.ref == other.anchors[0].left.ref for x in draft.roles
                ):
                    draft.anchors += other.anchors
                    draft.roles += other.roles
        held |= {(x.role, x.left.ref) for x in draft.anchors} | {(x.role, x.right.ref) for x in draft.roles}
        drafts += _by_count(draft) if kind == "Layoff" else [draft]
    return drafts


def _same_words(ref: Key) -> Key:
    """What an anchor is told by: a text by its folded words ("congrès", "Congrés")."""
    return Text(fold(ref.value)) if isinstance(ref, Text) else ref


def _met_once(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Gatherings at one place on one date are one, under however many names it goes."""
    met: dict[tuple[Key, Key], _Draft] = {}
    kept: list[_Draft] = []
    for draft in drafts:
        surest = {x.role: x.right.ref for x in sorted(draft.roles, key=lambda x: x.confidence)}
        if "place" not in surest or "date" not in surest:
            kept.append(draft)
            continue
        first = met.setdefault((surest["place"], surest["date"]), draft)
        if first is draft:
            kept.append(draft)
        else:
            first.anchors += draft.anchors
            first.roles += draft.roles
    return kept


def _stand_in(kind: str, links: Sequence[Link]) -> Link | None:
    """An anchor for roles that have none of their own: the left side, in the first role that its kind can fill."""
    best = max(links, key=lambda x: x.confidence)
    role = next((r for r in ANCHORS[kind] if best.left.kind in EVENTS[kind][r]), None)
    return None if role is None else replace(best, label=f"{kind}.{role}", right=best.left)


def _existence(anchors: Sequence[Link], roles: Sequence[Link]) -> float:
    """How sure it is that there is an event: its anchor and its two surest roles as independent witnesses."""
    doubt = 1 - max((x.confidence for x in anchors), default=0.0)
    for x in sorted(roles, key=lambda x: -x.confidence)[:2]:
        doubt *= 1 - ROLE_WITNESS * x.confidence
    return 1 - doubt


def _by_count(draft: _Draft) -> list[_Draft]:
    """One layoff a head count, each with its own modality and the place and date told nearest to it (contract)."""
    counts = [x for x in draft.roles if x.role == "count"]
    if len(counts) < 2:
        return [draft]
    parts = [_Draft(draft.kind, [replace(a, modality=x.modality) for a in draft.anchors], [x]) for x in counts]
    for x in draft.roles:
        if x.role != "count":
            min(parts, key=lambda p: abs(p.roles[0].right.start - x.right.start)).roles.append(x)
    return parts


def _spoken(kind: str, links: Sequence[Link], limits: Limits) -> list[_Draft]:
    """Events of one type, one for each anchor mention."""
    return [
        _Draft(
            kind,
            [anchor],
            [x for x in links if not _is_anchor(x) and x.left == anchor.left and x.confidence >= limits.role],
        )
        for anchor in links
        if _is_anchor(anchor) and anchor.confidence >= limits.spoken
    ]


def _one_per_sentence(doc: Doc, drafts: list[_Draft]) -> list[_Draft]:
    """Of several statements by one speaker in one sentence only the first remains, with the roles of all."""
    kept: dict[tuple[str, object, int], _Draft] = {}
    for draft in drafts:
        if draft.kind not in PER_MENTION:
            continue
        anchor = draft.anchors[0]
        key = (draft.kind, anchor.left.ref, doc[anchor.left.start].sent.start)
        if key in kept:
            kept[key].roles += draft.roles
        else:
            kept[key] = draft
    spoken = {id(d) for d in kept.values()}
    return [d for d in drafts if d.kind not in PER_MENTION or id(d) in spoken]


def events(doc: Doc, links: Sequence[Link], limits: Limits, sources: Attributions) -> tuple[list[Event], list[Claim]]:
    """Events and the claims of their roles; a role's claim bears the modality of its event, which all of them make out."""
    found: list[Event] = []
    claims: list[Claim] = []
    drafts = _one_per_sentence(doc, _drafts(links, limits))
    drafts.sort(key=lambda d: (d.anchors[0].left.start, d.kind, [x.right.start for x in d.roles]))
    for draft in drafts:
        anchor = draft.anchors[0]
        roles = {(x.role, x.right.ref): x for x in sorted(draft.roles, key=lambda x: x.confidence)}
        for x in draft.anchors:
            roles.setdefault((x.role, x.left.ref), x)
        roles = _one_role(_single(draft.kind, roles))
        if draft.kind in ("Merger", "Partnership") and sum(role == "party" for role, _ in roles) < 2:
            continue  # nobody is a partner alone
        key, modality = f"v{len(found) + 1}", _modality(draft)
        found.append(Event(key, draft.kind, evidence(doc, anchor.left)))
        for (role, _), x in sorted(roles.items(), key=lambda r: (r[1].right.start, r[0][0], repr(r[0][1]))):
            claims.append(
                Claim(
                    EventRef(key),
                    role,
                    _value(x.right),
                    evidence(doc, anchor.left if _is_anchor(x) else x.left, x.right),
                    modality,
                    "Current",
                    None if draft.kind == "Statement" else attribution(doc, x, sources),
                    round(x.confidence, 2),
                    x.rule,
                )
            )
    return found, claims


def _modality(draft: _Draft) -> Modality:
    """The modality that the anchors and roles of an event bear together, each with the weight of its probability."""
    said: dict[Modality, float] = defaultdict(float)
    for x in (*draft.anchors, *draft.roles):
        said[x.modality] += x.confidence
    return max(said, key=lambda m: (said[m], m))


def _single(kind: str, roles: dict[tuple[str, Key], Link]) -> dict[tuple[str, Key], Link]:
    """Of a role that does not repeat only the surest filler, with the other end of its range."""
    best: dict[str, Link] = {}
    for (role, _), x in roles.items():
        if role not in best or x.confidence > best[role].confidence:
            best[role] = x
    several = SEVERAL | ({"place"} if kind == "Gathering" else frozenset())
    return {
        key: x
        for key, x in roles.items()
        if key[0] in several or (x.right.start, x.right.end) == (best[key[0]].right.start, best[key[0]].right.end)
    }


def _one_role(roles: dict[tuple[str, Key], Link]) -> dict[tuple[str, Key], Link]:
    """Nobody fills two roles of one event: the surest stays; who leads a round invests in it, too."""
    kept: dict[tuple[str, Key], Link] = {}
    taken: dict[Key, str] = {}
    for (role, ref), x in sorted(roles.items(), key=lambda r: (-r[1].confidence, r[0][0])):
        other = taken.setdefault(ref, role)
        if not isinstance(ref, EntityRef) or other == role or {other, role} == {"investor", "leadInvestor"}:
            kept[role, ref] = x
    return kept


def _value(argument: Argument) -> EntityRef | Value:
    return argument.ref


def relations(
    doc: Doc, links: Sequence[Link], names: dict[str, str], limits: Limits, sources: Attributions
) -> list[Claim]:
    """The claims of relation links; a share becomes the text "12 % de X". `names` gives the names of entities by key."""
    held = {x.left: x for x in links if x.label == "stakeIn"}
    owned: dict[object, list[Link]] = defaultdict(list)
    for x in links:
        if x.label == "shareholderOf":
            owned[x.left.ref].append(x)
    claims = []
    for x in links:
        if x.event or x.label == "stakeIn" or x.confidence < limits.relation:
            continue
        obj = x.right.ref
        if x.label == "alternateName" and isinstance(obj, Text) and isinstance(x.left.ref, EntityRef):
            if fold(obj.value) == fold(names[x.left.ref.key]):
                continue  # "(UDI)" behind somebody's name is a name, not another one
        if x.label == "stake" and isinstance(obj, Quantity):
            of = (
                held[x.right].right.ref
                if x.right in held
                else owned[x.left.ref][0].right.ref
                if len(owned[x.left.ref]) == 1
                else None
            )
            if not isinstance(of, EntityRef):
                continue  # a share of nothing that is known: votes, an approval rating
            obj = Text(f"{obj.value:g}".replace(".", ",") + f" % de {names[of.key]}")
        if x.label == "netIncome" and isinstance(obj, Money) and _is_loss(doc, x.right):
            obj = replace(obj, value=-abs(obj.value))
        if isinstance(x.left.ref, EntityRef):
            claims.append(
                Claim(
                    x.left.ref,
                    x.label,
                    obj,
                    evidence(doc, x.left, x.right),
                    x.modality,
                    x.period,
                    attribution(doc, x, sources),
                    round(x.confidence, 2),
                    x.rule,
                )
            )
    return claims


def _is_loss(doc: Doc, money: Argument) -> bool:
    """Whether the words before an amount speak of a loss: "une perte nette de 12 millions"."""
    return any(
        fold(t.lemma_) in ("perte", "deficit", "perdre")
        for t in doc[max(money.start - 7, doc[money.start].sent.start) : money.start]
    )


def attribution(doc: Doc, link: Link, sources: Attributions) -> Attribution | None:
    """Whom the article gives as the source of a link; nobody is the source of what is said of themselves alone."""
    found = sources.of(min(link.left.start, link.right.start), max(link.left.end, link.right.end))
    if found is None:
        return None
    span = doc[found.start : found.end]
    known = found.speaker.ref if found.speaker is not None else None
    speaker = known if isinstance(known, EntityRef) else Text(span.text)
    if speaker in (link.left.ref, link.right.ref) or not span.text.strip():
        return None
    return Attribution(speaker, Passage(span.start_char, span.end_char, span.text), found.direct)


def renamed(claims: Iterable[Claim], kinds: dict[str, str]) -> list[Claim]:
    """A region's or town's adjective names a seat, a country's a country (contract); `kinds` gives the kinds of entities."""
    result = []
    for claim in claims:
        if isinstance(claim.object, EntityRef):
            kind = kinds[claim.object.key]
            if claim.property == "country" and kind in ("Region", "City"):
                claim = replace(claim, property="headquarteredIn")
        result.append(claim)
    return result
