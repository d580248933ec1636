"""The judge: every claim that pair scores or frames propose, weighed once, so that its confidence is a probability.

What speaks for a candidate is the pair score, the frame that found it, the words of its sentences, and how it stands
among its rivals: the same property of other values, other properties of the same two ends, the event that it belongs to.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from spacy.tokens import Doc

from maille.extract.arguments import Argument
from maille.extract.joint import FIGURES, IMPLIED, POSTS
from maille.extract.learned import PER_MENTION, Link, ends_of
from maille.extract.mood import compared, lasting
from maille.extract.mood import judged as judged_mood
from maille.language import fold
from maille.records import Modality, Text

ONE_KIND = frozenset({"lead_label", "counterpart", "anchor", "is_anchor", "role_above", "event"})
"""Features of relations only or of roles only; all others weigh anew where a role is judged ("role odds")."""
NONE = -6.0
"""The log odds of a candidate that the pair scores did not propose."""
CONTENT = ("VERB", "NOUN", "ADJ", "ADV", "ADP")
COUNTERPARTS = {relation: roles[:3] for relation, roles in IMPLIED.items()} | {
    "investsIn": ("FundingRound", "investor", "recipient"),
    "develops": ("ProductRelease", "agent", "product"),
    "chiefExecutiveOf": ("Appointment", "person", "organization"),
    "leads": ("Appointment", "person", "organization"),
    "worksFor": ("Appointment", "person", "organization"),
}
"""A relation -> the event that often goes with it, and the roles of its two ends."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal before judgement: what both readers say of one label and two ends; 0 where a reader is silent."""

    link: Link
    learned: float
    framed: float
    frame: str


Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic model: weights of the features with an intercept called "bias", an offset for each label and each frame
    ("label:acquires", "frame:title"), and the words that go with a label."""

    weights: Mapping[str, float]
    offsets: Mapping[str, float]
    words: Mapping[str, Mapping[str, float]]

    def probability(self, marks: Iterable[str], features: Features) -> float:
        """The probability that a candidate with these marks and features holds."""
        total = self.weights["bias"] + sum(self.offsets.get(mark, 0.0) for mark in marks)
        total += sum(self.weights[name] * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def default() -> Judge:
    """The judge shipped with the package."""
    data = json.loads((resources.files("maille.extract") / "judge.json").read_text("utf-8"))
    return Judge(data["weights"], data["offsets"], data["words"])


STANDING = POSTS | {"jobTitle", "memberOf", "partnersWith", "shareholderOf"}
"""Relations that last from some day on."""

DEALS = frozenset(
    {
        "acquires",
        "investsIn",
        "shareholderOf",
        "stake",
        "mergesWith",
        "partnersWith",
        "sues",
        "supplies",
        "revenue",
        "netIncome",
    }
)
"""Relations that a verb brings about, so that its mood is theirs; a country or a post is not planned by the clause around it."""


def mooded(doc: Doc, c: Candidate) -> Link:
    """The link of a candidate with a mood that words of the text bear out.

    What may come to be is not over, nor is a post or a holding "depuis 2019"; a figure that another is measured against ("contre 9 millions") is. A denial that no frame read needs a negation over one of its ends, else it is only
    possible. A deal that is asserted takes the mood that the clauses of both its ends agree on, or that of the later sentence.
    """
    x = c.link
    if x.period == "Former" and x.modality in ("Planned", "Possible", "Conditional"):
        x = replace(x, period="Current")
    if x.period == "Former" and x.label in STANDING and any(lasting(doc, a.end) for a in (x.left, x.right)):
        x = replace(x, period="Current")
    if x.label in FIGURES and compared(doc, x.right.start, x.right.end):
        return replace(x, modality="Asserted", period="Former")
    if c.framed:
        return x
    ends = sorted((x.left, x.right), key=lambda a: a.start)
    if x.modality == "Denied":
        told = {_mood_at(doc, a) for a in ends}
        return x if "Denied" in told else replace(x, modality=min(told - {"Asserted"}, default="Possible"))
    if x.modality != "Asserted" or (x.event or x.label) not in DEALS | MOODED_EVENTS:
        return x
    if doc[ends[0].start].sent != doc[ends[1].start].sent:
        ends = ends[1:]  # the later sentence says what is new
    told = {_mood_at(doc, a) for a in ends}
    return replace(x, modality=told.pop()) if len(told) == 1 else x


def _mood_at(doc: Doc, argument: Argument) -> Modality:
    """The mood of the clause that an argument stands in."""
    return judged_mood(doc, doc[argument.start : argument.end].root.head.i)[0]


MOODED_EVENTS = frozenset(
    {"Acquisition", "Investment", "Merger", "PublicOffering", "FundingRound", "Partnership", "Layoff", "Gathering"}
)


def marks(c: Candidate) -> tuple[str, ...]:
    """What a candidate's offsets hang on: its label, and the frame that found it."""
    label = f"label:{c.link.label}"
    return (label, f"frame:{c.frame.partition('/')[0]}") if c.frame else (label,)


