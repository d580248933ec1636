"""Reading the frame files off a Doc: one pass over the tokens, each looked up among the triggers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.attribution import Attributions
from maille.extract.frames.clause import Arguments, Slots, is_reflexive
from maille.extract.frames.load import Entry, index
from maille.extract.frames.nominal import read_nominal
from maille.extract.frames.proposal import Proposal
from maille.extract.mood import judged, since
from maille.language import fold, organization_kind
from maille.records import Modality, Period
from maille.vocabulary import ANCHORS, EVENTS


def propose(doc: Doc, arguments: Sequence[Argument]) -> list[Proposal]:
    """All that the frames find in a Doc, in text order; an event's roles share their `local` number."""
    known = Arguments(doc, arguments)
    names: dict[object, str] = {a.ref: doc[a.start : a.end].text for a in reversed(arguments) if a.form == "NAME"}
    found: list[Proposal] = []
    local = 0
    for token in doc:
        for entry, slots in _candidates(token, known):
            filled = _filled(entry, slots)
            if not entry.pattern.need <= filled.keys() or _unfit(doc, entry, filled, names):
                continue
            proposals = list(_said(doc, token, entry, filled, local))
            local += any(p.event for p in proposals)
            found += proposals
    found = _joined(found)
    found += read_nominal(doc, arguments, known)
    sources = Attributions(doc, arguments)
    found = [replace(p, source=sources.of(p.start, p.end)) for p in found]
    return sorted(found, key=lambda p: (p.start, p.end, p.event, p.local, p.label, p.object.start))


_STAFF = frozenset(
    {
        "salarie",
        "employe",
        "collaborateur",
        "personne",
        "agent",
        "travailleur",
        "ouvrier",
        "ingenieur",
        "emploi",
        "effectif",
    }
)


def _unfit(doc: Doc, entry: Entry, filled: dict[str, list[Argument]], names: dict[object, str]) -> bool:
    """Whether what fills a claim is of the wrong sort within its type: no chief executive of a ministry, no subscribers as staff."""
    for claim in entry.frame.claims:
        for a in filled.get(claim.right, ()):
            if claim.property == "chiefExecutiveOf" and organization_kind(names.get(a.ref, "")) not in (
                None,
                "Company",
            ):
                return True
            if claim.property == "employees" and not any(
                fold(t.lemma_) in _STAFF or fold(t.text).rstrip("s") in _STAFF for t in doc[a.start : a.end]
            ):
                return True
    return False


def _candidates(token: Token, known: Arguments) -> Iterator[tuple[Entry, Slots]]:
    table = index()
    if token.pos_ in ("VERB", "AUX", "ADJ"):
        entries = table.get(("verb", fold(token.lemma_)), ()) or table.get(("verb", token.text.lower()), ())
        for entry in entries:
            pattern = entry.pattern
            if is_reflexive(token) != pattern.reflexive:
                continue
            via = _via(token, pattern.via)
            if via is not None or not pattern.via:
                yield entry, Slots(token, known, "verb", via)
    if token.pos_ in ("NOUN", "ADJ", "PROPN"):
        entries = table.get(("noun", fold(token.lemma_)), ()) or table.get(("noun", fold(token.text)), ())
        for entry in entries:
            yield entry, Slots(token, known, "noun", light=_light(token, entry.pattern.light))


def _via(verb: Token, nouns: frozenset[str]) -> Token | None:
    """The noun that a verb must govern."""
    if not nouns:
        return None
    for c in verb.children:
        if c.dep_ in ("obj", "obl:arg", "obl:mod", "obl", "xcomp", "nsubj:pass", "iobj", "advmod"):
            if fold(c.lemma_) in nouns or fold(c.text) in nouns:
                return c
            for g in c.children:  # "10 % du capital"
                if g.dep_ in ("nmod", "obj") and fold(g.lemma_) in nouns:
                    return g
    return None


def _light(noun: Token, verbs: frozenset[str]) -> Token | None:
    """The verb that lends a noun its subject."""
    head = noun.head
    if noun.dep_ in ("obj", "obl:arg", "obl:mod", "iobj", "xcomp", "nsubj:pass") and fold(head.lemma_) in verbs:
        return head
    return None


def _filled(entry: Entry, slots: Slots) -> dict[str, list[Argument]]:
    """The roles that the first filled of their slots gives; nobody fills two roles."""
    result: dict[str, list[Argument]] = {}
    taken: set[object] = set()
    for role, names in entry.pattern.roles.items():
        kinds = entry.frame.types[role]
        for name in names:
            found = [a for a in slots.fill(name, kinds) if a.kind in kinds and a.ref not in taken]
            if found:
                result[role] = found
                taken |= {a.ref for a in found}
                break
    return result


def _said(doc: Doc, token: Token, entry: Entry, filled: dict[str, list[Argument]], local: int) -> Iterator[Proposal]:
    frame, pattern = entry.frame, entry.pattern
    modality, period = _how(doc, token, entry)
    rule = f"{frame.name}/{pattern.words[0] if len(pattern.words) == 1 else fold(token.lemma_)}"
    spans = [a for group in filled.values() for a in group]
    start, end = min(token.i, *(a.start for a in spans)), max(token.i + 1, *(a.end for a in spans))
    for claim in frame.claims:
        for left, right in product(filled.get(claim.left, ()), filled.get(claim.right, ())):
            if left.ref != right.ref:
                yield Proposal(
                    claim.property, right, start, end, left, "", -1, modality, period, None, frame.confidence, rule
                )
    if frame.event:
        for role, fillers in filled.items():
            for filler in fillers:
                yield Proposal(
                    role if role in EVENTS[frame.event] else "party",
                    filler,
                    start,
                    end,
                    None,
                    frame.event,
                    local,
                    modality,
                    "Current",
                    None,
                    frame.confidence,
                    rule,
                )


def _how(doc: Doc, token: Token, entry: Entry) -> tuple[Modality, Period]:
    """Modality and period; what describes (nouns without an event) is asserted, what is settled is not a plan."""
    frame, pattern = entry.frame, entry.pattern
    period, _ = since(doc, token.i, frame.state)
    if pattern.kind == "noun" and not frame.event:
        predicate = any(c.dep_ == "cop" for c in token.children)
        modality: Modality = judged(doc, token.i)[0] if predicate else "Asserted"
    else:
        modality, _ = judged(doc, token.i)
    if period == "Former" and not frame.event and modality == "Denied":
        modality = "Asserted"
    if frame.settled and modality == "Planned":
        modality = "Asserted"
    return modality, period if not frame.event or frame.state else "Current"


def _joined(found: list[Proposal]) -> list[Proposal]:
    """Events of one type about the same thing become one; their roles are pooled."""
    groups: dict[int, list[Proposal]] = {}
    for p in found:
        if p.event:
            groups.setdefault(p.local, []).append(p)
    same: dict[tuple[str, object], int] = {}
    target: dict[int, int] = {}
    for local in sorted(groups):
        roles = groups[local]
        wanted = ANCHORS[roles[0].event]
        held = next((p for role in wanted for p in roles if p.label == role), None)
        key = (roles[0].event, held.object.ref if held is not None else local)
        target[local] = same.setdefault(key, local)
    result: list[Proposal] = []
    seen: set[tuple[int, str, object]] = set()
    for p in found:
        if not p.event:
            result.append(p)
            continue
        local = target[p.local]
        first = groups[local][0]
        mark = (local, p.label, p.object.ref)
        if mark not in seen:
            seen.add(mark)
            result.append(replace(p, local=local, modality=first.modality, rule=first.rule))
    return result
