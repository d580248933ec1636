"""Verbs of saying, and the arguments of a Doc looked up by their tokens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Token

from maille.extract.arguments import Argument
from maille.language import fold
from maille.language.tables import rows
from maille.records import EntityRef


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

    def at(self, i: int) -> Argument | None:
        """The argument that covers token `i`."""
        return self._at.get(i)
