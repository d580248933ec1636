"""Who says it: statements by verbs of saying, and the source that a stretch of text is attributed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.frames.clause import Arguments, doer, is_passive, is_relative, prepositions
from maille.extract.frames.proposal import Proposal, Source
from maille.extract.speech import is_speech
from maille.language import fold
from maille.language.tables import rows

SPEAKERS = ("Person", "Organization")
_MEDIUM = frozenset({"sur", "dans", "a", "aupres", "via", "devant", "chez"})
_WEAK = frozenset(
    {
        "lancer",
        "publier",
        "ecrire",
        "promettre",
        "esperer",
        "souhaiter",
        "evoquer",
        "relever",
        "poursuivre",
        "defendre",
        "noter",
        "opposer",
        "prevoir",
        "repondre",
        "saluer",
        "soutenir",
        "nier",
        "contester",
        "critiquer",
        "appeler",
        "vanter",
        "raconter",
        "decrire",
        "juger",
        "douter",
        "reveler",
        "rapporter",
        "observer",
        "tempeter",
        "trancher",
        "savourer",
    }
)
_NEXT = 14
SURE, INVERTED, ORGANIZATION = 0.8, 0.85, 0.6


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: the verb, its speaker, where and when it was said, and whether the words are quoted."""

    verb: Token
    speaker: Argument
    medium: Argument | None
    date: Argument | None
    direct: bool
    confidence: float


def read_statements(doc: Doc, arguments: Sequence[Argument]) -> list[Said]:
    """What is reported of named speakers; adjacent sentences of one speaker are one statement."""
    known = Arguments(doc, arguments)
    quoted = _quoted(doc)
    found = [s for token in doc for s in _at(token, known, quoted)]
    return list(_merged(sorted(found, key=lambda s: (s.verb.i, s.speaker.start))))


def _at(token: Token, known: Arguments, quoted: Sequence[bool]) -> Iterator[Said]:
    """The statement that a token brings: a verb of saying, any verb between a quotation and a name, or "selon X"."""
    if quoted[token.i]:
        return
    if says(token) or _makes_known(token):
        yield from _said(token, known, quoted)
    elif (
        token.pos_ in ("VERB", "AUX", "ADJ", "NOUN", "PROPN")
        and not is_relative(token.nbor(-1) if token.i else token)
        and _closes_quotation(token)
    ):
        after = _following(token, known, near=True)
        if after is not None and after.kind == "Person":
            yield Said(token, after, None, _date(token, known), True, SURE)
    elif fold(token.text) == "selon" or (
        fold(token.text) == "apres" and token.i and fold(token.nbor(-1).text) in ("d'", "d")
    ):
        for _, _, source in _according(token, known):
            if source.speaker is not None:
                sure = SURE if source.speaker.kind == "Person" else ORGANIZATION
                yield Said(token, source.speaker, None, None, True, sure)


_ENDINGS = frozenset(
    {"e", "es", "ent", "ait", "aient", "a", "erent", "ee", "ees", "era", "eront", "erait", "eraient", "ant"}
)


@cache
def _stems() -> frozenset[str]:
    return frozenset(fold(row[0])[:-2] for row in rows("speech_verbs.tsv") if row[0].endswith("er"))


def says(token: Token) -> bool:
    """Whether a token is a verb of saying, by its lemma or, where the parser errs, by its form."""
    if is_speech(token):
        return True
    if token.pos_ not in ("VERB", "AUX", "ADJ"):
        return False
    word = fold(token.text)
    return any(
        word[: len(word) - k] in _stems() and word[len(word) - k :] in _ENDINGS
        for k in range(1, 7)
        if len(word) > k + 2
    )


def _makes_known(token: Token) -> bool:
    """ "a fait savoir", "croit savoir"."""
    return fold(token.text) == "savoir" and any(
        fold(t.text) in _KNOWING for t in token.doc[max(token.i - 3, 0) : token.i]
    )


_KNOWING = frozenset({"fait", "faire", "croit", "fit", "font", "croyait", "laisse"})


def _start_of(verb: Token) -> int:
    """Where the verb's own words begin: "s'est", "a-t-il", "l'a"."""
    doc, start = verb.doc, verb.i
    while (
        start > 0
        and (
            doc[start - 1].pos_ in ("AUX", "PRON", "ADV")
            or fold(doc[start - 1].text).strip("'-") in ("t", "s", "l", "", "se")
        )
        and doc[start - 1].text not in (",", "»")
    ):
        start -= 1
    return start


def _closes_quotation(verb: Token) -> bool:
    """Whether a verb comes right after a closed quotation and a comma."""
    doc, start = verb.doc, _start_of(verb)
    return (start > 1 and doc[start - 1].text == "," and doc[start - 2].text in ("»", "”")) or (
        start > 0 and doc[start - 1].text in ("»", "”")
    )


