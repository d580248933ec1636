"""Names gathered into clusters, one per named entity of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from maille.language import place_kind, places_of
from maille.resolve.mentions import FoundMention
from maille.resolve.names import (
    Words,
    abbreviates,
    clean,
    gender_of_person,
    honorific_gender,
    introduced,
    part_of_name,
    person_tokens,
    same_organization,
    same_person,
    same_place,
    shortened,
    surname,
    tokens,
)

DOUBTFUL = 0.65
"""Below this certainty a family name of a person in the text is taken for that person, whatever its label."""


@dataclass(slots=True)
class Cluster:
    """Mentions that name one entity: `names` maps words for comparison to a spelling, `gender` is m, f or ""."""

    label: str
    members: list[int] = field(default_factory=list)
    names: dict[Words, str] = field(default_factory=dict)
    gender: str = ""

    def join(self, i: int, name: Words, surface: str) -> None:
        """Add mention `i`."""
        self.members.append(i)
        self.names.setdefault(name, clean(surface))


def cluster_names(text: str, found: Sequence[FoundMention]) -> tuple[list[Cluster], list[int | None]]:
    """Clusters of the names in `found`, and each mention's cluster by its place (None for a description or pronoun)."""
    labels = voted_labels(found)
    clusters: list[Cluster] = []
    home: list[int | None] = [None] * len(found)
    named = (i for i, m in enumerate(found) if m.label != "REF")
    for i in sorted(named, key=lambda i: (_rank(labels[i], found[i]), i)):
        surface = found[i].passage.text
        name = words_of(labels[i], surface)
        if not name:
            continue
        k = _home(text, found, clusters, i, labels[i], name)
        if k is None:
            clusters.append(Cluster(labels[i]))
            k = len(clusters) - 1
        clusters[k].join(i, name, surface)
        if labels[i] == "PER" and not clusters[k].gender:
            clusters[k].gender = _title(text, found[i]) or gender_of_person(surface)
        home[i] = k
    _alias(text, found, clusters, home)
    return _compact(clusters, home)


def words_of(label: str, surface: str) -> Words:
    """The words by which names of a label are compared."""
    return person_tokens(surface) if label == "PER" else tokens(surface)


def _rank(label: str, mention: FoundMention) -> int:
    """Full names of persons go before bare ones, which may then join them."""
    return int(label == "PER" and len(person_tokens(mention.passage.text)) < 2)


def voted_labels(found: Sequence[FoundMention]) -> list[str]:
    """Each name's label by the summed certainty of all mentions of the same words.

    A word that ends a full name of a person keeps its own label where some of its mentions are PER ("Armani", the firm
    and the man), and is PER where no label of it is sure. An unknown "place" is a firm that the text names more fully.
    """
    votes: dict[Words, Counter[str]] = {}
    persons: set[Words] = set()
    for m in found:
        if m.label != "REF":
            words = tokens(m.passage.text)
            votes.setdefault(words, Counter())[m.label] += m.certainty  # type: ignore[assignment]
            if m.label == "PER" and len(words) > 1:
                persons.update(words[k:] for k in range(1, len(words)))
    best = {words: max(sorted(told), key=told.__getitem__) for words, told in votes.items()}
    firms = [words for words, label in best.items() if label == "ORG"]
    labels = []
    for m in found:
        words = tokens(m.passage.text)
        if m.label == "REF" or (words in persons and {"PER", "ORG"} <= set(votes[words])):
            labels.append(m.label)
        elif words in persons and m.certainty < DOUBTFUL:
            labels.append("PER")
        elif best[words] == "LOC" and _is_firm(words, m.passage.text, firms):
            labels.append("ORG")
        else:
            labels.append(best[words])
    return labels


def _is_firm(words: Words, surface: str, firms: Sequence[Words]) -> bool:
    """Whether a "place" that no gazetteer knows is an organization of the text under a shorter name: Groupe Aldrin, Aldrin."""
    if place_kind(surface) != "Place" or places_of(surface):
        return False
    return any(other != words and same_organization(words, other) for other in firms)