def judged(doc: Doc, learned: Iterable[Link], framed: Iterable[Link], judge: Judge | None = None) -> list[Link]:
    """All links that either reader proposes, each with the probability that it holds."""
    judge = judge or default()
    found = candidates(learned, framed)
    told = described(doc, found, judge.words)
    return [
        replace(mooded(doc, c), confidence=judge.probability(marks(c), f)) for c, f in zip(found, told, strict=True)
    ]


def candidates(learned: Iterable[Link], framed: Iterable[Link]) -> list[Candidate]:
    """Proposals of both readers joined by label and ends (a statement also by where it is), in text order."""
    found: dict[tuple[object, ...], Candidate] = {}
    for x in sorted(learned, key=lambda x: -x.confidence):
        found.setdefault(_key(x), Candidate(x, x.confidence, 0.0, ""))
    for x in sorted(framed, key=lambda x: -x.confidence):
        key = _key(x)
        other = found.get(key)
        if other is None:
            found[key] = Candidate(x, 0.0, x.confidence, x.rule)
        elif not other.framed:
            found[key] = Candidate(_joined(other.link, x), other.learned, x.confidence, x.rule)
    return sorted(found.values(), key=lambda c: _order(c.link))


def _order(x: Link) -> tuple[int, int, str, str]:
    return (x.left.start, x.right.start, x.label, repr(x.right.ref))


def _key(x: Link) -> tuple[object, ...]:
    return (x.label, *ends_of(x.label, x.left, x.right), x.left.start if x.event in PER_MENTION else -1)


def _joined(learned: Link, framed: Link) -> Link:
    """One link of both: the frame's words stand closer together, and mood tells of plans and denials more surely than the
    pair."""
    modality = framed.modality if learned.modality in ("Asserted", "Denied") else learned.modality
    period = learned.period if framed.period == "Current" else framed.period
    return replace(framed, modality=modality, period=period, rule=f"{learned.rule} + {framed.rule}")


def log_odds(p: float) -> float:
    """Log odds of a probability, within six either way."""
    return NONE if p <= 0 else max(NONE, min(6.0, math.log(max(p, 1e-6)) - math.log(max(1 - p, 1e-6))))


def described(doc: Doc, found: Sequence[Candidate], words: Mapping[str, Mapping[str, float]]) -> list[Features]:
    """The features of each candidate among all of its text; `words` gives for a label the words that go with it."""
    rivals = _Rivals(found)
    mentions: Counter[object] = Counter(a.ref for c in found for a in (c.link.left, c.link.right))
    crowd = _Crowd(found)
    near: dict[tuple[int, int], frozenset[str]] = {}
    told = []
    for c in found:
        span = _sentences(doc, c.link)
        if span not in near:
            near[span] = frozenset(_content(doc, *span))
        own = words.get(c.link.label, {})
        told.append(
            _features(doc, c, rivals, crowd, mentions, sorted((own[w] for w in near[span] & own.keys()), reverse=True))
        )
    return told


class _Crowd:
    """All ends of candidates in text order, to tell who else stands between two of them."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        ends = {(a.start, a.kind, a.ref) for c in found for a in (c.link.left, c.link.right)}
        self.ends = sorted(ends, key=lambda e: (e[0], e[1], repr(e[2])))
        self.starts = [e[0] for e in self.ends]

    def between(self, x: Link) -> int:
        """How many others of the kinds of both ends stand between them."""
        lo, hi = sorted((x.left, x.right), key=lambda a: a.start)
        inside = self.ends[bisect_left(self.starts, lo.end) : bisect_left(self.starts, hi.start)]
        kinds, own = {lo.kind, hi.kind}, (lo.ref, hi.ref)
        return len({ref for _, kind, ref in inside if kind in kinds and ref not in own})


FARTHEST = 12
"""Steps between the ends of a claim that no one sentence holds."""


def _steps(doc: Doc, a: Argument, b: Argument) -> int:
    """How many arcs of the parse lie between two arguments."""
    one, other = doc[a.start : a.end].root, doc[b.start : b.end].root
    above = {t.i: n for n, t in enumerate((one, *one.ancestors))}
    for n, t in enumerate((other, *other.ancestors)):
        if t.i in above:
            return min(FARTHEST, n + above[t.i])
    return FARTHEST


class _Rivals:
    """The best log odds by label and one end, by both ends, and of events."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        self.of_left: dict[object, list[tuple[float, object]]] = defaultdict(list)
        self.of_right: dict[object, list[tuple[float, object]]] = defaultdict(list)
        self.of_pair: dict[object, list[tuple[float, object]]] = defaultdict(list)
        self.anchor: dict[object, float] = {}
        self.roles: dict[object, list[tuple[float, object]]] = defaultdict(list)
        self.held: dict[object, float] = {}
        for c in found:
            x, odds = c.link, weight(c)
            self.of_left[x.label, x.left.ref].append((odds, x.right.ref))
            self.of_right[x.label, x.right.ref].append((odds, x.left.ref))
            if not x.event:
                self.of_pair[x.left.ref, x.right.ref].append((odds, x.label))
            elif x.left == x.right:
                key = (x.event, x.left.ref)
                self.anchor[key] = max(self.anchor.get(key, NONE), odds)
            else:
                self.roles[x.event, x.left.ref].append((odds, (x.role, x.right.ref)))
                self.held[x.event, x.role, x.right.ref] = max(self.held.get((x.event, x.role, x.right.ref), NONE), odds)

    def lead(self, table: Mapping[object, list[tuple[float, object]]], key: object, own: float, me: object) -> float:
        """How far `own` lies before (or behind) the best rival under `key`, within four."""
        others = [odds for odds, who in table.get(key, ()) if who != me]
        return max(-4.0, min(4.0, own - max(others, default=own - 4.0)))


