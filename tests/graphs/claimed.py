"""Readings from lines such as "A acquires B", for tests that are about the graph and not about reading."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence

from maille.records import (
    Article,
    Claim,
    Date,
    Entity,
    EntityRef,
    Event,
    EventRef,
    Modality,
    Passage,
    Period,
    Reading,
    Text,
    Value,
)


def reading_of(
    lines: Sequence[str],
    kinds: Mapping[str, str],
    title: str = "Un titre",
    modality: Modality = "Asserted",
    period: Period = "Current",
    *,
    url: str = "",
    source: str = "",
    published: dt.date | None = dt.date(2025, 4, 2),
) -> Reading:
    """A line is a sentence of the article and a claim: SUBJECT PROPERTY OBJECT.

    A subject "v:Acquisition" is an event; an object in quotes is a text, one of digits a date, else an entity.
    """
    text = title + "\n" + "".join(f"{number}. {line}\n" for number, line in enumerate(lines))
    key = hashlib.sha256(text.encode()).hexdigest()
    article = Article(key, text, title, len(title) + 1, url=url, source=source, published=published)
    events: dict[str, Event] = {}
    entities: dict[str, Entity] = {}
    claims = []
    for number, line in enumerate(lines):
        start = article.text.index(f"{number}. {line}") + len(f"{number}. ")
        found = re.fullmatch(r"(\S+) (\S+) (.+)", line)
        assert found is not None
        subject, prop, value = found.groups()
        name, _, kind = subject.partition(":")
        if kind:
            events.setdefault(name, Event(name, kind, Passage(start, start + len(name), name)))
        for entity in [name] * (not kind) + [value] * (value in kinds):
            entities[entity] = Entity(entity, kinds[entity], entity)
        claims.append(
            Claim(
                EventRef(name) if kind else EntityRef(name),
                prop,
                EntityRef(value) if value in kinds else _value(value),
                Passage(start, start + len(line), line),
                modality,
                period,
                confidence=0.9,
                rule="test",
            )
        )
    return Reading(article, tuple(entities.values()), tuple(events.values()), tuple(claims))


def _value(written: str) -> Value:
    return Text(written.strip("'")) if written.startswith("'") else Date(written)
