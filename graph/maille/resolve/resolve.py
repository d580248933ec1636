"""Entities from mentions: names first, then descriptions and pronouns through their learned antecedents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from maille.language import fold, place_kind
from maille.language.tables import rows
from maille.records import Entity, Mention
from maille.resolve.mentions import FoundMention, Resolution
from maille.resolve.names import initials_of, introduced, is_acronym, same_organization, same_person, surname, tokens

TOP = {"PER": "Person", "ORG": "Organization", "LOC": "Place", "PROD": "Product", "EVENT": "Event"}
ENOUGH = 0.4
"""Least probability mass on one entity for a description or pronoun to refer to it."""


@dataclass(slots=True)
class _Cluster:
    """Mentions taken to name one entity, while names are being gathered."""

    label: str
    members: list[int] = field(default_factory=list)
    names: dict[tuple[str, ...], str] = field(default_factory=dict)


@cache
def _described() -> dict[str, str]:
    return {fold(noun): label for noun, label in rows("description_types.tsv")}


@cache
def _organization_words() -> tuple[tuple[str, str], ...]:
    return tuple((fold(word), kind) for word, kind in rows("organization_kinds.tsv"))


def resolve(text: str, found: Sequence[FoundMention]) -> Resolution:
    """Cluster names, then let each description and pronoun refer to the entity that most of its probability points at."""
    labels = _labels(found)
    clusters: list[_Cluster] = []
    home: list[int | None] = [None] * len(found)
    order = [i for i, m in enumerate(found) if m.label != "REF"]
    order.sort(key=lambda i: (labels[i] == "PER" and len(tokens(found[i].passage.text)) < 2, i))  # full names of persons first
    for i in order:
        name = tokens(found[i].passage.text)
        if not name:
            continue
        k = _home(text, found, clusters, i, labels[i], name)
        if k is None:
            k = len(clusters)
            clusters.append(_Cluster(labels[i]))
        clusters[k].members.append(i)
        clusters[k].names.setdefault(name, found[i].passage.text)
        home[i] = k
    certainty = [m.certainty for m in found]
    for i, m in enumerate(found):
        if m.label == "REF":
            home[i], certainty[i] = _referent(found, clusters, home, i)
    rank = {k: n for n, k in enumerate(sorted(range(len(clusters)), key=lambda k: min(clusters[k].members)))}
    entities = [_entity(f"e{rank[k] + 1}", clusters[k], [(i, found[i]) for i in range(len(found)) if home[i] == k]) for k in rank]
    keys = tuple(None if k is None else f"e{rank[k] + 1}" for k in home)
    return Resolution(tuple(entities), keys, tuple(certainty))


def _labels(found: Sequence[FoundMention]) -> list[str]:
    """Each name's label, by the summed certainty of all mentions of the same words."""
    votes: dict[tuple[str, ...], Counter[str]] = {}
    for m in found:
        if m.label != "REF":
            votes.setdefault(tokens(m.passage.text), Counter())[m.label] += m.certainty  # type: ignore[assignment]
    return [m.label if m.label == "REF" else max(sorted(votes[tokens(m.passage.text)]), key=votes[tokens(m.passage.text)].__getitem__) for m in found]


def _home(text: str, found: Sequence[FoundMention], clusters: Sequence[_Cluster], i: int, label: str, name: tuple[str, ...]) -> int | None:
    """The cluster that mention `i` belongs to, None for a new one."""
    own = found[i].passage
    same = [k for k, c in enumerate(clusters) if c.label == label]
    for k in same:
        if name in clusters[k].names:
            return k
    if label == "PER":
        if len(name) > 1:
            hits = [k for k in same if any(same_person(name, other) for other in clusters[k].names)]
            hits = hits or [k for k in same if any(surname(name, other) for other in clusters[k].names)]
        else:
            hits = [k for k in same if any(surname(name, other) for other in clusters[k].names)]
            hits = hits or [k for k in same if any(len(other) > 1 and other[0] == name[0] for other in clusters[k].names)]
        return _latest(found, clusters, hits, i)
    if label == "ORG":
        hits = [k for k in same if any(same_organization(name, other) for other in clusters[k].names)]
        if len(hits) == 1:
            return hits[0]
    for k in same:
        for other in clusters[k].names.values():
            if initials_of(own.text, other) or initials_of(other, own.text):
                return k
        last = found[clusters[k].members[-1]].passage
        if last.end <= own.start and introduced(own.text, last.text, text[last.end:own.start]):
            return k
    return None


def _latest(found: Sequence[FoundMention], clusters: Sequence[_Cluster], hits: Sequence[int], i: int) -> int | None:
    """Of several candidates the one named last before mention `i`, else the first named after it."""
    if not hits:
        return None
    at = found[i].passage.start
    before = lambda k: max((found[m].passage.start for m in clusters[k].members if found[m].passage.start < at), default=-1)  # noqa: E731
    return max(hits, key=lambda k: (before(k), -k))


def _referent(found: Sequence[FoundMention], clusters: Sequence[_Cluster], home: Sequence[int | None], i: int) -> tuple[int | None, float]:
    """The cluster a description or pronoun refers to and its probability; earlier references pass theirs on."""
    wanted = _wanted(found[i])
    mass: dict[int, float] = {}
    total = 0.0
    for j, p in found[i].antecedents:
        k = home[j] if found[j].label != "REF" or j < i else None
        if k is not None and wanted and clusters[k].label != wanted:
            continue
        total += p
        if k is not None:
            mass[k] = mass.get(k, 0.0) + p
    if not mass or not total:
        return None, 0.0
    best = max(sorted(mass), key=mass.__getitem__)
    share = mass[best] / max(total, 0.3)
    return (best, round(share, 3)) if share >= ENOUGH else (None, 0.0)


def _wanted(mention: FoundMention) -> str:
    """The type that the head noun of a description asks for, empty where any will do."""
    if mention.form != "NOMINAL":
        return ""
    words = re.findall(r"[\w-]+", fold(mention.passage.text))
    return next((_described()[w] for w in words if w in _described()), "")


def _entity(key: str, cluster: _Cluster, mentions: Sequence[tuple[int, FoundMention]]) -> Entity:
    """The entity of a cluster: its fullest name, its other names, all that refers to it."""
    surfaces = list(dict.fromkeys(_clean(m.passage.text) for _, m in mentions if m.label != "REF"))
    name = max(surfaces, key=lambda s: (len(tokens(s)), not is_acronym(s), len(s)))
    return Entity(key, _kind(cluster.label, surfaces), name, tuple(s for s in surfaces if s != name),
                  tuple(Mention(m.passage, m.form) for _, m in mentions))


def _clean(surface: str) -> str:
    return re.sub(r"\s+", " ", surface).strip(" «»\"“”'’,;")


def _kind(label: str, surfaces: Sequence[str]) -> str:
    if label == "LOC":
        return next((k for s in surfaces if (k := place_kind(s)) != "Place"), "Place")
    if label == "ORG":
        for surface in surfaces:
            padded = f" {' '.join(tokens(surface))} "
            for word, kind in _organization_words():
                if f" {' '.join(tokens(word))} " in padded:
                    return kind
    return TOP[label]
