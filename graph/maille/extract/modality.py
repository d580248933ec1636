"""How sure a clause is said to be: the mood of its verb, the verbs and words above it, negation."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc, Token

from maille.extract.speech import is_speech
from maille.language import fold
from maille.language.tables import rows
from maille.records import Modality, Period

_NEGATION = frozenset({"pas", "plus", "jamais", "aucun", "aucune", "nullement", "guere"})
_FORMER = frozenset({"ancien", "ex"})


@cache
def _above() -> dict[str, Modality]:
    return {fold(word): kind for word, kind in rows("modality_words.tsv")}  # type: ignore[misc]


def _verb(token: Token) -> Token:
    """The verb of the clause a token stands in."""
    for t in (token, *token.ancestors):
        if t.pos_ in ("VERB", "AUX"):
            return t
    return token


def _finite(verb: Token) -> list[Token]:
    """The verb with its auxiliaries, where mood and tense are."""
    return [verb, *(c for c in verb.children if c.dep_.startswith("aux") or c.dep_ == "cop")]


def modality_of(doc: Doc, index: int) -> Modality:
    """The modality of the clause around token `index`.

    The press conditional is Possible, but under a past verb of saying the conditional is a future (Planned); future
    tenses and verbs of intention are Planned; negation is Denied; words above the clause come from modality_words.tsv.
    """
    verb = _verb(doc[index])
    own = _finite(verb)
    if any(c.dep_ in ("advmod", "det") and fold(c.text) in _NEGATION for t in own for c in t.children) and any(
        fold(c.text).strip("'’") in ("ne", "n") for t in own for c in t.children
    ):
        return "Denied"
    for t in (verb, *verb.ancestors):
        if t.sent != verb.sent:
            break
        kind = _above().get(fold(t.lemma_))
        if kind is not None and t is not verb and _governs(t, verb):
            return kind
        if any(c.dep_ == "mark" and fold(c.text) in ("si", "s'") for c in t.children) and t is verb:
            return "Conditional"
    moods = {m for t in own for m in t.morph.get("Mood", [])}
    if "Cnd" in moods:
        reported = (
            verb.dep_ in ("ccomp", "conj")
            and is_speech(verb.head)
            and not any("Pres" in c.morph.get("Tense", []) for c in (verb.head,))
        )
        return "Planned" if reported else "Possible"
    if any("Fut" in t.morph.get("Tense", []) for t in own):
        return "Planned"
    return "Asserted"


def _governs(upper: Token, verb: Token) -> bool:
    """Whether a verb stands as an infinitive or clause directly under another, coordination aside."""
    t = verb
    while t.dep_ == "conj":
        t = t.head
    return t.head == upper and t.dep_ in ("xcomp", "ccomp", "obj", "obl:arg", "advcl", "acl")


def period_of(doc: Doc, index: int) -> Period:
    """Former where the noun at `index` is said to be ancien, ex- or alors; else Current."""
    token = doc[index]
    near = [token, *token.children]
    if any(fold(t.lemma_) in _FORMER or fold(t.text).startswith("ex-") or fold(t.text) == "ex" for t in near):
        return "Former"
    if index and (fold(doc[index - 1].text) in ("ex", "ex-", "alors") or fold(doc[index - 1].lemma_) == "ancien"):
        return "Former"
    return "Current"
