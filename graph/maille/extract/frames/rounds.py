"""Funding rounds: who raises how much, at which valuation, from whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.frames.figures import owner_of
from maille.extract.learned import Link
from maille.extract.mood import judged
from maille.extract.speech import Speakers
from maille.language import fold
from maille.records import Modality

ROUND = 0.8
_NOUNS = ("levee", "tour", "financement", "augmentation")
_QUALIFIED = {"tour": ("table", "financement"), "augmentation": ("capital",), "financement": ()}
_JOIN = ("participer", "souscrire", "contribuer", "abonder", "mener", "diriger", "conduire")


def _is_round(noun: Token) -> bool:
    """Whether a noun names a round: levée (de fonds), tour de table, augmentation de capital."""
    word = fold(noun.lemma_)
    if noun.pos_ != "NOUN" or word not in _NOUNS:
        return False
    wanted = _QUALIFIED.get(word)
    return not wanted or any(fold(c.lemma_) in wanted for c in noun.children)


def read_rounds(doc: Doc, arguments: Sequence[Argument], lookup: Speakers) -> Iterator[Link]:
    """Links of FundingRound events anchored at the recipient, and what they imply of investors."""
    recipient: Argument | None = None
    for token in doc:
        if (
            token.pos_ == "VERB"
            and fold(token.lemma_) in ("lever", "collecter", "recolter")
            and (amount := _money(lookup, token))
        ):
            found = owner_of(lookup, token)
            if found is not None and found.kind == "Organization":
                recipient = found
                yield from _round(found, amount, judged(doc, token.i)[0])
                yield from _investors(lookup, token, found, judged(doc, token.i)[0])
        elif _is_round(token):
            amount = _money(lookup, token)
            found = owner_of(lookup, token)
            if amount is not None and found is not None and found.kind == "Organization":
                recipient = found
                yield from _round(found, amount, judged(doc, token.i)[0])
            if recipient is not None:
                yield from _joined(doc, lookup, token, recipient)
        elif fold(token.lemma_) == "valoriser" and recipient is not None and (amount := _money(lookup, token)):
            yield Link("FundingRound.valuation", recipient, amount, ROUND, "Asserted", "Current", "round/valuation")


def _money(lookup: Speakers, token: Token) -> Argument | None:
    """The amount under a verb or noun: its object or complement."""
    for child in token.children:
        for t in (child, *child.children):
            found = lookup.at(t.i)
            if (
                found is not None
                and found.kind == "money"
                and child.dep_ in ("obj", "nmod", "obl:arg", "obl:mod", "obl", "appos")
            ):
                return found
    return None


def _round(recipient: Argument, amount: Argument, modality: Modality) -> Iterator[Link]:
    yield Link("FundingRound.recipient", recipient, recipient, ROUND, modality, "Current", "round/recipient")
    yield Link("FundingRound.amount", recipient, amount, ROUND, modality, "Current", "round/amount")


def _investors(lookup: Speakers, verb: Token, recipient: Argument, modality: Modality) -> Iterator[Link]:
    """Those from whom money is raised: "auprès de X, Y et Z"."""
    for child in verb.children:
        if any(c.dep_ == "case" and fold(c.text) == "aupres" for c in child.children):
            for t in (child, *(c for c in child.subtree if c.dep_ == "conj")):
                investor = lookup.of(t)
                if investor is not None and investor.ref != recipient.ref:
                    yield from _puts_in(investor, recipient, modality)


def _joined(doc: Doc, lookup: Speakers, noun: Token, recipient: Argument) -> Iterator[Link]:
    """Those who take part in a round told before: "X participera à cette levée", "mené par X"."""
    verb = noun.head
    if verb.pos_ == "VERB" and fold(verb.lemma_) in _JOIN:
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        investor = lookup.of(subject) if subject is not None else None
        if investor is not None and investor.ref != recipient.ref and investor.kind in ("Organization", "Person"):
            yield from _puts_in(investor, recipient, judged(doc, verb.i)[0])


def _puts_in(investor: Argument, recipient: Argument, modality: Modality) -> Iterator[Link]:
    yield Link("FundingRound.investor", recipient, investor, ROUND, modality, "Current", "round/investor")
    yield Link("investsIn", investor, recipient, ROUND, modality, "Current", "round/investor")
