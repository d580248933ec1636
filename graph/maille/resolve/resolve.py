"""Entities from mentions: names first, then the descriptions and pronouns that refer to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from maille.language import description_of, is_description_noun, organization_kind, place_kind
from maille.records import Entity, Mention
from maille.resolve.clusters import Cluster, cluster_names, words_of
from maille.resolve.mentions import FoundMention, Resolution
from maille.resolve.names import clean, is_acronym, without_title
from maille.resolve.references import resolve_references
from maille.vocabulary import top_class

TOP = {"PER": "Person", "ORG": "Organization", "LOC": "Place", "PROD": "Product", "EVENT": "Event"}


def resolve(text: str, found: Sequence[FoundMention]) -> Resolution:
    """Cluster the names of `found`; each description and pronoun then refers to one of the clusters or to nothing."""
    found = [_as_description(m) for m in found]
    clusters, home = cluster_names(text, found)
    certainty = resolve_references(text, found, clusters, home)
    entities = tuple(
        _entity(f"e{k + 1}", cluster, [m for m, h in zip(found, home, strict=True) if h == k])
        for k, cluster in enumerate(clusters)
    )
    keys = tuple(None if k is None else f"e{k + 1}" for k in home)
    return Resolution(entities, keys, tuple(certainty))


def _as_description(mention: FoundMention) -> FoundMention:
    """A "name" that is a common noun in small letters ("groupe") is a description after all."""
    text = mention.passage.text
    if mention.label == "REF" or text != text.lower() or not is_description_noun(text):
        return mention
    return replace(mention, label="REF", form="NOMINAL")


def _entity(key: str, cluster: Cluster, mentions: Sequence[FoundMention]) -> Entity:
    """The entity of a cluster: its fullest name, its other names, all that refers to it."""
    ordered = sorted(mentions, key=lambda m: m.passage)
    spelling = without_title if cluster.label == "PER" else clean
    surfaces = Counter(spelling(m.passage.text) for m in ordered if m.label != "REF")
    first = {s: -n for n, s in enumerate(surfaces)}
    name = max(surfaces, key=lambda s: (not is_acronym(s), len(words_of(cluster.label, s)), surfaces[s], first[s]))
    descriptions = [m.passage.text for m in mentions if m.form == "NOMINAL"]
    aliases = tuple(s for s in surfaces if s != name)
    kind = _kind(cluster.label, [name, *surfaces], descriptions)
    return Entity(key, kind, name, aliases, tuple(Mention(m.passage, m.form) for m in ordered))


def _kind(label: str, surfaces: Sequence[str], descriptions: Sequence[str]) -> str:
    """The finest class that names and descriptions tell."""
    told: list[str] = []
    if label == "LOC":
        told = [kind for kind in map(place_kind, surfaces) if kind != "Place"]
    if label == "ORG":
        told = [kind for kind in map(organization_kind, surfaces) if kind]
    return told[0] if told else _described(label, descriptions)


def _described(label: str, descriptions: Sequence[str]) -> str:
    """The class that most descriptions imply, the label's own where none does."""
    told = [d.kind for text in descriptions if (d := description_of(text)) is not None and d.kind]
    fitting = Counter(kind for kind in told if top_class(kind) == TOP[label])
    return max(sorted(fitting), key=fitting.__getitem__) if fitting else TOP[label]
