"""The frame files: what words say which claims and events, checked against the vocabulary when they are read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from maille.errors import MailleError
from maille.language import fold
from maille.vocabulary import EVENTS, RELATIONS


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """A claim that follows when two roles of a frame are filled: `left` has `property` to `right`."""

    left: str
    property: str
    right: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in the marks of the training pieces and the lines that it gives; none for a counter-example."""

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words of one kind (verb or noun) with the slots that fill the roles.

    `via` are nouns that the verb must govern ("prendre une participation"), `light` the verbs whose subject a noun
    borrows ("procéder au rachat"); a `reflexive` verb needs "se".
    """

    kind: str
    words: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    need: frozenset[str]
    via: frozenset[str]
    light: frozenset[str]
    reflexive: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One relation or event: claims, types of its roles, patterns and examples.

    A `state` is over when its verb stands in a past tense; of what is `settled` a future is no mere plan.
    """

    name: str
    event: str
    claims: tuple[ClaimForm, ...]
    types: Mapping[str, tuple[str, ...]]
    patterns: tuple[Pattern, ...]
    examples: tuple[Example, ...]
    confidence: float
    state: bool
    settled: bool


_FRAME = {"name", "event", "claims", "types", "confidence", "state", "settled", "verb", "noun", "example"}
_PATTERN = {"words", "roles", "need", "via", "light", "reflexive"}
_KINDS = ("Person", "Organization", "Place", "Product", "Event", "date", "money", "number", "share", "text")


@cache
def frames() -> tuple[Frame, ...]:
    """All frames of the package, by file and place in the file; MailleError for an unknown property, role, type or key."""
    folder = resources.files("maille.extract.frames") / "data"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(frame for f in files for frame in parse(f.read_text("utf-8"), f.name))


def parse(text: str, name: str) -> tuple[Frame, ...]:
    """The frames of one file's text; `name` stands in messages."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MailleError(f"{name} is not TOML: {error}", "correct the line that is named") from error
    return tuple(_frame(entry, f"{name}: frame {entry.get('name', '?')!r}") for entry in data.get("frame", []))


def _known(value: str, known: Iterable[str], what: str, where: str) -> None:
    names = sorted(known)
    if value not in names:
        raise MailleError(f"{where} has the unknown {what} {value!r}", f"known: {', '.join(names)}")


def _frame(entry: dict[str, Any], where: str) -> Frame:
    for key in entry:
        _known(key, _FRAME, "key", where)
    event = entry.get("event", "")
    if event:
        _known(event, EVENTS, "event type", where)
    claims = tuple(_claim(line, where) for line in entry.get("claims", ()))
    types = _types(event, claims, entry.get("types", {}), where)
    patterns = tuple(_pattern(kind, p, types, claims, where) for kind in ("verb", "noun") for p in entry.get(kind, ()))
    examples = tuple(Example(e["text"], tuple(e.get("gives", ()))) for e in entry.get("example", ()))
    return Frame(
        entry["name"],
        event,
        claims,
        types,
        patterns,
        examples,
        float(entry.get("confidence", 0.8)),
        bool(entry.get("state")),
        bool(entry.get("settled")),
    )


def _claim(line: str, where: str) -> ClaimForm:
    parts = line.split()
    if len(parts) != 3:
        raise MailleError(f"{where} has the claim {line!r}", 'write "role property role"')
    _known(parts[1], RELATIONS, "property", where)
    return ClaimForm(*parts)


def _types(
    event: str, claims: Iterable[ClaimForm], given: Mapping[str, list[str]], where: str
) -> dict[str, tuple[str, ...]]:
    """The kinds allowed in each role: those given, else those that the event and all its claims allow."""
    types = {role: tuple(kinds) for role, kinds in EVENTS.get(event, {}).items()}
    for c in claims:
        for role, kinds in ((c.left, RELATIONS[c.property].subjects), (c.right, RELATIONS[c.property].objects)):
            kinds = ("share",) if c.property == "stake" and role == c.right else kinds
            types[role] = tuple(k for k in types.get(role, kinds) if k in kinds)
    for role, names in given.items():
        _known(role, types, "role", where)
        for kind in names:
            _known(kind, _KINDS, "type", where)
        types[role] = tuple(names)
    return types


def _pattern(
    kind: str, p: dict[str, Any], types: Mapping[str, tuple[str, ...]], claims: tuple[ClaimForm, ...], where: str
) -> Pattern:
    for key in p:
        _known(key, _PATTERN, "key", where)
    for role in p["roles"]:
        _known(role, types, "role", where)
    need = p.get("need") or ([claims[0].left, claims[0].right] if claims else list(p["roles"])[:2])
    for role in need:
        _known(role, p["roles"], "needed role", where)
    return Pattern(
        kind,
        tuple(p["words"]),
        {role: tuple(s if s[0] == ":" else fold(s) for s in slots.split("|")) for role, slots in p["roles"].items()},
        frozenset(need),
        frozenset(fold(w) for w in p.get("via", ())),
        frozenset(fold(w) for w in p.get("light", ())),
        bool(p.get("reflexive", False)),
    )


_ENDINGS = ("e", "ent", "ait", "aient", "a", "èrent", "era", "eront", "erait", "eraient", "é", "ée", "és", "ées", "ant")


@cache
def _listed() -> dict[str, tuple[str, ...]]:
    text = (resources.files("maille.extract.frames") / "forms.tsv").read_text("utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {verb: tuple(forms.split()) for verb, forms in pairs}


def verb_forms(verb: str) -> tuple[str, ...]:
    """Third persons and participles of a verb: by rule for -er, listed for others."""
    regular = tuple(verb[:-2] + ending for ending in _ENDINGS) if verb.endswith("er") else ()
    return (*regular, *_listed().get(verb, ()))


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern with its frame."""

    frame: Frame
    pattern: Pattern


@cache
def index() -> dict[tuple[str, str], tuple[Entry, ...]]:
    """Entries by kind and folded word; a verb stands under its forms too (with their accents), as lemmas may err."""
    table: dict[tuple[str, str], tuple[Entry, ...]] = {}
    for frame in frames():
        for pattern in frame.patterns:
            for word in pattern.words:
                for form in dict.fromkeys([fold(word), *(verb_forms(word) if pattern.kind == "verb" else ())]):
                    table[pattern.kind, form] = (*table.get((pattern.kind, form), ()), Entry(frame, pattern))
    return table


@cache
def states() -> frozenset[str]:
    """The folded verbs that all their frames count as states: a past tense of theirs tells what is over."""
    verbs: dict[str, bool] = {}
    for frame in frames():
        for pattern in frame.patterns:
            if pattern.kind == "verb" and not pattern.via:
                for word in pattern.words:
                    verbs[fold(word)] = verbs.get(fold(word), True) and frame.state
    return frozenset(word for word, state in verbs.items() if state)