def _quoted(doc: Doc) -> list[bool]:
    """Whether each token stands inside quotation marks."""
    inside, result = False, []
    for t in doc:
        if t.text in ("«", "“") or (t.text == '"' and not inside):
            inside = True
        elif t.text in ("»", "”") or (t.text == '"' and inside):
            inside = False
        result.append(inside)
    return result


def _said(verb: Token, known: Arguments, quoted: Sequence[bool]) -> Iterator[Said]:
    known_to = _makes_known(verb)
    if quoted[verb.i] or _negated(verb) or verb.dep_ in ("acl", "amod") or is_passive(verb) or _impersonal(verb):
        return
    if "Inf" in verb.morph.get("VerbForm", []) and not known_to:
        return
    quote = any(t.text in "«»“”" for t in verb.sent) or (
        verb.sent.start > 1 and any(t.text in "»”" for t in verb.doc[verb.sent.start - 2 : verb.sent.start])
    )
    clause = known_to or any(
        c.dep_ == "ccomp" or (c.dep_ in ("obj", "xcomp") and c.pos_ in ("VERB", "AUX")) for c in verb.children
    )
    speaker, inverted = _speaker(verb, known)
    if fold(verb.lemma_) == "condamner" or speaker is None or (fold(verb.lemma_) in _WEAK and not (quote or clause)):
        return
    if not (quote or clause or inverted):
        return
    if speaker.kind == "Organization" and not (quote or inverted):
        return
    sure = ORGANIZATION if speaker.kind == "Organization" else INVERTED if inverted else SURE
    yield Said(verb, speaker, _medium(verb, known, speaker), _date(verb, known), quote, sure)


def _speaker(verb: Token, known: Arguments) -> tuple[Argument | None, bool]:
    """The speaker and whether it follows its verb ("..., a dit X")."""
    after = _following(verb, known)
    if after is not None:
        return after, True
    subject = doer(verb)
    if subject is None or is_relative(subject):
        return None, False
    named = known.of(subject, SPEAKERS)
    return (named[0] if named else None), bool(named) and named[0].start > verb.i


def _following(verb: Token, known: Arguments, near: bool = False) -> Argument | None:
    """The speaker of an inverted clause after a quotation: a name after the verb, titles between them aside."""
    doc, start = verb.doc, _start_of(verb)
    if not (start > 0 and doc[start - 1].text in (",", "»", "”", "?", "!", "…")):
        return None
    own = next((c for c in verb.children if c.dep_ == "nsubj" and c.i > start), None)
    if own is not None:
        named = known.of(own, SPEAKERS)
        if named:
            return named[0]
    pronoun = next((known.at(i, SPEAKERS) for i in range(start, verb.i) if known.at(i, SPEAKERS) is not None), None)
    if pronoun is not None and pronoun.form == "PRONOUN" and doc[pronoun.start].text.startswith("-"):
        return pronoun
    for i in range(verb.i + 1, min(verb.i + (5 if near else _NEXT), len(doc))):
        t = doc[i]
        if t.text in (".", ";", "»", "«", ":") or t.pos_ in ("VERB", "SCONJ", "CCONJ") or is_relative(t):
            return None
        found = known.at(i, ("Person",)) or (known.at(i, ("Organization",)) if i <= verb.i + 3 else None)
        if found is not None and not (found.label == "ORG" and known.labelled(i - 2, ("JOB",)) is not None):
            return found
    return None


def _impersonal(verb: Token) -> bool:
    """ "dit-on"."""
    return any(fold(t.text).strip("-'") == "on" for t in verb.doc[max(verb.i - 1, 0) : verb.i + 3])


def _negated(verb: Token) -> bool:
    return any(c.dep_ == "advmod" and fold(c.text) in ("pas", "jamais", "rien") for c in verb.children)


def _medium(verb: Token, known: Arguments, speaker: Argument) -> Argument | None:
    """On which channel or to which paper it was said."""
    for c in verb.children:
        if c.dep_ in ("obl:mod", "obl:arg", "obl", "iobj", "nmod", "obj") and prepositions(c) in _MEDIUM:
            for a in known.of(c, ("Organization", "Product")):
                if a.ref != speaker.ref and a.form == "NAME":
                    return a
    return None


def _date(verb: Token, known: Arguments) -> Argument | None:
    for c in verb.children:
        a = known.at(c.i, ("date",))
        if a is not None and c.dep_ in ("obl:mod", "obl", "advmod", "nmod", "obl:arg", "obj"):
            return a
    return known.at(verb.i + 1, ("date",)) if verb.i + 1 < len(verb.doc) else None


def _merged(found: Sequence[Said]) -> Iterator[Said]:
    last: dict[object, Said] = {}
    for s in found:
        before = last.get(s.speaker.ref)
        last[s.speaker.ref] = s
        if before is None or s.verb.sent.start > before.verb.sent.end:
            yield s


