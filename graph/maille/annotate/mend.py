"""Names that the mention finder cut wrongly, mended by how names are written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Doc, Span

from maille.language import fold, portfolio_end, post_class, takes_portfolio
from maille.language.tables import name_words, rows


@cache
def _honorifics() -> frozenset[str]:
    return frozenset(fold(row[0]).rstrip(".") for row in rows("honorifics.tsv"))


def mended(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """The spans with titles taken off names ("M. Wang"), and firms of several partners whole ("Clayton, Dubilier & Rice"),
    names without small words at their end, and what a minister is in charge of no organization ("ministre de l'Intérieur");
    an abbreviation that is a common noun ("IA") is no name, a demonstrative alone ("Cette" of "Cette étape") describes
    nobody, and a post set beside a name is a title ("Le maire, X")."""
    result: list[Span] = []
    words = [t.text for t in doc]
    charge = 0
    for span in found:
        if span.label_ in ("JOB", "REF") and takes_portfolio(span.text):
            charge = portfolio_end(words, span.end)
        if span.label_ in ("ORG", "LOC", "PROD") and (span.end <= charge or span.text in name_words("common")):
            continue
        if span.label_ == "REF" and fold(span.text) in name_words("demonstrative"):
            continue
        bare = _untitled(doc, span) if span.label_ == "PER" else _ended(doc, span)
        if bare is None:
            continue
        before = result[-1] if result else None
        if before is not None and _one_firm(doc, before, bare):
            result[-1] = _like(Span(doc, before.start, bare.end, label="ORG"), before)
        else:
            result.append(bare)
    return [_entitled(doc, result, i) for i in range(len(result))]


def _entitled(doc: Doc, found: Sequence[Span], i: int) -> Span:
    """A description right beside a name, with a comma between, that is a post is that person's title: "Le maire, X"."""
    span = found[i]
    if span.label_ != "REF" or len(span) < 2 or fold(span[0].text) not in ("le", "la", "l'"):
        return span
    if post_class(span[1:].text) not in ("chief", "head"):
        return span
    before, after = found[i - 1] if i else None, found[i + 1] if i + 1 < len(found) else None
    beside = (
        before is not None and before.label_ == "PER" and [t.text for t in doc[before.end : span.start]] == [","]
    ) or (after is not None and after.label_ == "PER" and [t.text for t in doc[span.end : after.start]] == [","])
    return _like(Span(doc, span.start + 1, span.end, label="JOB"), span) if beside else span


def _like(span: Span, model: Span) -> Span:
    span.id_ = model.id_
    return span


def _ended(doc: Doc, span: Span) -> Span:
    """A name without the small words at its end: "Championnats de Russie de"."""
    end = span.end
    if span.label_ in ("ORG", "PROD", "EVENT", "LOC"):
        while end > span.start + 1 and doc[end - 1].text.rstrip("'’") in name_words("small"):
            end -= 1
    return span if end == span.end else _like(Span(doc, span.start, end, label=span.label_), span)


def _untitled(doc: Doc, span: Span) -> Span | None:
    """A person's name without a title at its head; None where nothing else is in it."""
    start = span.start
    while start < span.end and fold(doc[start].text).rstrip(".") in _honorifics() and not _is_initial(doc, start, span):
        start += 1
    if start == span.end:
        return None
    return span if start == span.start else _like(Span(doc, start, span.end, label=span.label_), span)


def _is_initial(doc: Doc, i: int, span: Span) -> bool:
    """Whether "M." opens a full name ("M. Night Shyamalan"): at least two more words."""
    return doc[i].text in ("M.", "M") and span.end - i > 2


def _one_firm(doc: Doc, first: Span, second: Span) -> bool:
    """Two names with a comma between, the second of which holds "&": one name of partners."""
    if first.label_ not in ("ORG", "PER") or second.label_ != "ORG" or second.start - first.end != 1:
        return False
    inside = [t.text for t in second]
    return doc[first.end].text == "," and "&" in inside[1:] and len(first) <= 2