def weight(c: Candidate) -> float:
    """One number for what both readers say."""
    return max(log_odds(c.learned), log_odds(0.6 * c.framed))


def _features(
    doc: Doc,
    c: Candidate,
    rivals: _Rivals,
    crowd: _Crowd,
    mentions: Mapping[object, int],
    hits: Sequence[float],
) -> Features:
    x, own = c.link, weight(c)
    lo, hi = sorted((x.left, x.right), key=lambda a: a.start)
    gap = max(0, hi.start - lo.end)
    anchor = x.left == x.right
    roles = sorted((odds for odds, who in rivals.roles.get((x.event, x.left.ref), ()) if who != (x.role, x.right.ref)))
    told = {
        "odds": log_odds(c.learned),
        "framed": log_odds(c.framed) if c.framed else -2.0,
        "silent": float(not c.learned),
        "only_learned": float(not c.framed),
        "word": hits[0] if hits else 0.0,
        "words": sum(hits[:4]),
        "no_word": float(not hits),
        "same_sentence": float(doc[lo.start].sent == doc[hi.end - 1].sent),
        "far": math.log1p(gap),
        "path": math.log1p(_steps(doc, lo, hi)),
        "crowd": math.log1p(crowd.between(x)),
        "left_reference": float(x.left.label == "REF"),
        "right_reference": float(x.right.label == "REF"),
        "left_pronoun": float(x.left.label == "REF" and x.left.end - x.left.start == 1),
        "certainty": min(x.left.certainty, x.right.certainty),
        "found": min(x.left.found, x.right.found),
        "verb_between": float(any(t.pos_ == "VERB" for t in doc[lo.end : hi.start])),
        "lead_value": 0.0 if anchor else rivals.lead(rivals.of_left, (x.label, x.left.ref), own, x.right.ref),
        "lead_owner": 0.0 if anchor else rivals.lead(rivals.of_right, (x.label, x.right.ref), own, x.left.ref),
        "lead_label": 0.0 if x.event else rivals.lead(rivals.of_pair, (x.left.ref, x.right.ref), own, x.label),
        "counterpart": _counterpart(x, rivals),
        "anchor": rivals.anchor.get((x.event, x.left.ref), NONE) if x.event and not anchor else 0.0,
        "is_anchor": float(anchor),
        "role_above": roles[-1] if x.event and roles else (NONE if x.event else 0.0),
        "event": float(bool(x.event)),
        "left_often": math.log1p(mentions[x.left.ref]),
        "right_often": math.log1p(mentions[x.right.ref]),
        "text": float(isinstance(x.right.ref, Text)),
        "first": float(lo.start < 60),
        "hedged": float(x.modality in ("Possible", "Conditional", "Denied")),
    }
    return told | {f"role {name}": value if x.event else 0.0 for name, value in told.items() if name not in ONE_KIND}


def _counterpart(x: Link, rivals: _Rivals) -> float:
    """The log odds of the event role that goes with a relation, zero where none does."""
    if x.event or x.label not in COUNTERPARTS:
        return 0.0
    event, one, other = COUNTERPARTS[x.label]
    return min(
        max(rivals.held.get((event, one, x.left.ref), NONE), rivals.anchor.get((event, x.left.ref), NONE)),
        max(rivals.held.get((event, other, x.right.ref), NONE), rivals.anchor.get((event, x.right.ref), NONE)),
    )


def context(doc: Doc, link: Link) -> list[str]:
    """Folded lemmas of the content words in the sentences that hold both ends."""
    return _content(doc, *_sentences(doc, link))


def _sentences(doc: Doc, link: Link) -> tuple[int, int]:
    """The tokens of the sentences that hold both ends, and of those between."""
    start, end = min(link.left.start, link.right.start), max(link.left.end, link.right.end)
    return doc[start].sent.start, doc[end - 1].sent.end


def _content(doc: Doc, start: int, end: int) -> list[str]:
    return [fold(t.lemma_) for t in doc[start:end] if t.pos_ in CONTENT]