def _home(
    text: str, found: Sequence[FoundMention], clusters: Sequence[Cluster], i: int, label: str, name: Words
) -> int | None:
    """The cluster that the name of mention `i` belongs to, None for a new one."""
    same = [k for k, c in enumerate(clusters) if c.label == label]
    for k in same:
        if name in clusters[k].names and not (label == "PER" and len(name) == 1):
            return k
    if label == "PER":
        return _person(text, found, clusters, same, i, name)
    surface = found[i].passage.text
    if label == "LOC":
        equal = (k for k in same if any(same_place(surface, other) for other in clusters[k].names.values()))
        return next(equal, None)
    hits = _hits(clusters, same, lambda other: same_organization(name, other)) if label == "ORG" else []
    if len(hits) == 1:
        return hits[0]
    hits = [
        k
        for k in same
        for other in clusters[k].names.values()
        if abbreviates(clean(surface), other) or abbreviates(other, clean(surface))
    ]
    if len(set(hits)) == 1:
        return hits[0]
    if label == "ORG":
        hits = _hits(clusters, same, lambda other: shortened(name, other))
        if len(hits) == 1 and not _extended(found, name, clusters[hits[0]]):
            return hits[0]
    return None


def _extended(found: Sequence[FoundMention], name: Words, cluster: Cluster) -> bool:
    """Whether other names of the text hold `name` too, so that it cannot be short for one of them."""
    others = {tokens(m.passage.text) for m in found if m.label in ("ORG", "PROD", "PER")} - set(cluster.names) - {name}
    return any(other[: len(name)] == name or other[-len(name) :] == name for other in others)


def _hits(clusters: Sequence[Cluster], among: Sequence[int], agrees: Callable[[Words], bool]) -> list[int]:
    return [k for k in among if any(agrees(other) for other in clusters[k].names)]


def _title(text: str, mention: FoundMention) -> str:
    """The gender that a title before a name shows."""
    start = mention.passage.start
    return honorific_gender(text[max(0, start - 16) : start], mention.passage.text)


def _person(
    text: str, found: Sequence[FoundMention], clusters: Sequence[Cluster], same: Sequence[int], i: int, name: Words
) -> int | None:
    """The person that a name means: full names must agree, a bare one goes to the most prominent bearer."""
    full = _hits(clusters, same, lambda other: same_person(name, other)) if len(name) > 1 else []
    if full:
        return full[0]
    gender = _title(text, found[i])
    fitting = [k for k in same if {gender, clusters[k].gender} != {"m", "f"}]
    bearers = _hits(clusters, fitting, lambda other: surname(name, other))
    if bearers:
        return _prominent(found, clusters, bearers, i)
    equal = [k for k in same if name in clusters[k].names]
    if equal:
        return equal[0]
    parts = _hits(clusters, fitting, lambda other: part_of_name(name, other))
    return parts[0] if len(parts) == 1 else None


def _prominent(found: Sequence[FoundMention], clusters: Sequence[Cluster], bearers: Sequence[int], i: int) -> int:
    """Of several bearers of a family name the one named most often so far, the earliest of equals.

    A text keeps a bare family name for its main person and gives relatives their first names.
    """
    at = found[i].passage.start

    def weight(k: int) -> tuple[bool, int, int]:
        before = [m for m in clusters[k].members if found[m].passage.start < at]
        return (bool(before), len(before), -min(found[m].passage.start for m in clusters[k].members))

    return max(bearers, key=weight)


def _alias(text: str, found: Sequence[FoundMention], clusters: list[Cluster], home: list[int | None]) -> None:
    """Join clusters whose names the text itself equates: "X (ex-Y)"; an equation holds for the nearest two names."""
    order = sorted((i for i, k in enumerate(home) if k is not None), key=lambda i: found[i].passage)
    for i, j in pairwise(order):
        a, b, first, second = home[i], home[j], found[i].passage, found[j].passage
        if a is None or b is None or a == b or clusters[a].label != clusters[b].label or second.start - first.end > 40:
            continue
        if clusters[a].label == "LOC" or second.start < first.end:
            continue
        after = text[second.end : second.end + 2]
        if introduced(clean(first.text), clean(second.text), text[first.end : second.start], after):
            for m in clusters[b].members:
                home[m] = a
            clusters[a].members = sorted([*clusters[a].members, *clusters[b].members])
            clusters[a].names.update(clusters[b].names)
            clusters[b].members = []


def _compact(clusters: list[Cluster], home: list[int | None]) -> tuple[list[Cluster], list[int | None]]:
    """Clusters that still have members, in text order, and homes renumbered."""
    order = sorted((k for k, c in enumerate(clusters) if c.members), key=lambda k: min(clusters[k].members))
    rank = {k: n for n, k in enumerate(order)}
    return [clusters[k] for k in order], [None if k is None else rank[k] for k in home]
