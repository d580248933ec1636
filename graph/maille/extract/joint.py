"""What links say of one another: an acquisition is an Acquisition, a launch on a date is a ProductRelease."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from maille.extract.learned import PER_MENTION, Link, ends_of
from maille.language import is_head_of_government, is_minister, post_class
from maille.records import Text

IMPLIED = {
    # relation: (event type, role of its subject, role of its object, the role that anchors)
    "acquires": ("Acquisition", "buyer", "target", "target"),
    "releasedOn": ("ProductRelease", "product", "date", "product"),
    "mergesWith": ("Merger", "party", "party", "party"),
    "partnersWith": ("Partnership", "party", "party", "party"),
    "sues": ("LegalAction", "plaintiff", "defendant", "defendant"),
}
"""Relations that come with an event (contract), each as the roles of its two ends."""

FORWARD = 0.9
BACKWARD = 0.9
"""How far one side's probability carries over to the other; measured on the development part of the training pieces."""


def implied(links: Sequence[Link]) -> list[Link]:
    """The links together with those they imply, the surer of equals kept."""
    return _surest([*links, *_events(links), *_relations(links)])


def _events(links: Iterable[Link]) -> list[Link]:
    found = []
    for x in links:
        if x.label not in IMPLIED or x.period == "Former":
            continue
        kind, of_subject, of_object, anchor = IMPLIED[x.label]
        top, other, role = (x.left, x.right, of_object) if of_subject == anchor else (x.right, x.left, of_subject)
        sure = x.confidence * FORWARD
        found.append(replace(x, label=f"{kind}.{anchor}", left=top, right=top, confidence=sure))
        found.append(replace(x, label=f"{kind}.{role}", left=top, right=other, confidence=sure))
    return found


def _relations(links: Iterable[Link]) -> list[Link]:
    found = []
    for relation, (kind, of_subject, of_object, anchor) in IMPLIED.items():
        role = of_object if of_subject == anchor else of_subject
        for x in links:
            if x.label == f"{kind}.{role}" and x.left.ref != x.right.ref:
                left, right = (x.left, x.right) if of_subject == anchor else (x.right, x.left)
                found.append(replace(x, label=relation, left=left, right=right, confidence=x.confidence * BACKWARD))
    return found


FIGURES = frozenset({"revenue", "netIncome", "valuation", "funding", "employees", "users"})
EARNED = frozenset({"revenue", "netIncome"})
"""Figures that no price of a deal is."""
POSTS = frozenset({"chiefExecutiveOf", "leads", "worksFor"})
LED = ("directing/", "leading/")
"""Frames of verbs that say that somebody heads something, whatever the post is called."""


def agreed(learned: Sequence[Link], framed: Sequence[Link]) -> list[Link]:
    """The learned links that the frames do not contradict: of a post they know the kind by its title, of a figure by its noun.

    A verb ("diriger") tells no kind of post."""
    posts = {(x.left.ref, x.right.ref): x.label for x in framed if x.label in POSTS and not x.rule.startswith(LED)}
    figures = {(x.left.ref, x.right.ref): x.label for x in framed if x.rule.startswith("figure/")}

    def contradicted(x: Link) -> bool:
        ends = (x.left.ref, x.right.ref)
        if x.label in POSTS:
            return posts.get(ends, x.label) != x.label
        return x.label in FIGURES and figures.get(ends, x.label) != x.label

    return [x for x in learned if not contradicted(x)]


ONCE = frozenset({"birthDate", "deathDate", "bornIn", "diedIn", "foundedOn"})
"""Properties of which nothing has two values at a time."""
LIKELY = 0.3
"""How sure a title has to be to say what somebody does not lead."""
ONE_WAY = frozenset({"acquires", "subsidiaryOf", "shareholderOf", "investsIn", "supplies"})
"""Properties that hardly ever hold both ways between the same two."""


def consistent(links: Iterable[Link]) -> list[Link]:
    """The links without those that a surer one excludes: a second birth date, one amount as revenue and profit or of two
    firms, the price of a deal as revenue, a buyer bought by what it buys, a country led by its minister of the interior."""
    kept: list[Link] = []
    taken: set[tuple[object, ...]] = set()
    links = list(links)
    lesser, ministers = _lesser(links), _ministers(links)
    links = [_by_title(x, lesser) for x in links]
    for x in sorted(links, key=lambda x: (-x.confidence, x.left.start, x.right.start, x.label)):
        if x.label == "leads" and x.right.kind == "Place" and x.left.ref in ministers:
            continue
        marks, price = _excludes(x), ("price", x.right.start, x.right.ref)
        if marks & taken or (x.label in EARNED and price in taken):
            continue
        kept.append(x)
        taken |= marks | ({price} if x.role == "amount" else set())
    return _surest(kept)


def _lesser(links: Iterable[Link]) -> set[object]:
    """Those who bear titles, none of which heads anything: a chief financial officer, a spokesperson."""
    classes: dict[object, set[str]] = defaultdict(set)
    for x in links:
        if x.label == "jobTitle" and isinstance(x.right.ref, Text) and x.confidence >= LIKELY:
            classes[x.left.ref].add(post_class(x.right.ref.value))
    return {who for who, told in classes.items() if told <= {"other"}}


def _by_title(x: Link, lesser: set[object]) -> Link:
    """A post that only the pair scores told, after its holder's title."""
    if (
        x.label in ("chiefExecutiveOf", "leads")
        and x.left.ref in lesser
        and x.right.kind == "Organization"
        and x.rule == "pairs"
    ):
        return replace(x, label="worksFor")
    return x


def _ministers(links: Iterable[Link]) -> set[object]:
    """Those whose likely titles are a minister's and no head's: they lead a ministry, not the country."""
    titles: dict[object, list[str]] = defaultdict(list)
    for x in links:
        if x.label == "jobTitle" and isinstance(x.right.ref, Text) and x.confidence >= LIKELY and x.period == "Current":
            titles[x.left.ref].append(x.right.ref.value)
    return {who for who, told in titles.items() if any(map(_has_portfolio, told)) and all(map(_heads_nothing, told))}


def _has_portfolio(title: str) -> bool:
    return is_minister(title) and not is_head_of_government(title)


def _heads_nothing(title: str) -> bool:
    return _has_portfolio(title) or post_class(title) not in ("head", "chief")


def _excludes(x: Link) -> set[tuple[object, ...]]:
    """Marks of what a link rules out: no two links bear the same mark."""
    if x.event:
        return set()
    if x.label in ONCE:
        return {(x.label, x.left.ref, x.period)}
    if x.label in FIGURES:
        return {("figure", x.right.start, x.right.ref)}
    if x.label in ONE_WAY:
        ends = sorted((repr(x.left.ref), repr(x.right.ref)))
        return {(x.label, *ends)}
    return set()


def _surest(links: Iterable[Link]) -> list[Link]:
    """Each link once, the surest; statements of one speaker stay apart by where they are."""
    best: dict[tuple[object, ...], Link] = {}
    for x in links:
        key = (x.label, *ends_of(x.label, x.left, x.right), x.left.start if x.event in PER_MENTION else -1)
        if key not in best or x.confidence > best[key].confidence:
            best[key] = x
    return sorted(best.values(), key=lambda x: (x.left.start, x.right.start, x.label, repr(x.right.ref)))
