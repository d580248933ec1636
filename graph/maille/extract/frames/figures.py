"""Figures of a company: the noun or verb that names one, the amount beside it, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.learned import Link
from maille.extract.mood import judged
from maille.extract.speech import Speakers
from maille.language import fold
from maille.records import EntityRef, Quantity

FIGURE = 0.7
"""Confidence of a figure read off its noun; measured on the development pieces."""
NEAR = 14


@cache
def _names() -> dict[str, tuple[str, str]]:
    text = (resources.files("maille.extract.frames") / "figures.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {fold(word).split("+")[0]: (relation, kind) for word, relation, kind in rows}


def read_figures(doc: Doc, arguments: Sequence[Argument], lookup: Speakers) -> Iterator[Link]:
    """Revenue, profit, valuation, headcount and users: each value goes with the nearest word that names such a figure."""
    for value in arguments:
        if value.kind not in ("money", "number"):
            continue
        name = _name(doc, value)
        if name is None:
            continue
        relation, token = name
        owner = owner_of(lookup, token) or (_subject(lookup, doc[value.start]) if value.kind == "number" else None)
        if owner is not None and owner.kind in ("Organization", "Product"):
            yield Link(relation, owner, value, FIGURE, judged(doc, _verb(token).i)[0], "Current", f"figure/{relation}")


def _verb(noun: Token) -> Token:
    """The verb of the clause that a figure's noun stands in, whose mood is the figure's; the noun where none is."""
    return next((t for t in (noun, *noun.ancestors) if t.pos_ in ("VERB", "AUX")), noun)


def _name(doc: Doc, value: Argument) -> tuple[str, Token] | None:
    """The property of the nearest fitting word before the value, or right behind it ("5 milliards de ventes")."""
    sentence = doc[value.start].sent
    if value.kind == "number" and isinstance(value.ref, Quantity):
        for token in doc[value.start : value.end]:
            found = _names().get(fold(token.lemma_))
            if found is not None and found[1] == "number" and _counts_staff(doc, value, found[0]):
                return found[0], token
        return None
    for token in reversed(doc[max(sentence.start, value.start - NEAR) : value.start]):
        found = _names().get(fold(token.lemma_))
        if found is not None and found[1] == value.kind:
            return found[0], token
        if token.text in (";", ":") or any(t.like_num and t.i > token.i and t.i < value.start for t in (token,)):
            return None
    for token in doc[value.end : min(sentence.end, value.end + 4)]:
        found = _names().get(fold(token.lemma_))
        if found is not None and found[1] == value.kind and fold(doc[value.end].text).strip("'’") in ("de", "d"):
            return found[0], token
    return None


def _counts_staff(doc: Doc, value: Argument, relation: str) -> bool:
    """Whether a count is of all staff or users: the object of "compter", "employer", "avoir" and the like."""
    head = doc[value.start : value.end].root
    verb = head.head
    if relation == "employees":
        return fold(verb.lemma_) in ("compter", "employer", "occuper", "avoir", "revendiquer", "regrouper")
    return fold(verb.lemma_) in ("compter", "avoir", "revendiquer", "totaliser", "utiliser", "atteindre", "depasser")


def owner_of(lookup: Speakers, token: Token) -> Argument | None:
    """Whose a figure is: its possessive, its "de" complement, the object of "valoriser", else the subject of its clause."""
    for child in token.children:
        if child.dep_ == "det" and fold(child.text) in ("son", "sa", "ses", "leur", "leurs"):
            owner = lookup.at(child.i)
            if owner is not None and isinstance(owner.ref, EntityRef):
                return owner
    for child in token.children:
        if (
            child.dep_ in ("nmod", "obl:arg", "obl:mod", "obj")
            and (found := lookup.of(child)) is not None
            and (found.kind in ("Organization", "Product"))
        ):
            return found
    return _subject(lookup, token)


def _subject(lookup: Speakers, token: Token) -> Argument | None:
    """The subject of the nearest clause above a token; a participle's is the noun it describes."""
    for t in (token, *token.ancestors):
        if t.pos_ in ("VERB", "AUX", "NOUN", "ADJ"):
            subject = next((c for c in t.children if c.dep_ in ("nsubj", "nsubj:pass")), None)
            if subject is not None:
                if "Rel" in subject.morph.get("PronType", []) or fold(subject.text) in ("qui", "lequel", "laquelle"):
                    clause = next((a for a in (subject, *subject.ancestors) if a.dep_ == "acl:relcl"), None)
                    return lookup.of(clause.head) if clause is not None else None
                return lookup.of(subject)
            if t.dep_ == "acl" and (found := lookup.of(t.head)) is not None:
                return found
    return None
