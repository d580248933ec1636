"""Who speaks: statements by speech verbs with a named subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.learned import Link
from maille.language import fold
from maille.language.tables import rows
from maille.records import EntityRef

SURE = 0.85
"""Confidence of a statement read off a speech verb and its subject."""

_SUBJECT = ("nsubj", "nsubj:caus")
_OBLIQUE = ("obl:mod", "obl:arg", "obl", "nmod", "iobj", "obj")
_MEDIUM = ("sur", "dans", "a", "au", "aupres", "via")


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody says something: the verb, the speaker, and the medium and date where they are told."""

    verb: Token
    speaker: Argument
    medium: Argument | None
    dates: tuple[Argument, ...]


@cache
def _verbs() -> frozenset[str]:
    return frozenset(fold(row[0]) for row in rows("speech_verbs.tsv"))


def is_speech(verb: Token) -> bool:
    """Whether a token is a verb of saying, by its lemma."""
    return verb.pos_ == "VERB" and fold(verb.lemma_) in _verbs()


class Speakers:
    """The arguments of a Doc by token, for looking up subjects and complements."""

    def __init__(self, arguments: Sequence[Argument]) -> None:
        self._at: dict[int, Argument] = {}
        for a in sorted(arguments, key=lambda a: a.end - a.start, reverse=True):
            for i in range(a.start, a.end):
                self._at[i] = a

    def of(self, token: Token) -> Argument | None:
        """The argument that a syntactic head stands for: at the token, else in its apposition or name parts."""
        if token.i in self._at and isinstance(self._at[token.i].ref, EntityRef):
            return self._at[token.i]
        for child in token.children:
            beside = child.dep_ in ("appos", "flat:name") or (
                child.dep_ == "nmod" and not any(c.dep_ == "case" for c in child.children)
            )
            if beside and child.i in self._at and isinstance(self._at[child.i].ref, EntityRef):
                return self._at[child.i]  # "la start-up Aubelune"
        return None

    def within(self, token: Token, kinds: Sequence[str]) -> Iterator[Argument]:
        """Arguments of these kinds anywhere in the subtree of a token."""
        seen = set()
        for t in token.subtree:
            a = self._at.get(t.i)
            if a is not None and a.kind in kinds and a not in seen:
                seen.add(a)
                yield a

    def at(self, i: int) -> Argument | None:
        """The argument that covers token `i`."""
        return self._at.get(i)


def statements(doc: Doc, arguments: Sequence[Argument]) -> list[Statement]:
    """Speech verbs whose subject is a person or an organization known to the reading."""
    lookup = Speakers(arguments)
    found = []
    for token in doc:
        if not is_speech(token) or any(
            c.dep_ == "advmod" and fold(c.text) in ("pas", "jamais", "rien") for c in token.children
        ):
            continue
        subject = _subject(token)
        speaker = lookup.of(subject) if subject is not None else None
        if speaker is None or speaker.kind not in ("Person", "Organization") or not _reports(token, speaker):
            continue
        medium = next(
            (
                a
                for c in token.children
                if c.dep_ in _OBLIQUE and _case(c) in _MEDIUM
                for a in [lookup.of(c)]
                if a is not None and a.kind in ("Organization", "Product") and a.ref != speaker.ref
            ),
            None,
        )
        dates = tuple(
            a
            for c in token.children
            if c.dep_ in ("obl:mod", "obl", "obl:arg", "nmod", "advmod")
            for a in [lookup.at(c.i)]
            if a is not None and a.kind == "date"
        )
        found.append(Statement(token, speaker, medium, dates))
    return found


def statement_links(found: Sequence[Statement]) -> list[Link]:
    """Statements in the form of links, so that they join those of the learned reader."""
    links = []
    for s in found:
        links.append(
            Link("Statement.speaker", s.speaker, s.speaker, SURE, "Asserted", "Current", f"speech/{s.verb.lemma_}")
        )
        if s.medium is not None:
            links.append(
                Link("Statement.medium", s.speaker, s.medium, SURE, "Asserted", "Current", f"speech/{s.verb.lemma_}")
            )
        links += [
            Link("Statement.date", s.speaker, d, SURE, "Asserted", "Current", f"speech/{s.verb.lemma_}")
            for d in s.dates
        ]
    return links


def _subject(verb: Token) -> Token | None:
    """The subject of a verb, its own or the one it shares in coordination or control."""
    for _ in range(3):
        subject = next((c for c in verb.children if c.dep_ in _SUBJECT), None)
        if subject is not None:
            return subject
        if verb.dep_ in ("conj", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
            verb = verb.head
        else:
            return None
    return None


def _reports(verb: Token, speaker: Argument) -> bool:
    """Whether the verb has something said beside it: a clause, a quotation, an object, or it stands in a quotation's tail."""
    if any(c.dep_ in ("ccomp", "parataxis", "dislocated") for c in verb.children):
        return True
    if speaker.kind == "Person" and any(c.dep_ in ("obj", "xcomp", "obl:arg") for c in verb.children):
        return True  # what a firm "publishes" or "launches" is rarely a word
    if verb.dep_ in ("parataxis", "ccomp", "conj") or any(t.text in '«»"“”' for t in verb.sent):
        return True
    return verb.dep_ == "ROOT" and speaker.start > verb.i


def _case(token: Token) -> str:
    return next((fold(c.text) for c in token.children if c.dep_ == "case"), "")