def statement_proposals(found: Sequence[Said], local: int = 0) -> list[Proposal]:
    """Statements as events; numbering starts at `local`."""
    result = []
    for k, s in enumerate(found, local):
        rule = f"statement/{fold(s.verb.lemma_)}"
        roles = [("speaker", s.speaker), ("medium", s.medium), ("date", s.date)]
        for role, a in roles:
            if a is not None:
                start, end = min(s.verb.i, a.start), max(s.verb.i + 1, a.end)
                result.append(
                    Proposal(role, a, start, end, None, "Statement", k, "Asserted", "Current", None, s.confidence, rule)
                )
    return result


def attribution_of(doc: Doc, span: tuple[int, int], arguments: Sequence[Argument]) -> Source | None:
    """The source of tokens [start, end): "selon X", the speaker of the clause they stand in, or sources told as text.

    A source is an argument, or where it names nobody known the tokens of its words ("des documents internes").
    """
    return Attributions(doc, arguments).of(*span)


class Attributions:
    """The sources of a Doc, found once."""

    def __init__(self, doc: Doc, arguments: Sequence[Argument]) -> None:
        known = Arguments(doc, arguments)
        quoted = _quoted(doc)
        self._spans: list[tuple[int, int, Source]] = []
        for token in doc:
            self._spans += _according(token, known)
            if says(token) or fold(token.lemma_) in ("affirmer", "savoir", "croire"):
                self._spans += _reported(token, known, quoted)

    def of(self, start: int, end: int) -> Source | None:
        """The narrowest source whose words hold tokens [start, end); nobody else's words are its own source."""
        held = [(e - s, s, source) for s, e, source in self._spans if s <= start and end <= e]
        held = [h for h in held if not (h[2].start < end and start < h[2].end)] or held
        return min(held, key=lambda h: h[:2])[2] if held else None


def _according(token: Token, known: Arguments) -> Iterator[tuple[int, int, Source]]:
    """ "selon X", "d'après X", "de source proche du dossier"."""
    word, doc = fold(token.text), token.doc
    after = word == "apres" and token.i > 0 and fold(doc[token.i - 1].text).startswith("d")
    if not (word in ("selon", "suivant") or after or word == "dixit"):
        return
    first = token.i + 1
    if first >= len(doc):
        return
    sent = token.sent
    found = next(
        (
            known.at(i, SPEAKERS)
            for i in range(first, min(first + 6, sent.end))
            if _opening(doc, first, i) and known.at(i, SPEAKERS)
        ),
        None,
    )
    if found is not None and not _is_source_noun(doc, first, found.start):
        yield sent.start, sent.end, Source(found, found.start, found.end)
        return
    end = first
    while (
        end < sent.end
        and doc[end].text not in (",", ".", ";", ":", "»", "«", "(", ")")
        and doc[end].pos_ not in ("VERB", "AUX")
        and end < first + 10
    ):
        end += 1
    if end > first:
        yield sent.start, sent.end, Source(None, first, end)


_SOURCE_NOUNS = frozenset(
    {
        "source",
        "document",
        "proche",
        "information",
        "rumeur",
        "media",
        "presse",
        "expert",
        "analyste",
        "enqueteur",
        "courriel",
        "note",
        "rapport",
        "etude",
    }
)


def _is_source_noun(doc: Doc, first: int, stop: int) -> bool:
    """Whether a noun for a source stands before a name: "des documents internes de X"."""
    return any(
        fold(doc[i].lemma_) in _SOURCE_NOUNS or fold(doc[i].text).rstrip("s") in _SOURCE_NOUNS
        for i in range(first, stop)
    )


def _opening(doc: Doc, first: int, i: int) -> bool:
    return all(
        doc[k].pos_ not in ("VERB", "AUX", "CCONJ") and doc[k].text not in (".", ";", "»") for k in range(first, i)
    )


def _reported(verb: Token, known: Arguments, quoted: Sequence[bool]) -> Iterator[tuple[int, int, Source]]:
    speaker, inverted = _speaker(verb, known)
    sent = verb.sent
    subject = doer(verb)
    if speaker is None and subject is not None and subject.pos_ == "NOUN" and not is_relative(subject):
        words = sorted(t.i for t in subject.subtree if t.i - subject.i < 8)
        source = Source(None, words[0], words[-1] + 1, quoted[max(verb.i - 2, 0)])
    elif speaker is not None:
        source = Source(speaker, speaker.start, speaker.end, any(quoted[i] for i in range(sent.start, sent.end)))
    else:
        return
    if inverted or (subject is not None and subject.i > verb.i):
        start = sent.start
        while start > 0 and quoted[start - 1]:
            start -= 1
        yield start, verb.i + 1, source
        return
    for c in verb.children:
        if c.i > verb.i and c.dep_ in ("ccomp", "xcomp", "obj", "parataxis"):
            yield c.left_edge.i, max(c.right_edge.i + 1, c.i + 1), source
    if verb.dep_ in ("parataxis",) and verb.head.i < verb.i:
        yield sent.start, verb.left_edge.i, source
