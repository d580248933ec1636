"""How sure and since when: mood and tense, the words that govern a clause, negation, conditions, each with its cue."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from spacy.tokens import Doc, Span, Token

from maille.extract.speech import is_speech
from maille.language import fold
from maille.records import Modality, Period
from maille.values.dates import Tense

_CONDITIONAL = re.compile(r"(?:er|dr|urr|evr|aur|ir)ai(?:t|ent)$")
_NEVER_IMPERFECT = re.compile(
    r"(?:er|(?<!g)endr|(?<!p)oudr|audr|ondr|[oae]indr|ttr|rdr|evr|mpr|pourr|courr|mourr|querr|^r?e?nverr|^re?verr|^verr|^s?aur)"
    r"ai(?:t|ent)$"
)
"""Conditionals that no imperfect looks like (prendrait, viendrait, mettrait; not restaurait, livrait)."""
_FUTURE = re.compile(r"(?:er|dr|urr|evr|aur|ir)(?:a|ont)$")
_ENDINGS = frozenset({"e", "es", "ent", "ait", "aient", "a", "ee", "ees", "era", "eront", "erait", "eraient", "ant"})


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files("maille.extract") / "mood.toml").read_text("utf-8"))


@cache
def _words(section: str) -> dict[str, Modality]:
    """Folded word -> modality, of one section of the data file."""
    return {fold(w): kind for kind, words in _data()[section].items() for w in words}


@cache
def _phrases(section: str) -> re.Pattern[str]:
    phrases = [fold(p) for p in _data()[section]["phrases"]]
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(p) + ("" if p.endswith("'") else r"(?!\w)") for p in phrases) + ")"
    )


def judged(doc: Doc, index: int) -> tuple[Modality, Span | None]:
    """The modality of what token `index` says, and the words that show it (None for a plain assertion).

    A noun that only describes somebody is Asserted; a participle does not share the mood of the clause it is set in.
    The press conditional is Possible, but after a past verb of saying it is a future, Planned.
    """
    token = doc[index]
    chain = list(_chain(token))
    denied = next((cue for t in chain if (cue := _negation(t)) is not None), None)
    if denied is not None:
        return "Denied", denied
    above = [(kind, t) for t in chain[1:] if (kind := _governing(t)) is not None]
    for kind, t in above:
        if kind == "Denied":
            return "Denied", doc[t.i : t.i + 1]
    top = chain[-1]
    condition = _condition(top, chain)
    mood, mood_cue = _mood(chain)
    if condition is not None and (mood != "Asserted" or above or _present(top)):
        return "Conditional", condition
    if mood == "Possible":
        return mood, mood_cue
    for wanted in ("Conditional", "Possible"):
        for kind, t in above:
            if kind == wanted:
                return kind, doc[t.i : t.i + 1]
    rumour = _rumour(token, chain)
    if rumour is not None:
        return "Possible", rumour
    planned = next((t for kind, t in above if kind == "Planned"), None)
    if mood == "Asserted" and planned is not None:
        return "Planned", doc[planned.i : planned.i + 1]
    return mood, mood_cue


def _chain(token: Token) -> Iterator[Token]:
    """The token and the words that govern it: from an event noun or an infinitive up to the verb that rules both."""
    yield token
    t = token
    for _ in range(6):
        head = t.head
        if head is t:
            return
        if t.dep_ == "conj" and head.pos_ in ("VERB", "AUX", "NOUN") and not _is_finite(t) and head.pos_ == t.pos_:
            if t.pos_ == "NOUN":
                return
            if _is_infinitive(t) and _is_finite(head):
                yield head  # "prévoit d'ouvrir ... et de lancer": no sibling of a finite verb, but ruled by it
            t = head
            continue
        infinitive = _is_infinitive(t)
        noun = t.pos_ == "NOUN" and not any(c.dep_ == "cop" for c in t.children)
        if noun and fold(t.lemma_) not in _happenings() and t is token:
            return
        rules = (
            t.dep_ in ("xcomp", "ccomp")
            or (t.dep_ in ("obj", "obl:arg", "nsubj:pass", "iobj") and (noun or infinitive))
            or (t.dep_ in ("nmod", "obl:mod") and noun and head.pos_ in ("NOUN", "VERB"))
            or (t.dep_ in ("acl", "advcl", "obl:mod", "obl:arg", "nmod") and infinitive)
            or (t.dep_ == "nsubj" and (noun or infinitive) and t.i < head.i)
        )
        if not rules:
            return
        yield head
        t = head


@cache
def _happenings() -> frozenset[str]:
    return frozenset(fold(w) for w in _data()["nouns"]["happenings"])


def _is_infinitive(verb: Token) -> bool:
    return "Inf" in verb.morph.get("VerbForm", []) or any(
        c.dep_ == "mark" and fold(c.text) in ("de", "a", "pour", "d'") for c in verb.children
    )


def _is_finite(verb: Token) -> bool:
    return any("Fin" in t.morph.get("VerbForm", []) for t in _finite(verb))


def _finite(verb: Token) -> list[Token]:
    return [verb, *(c for c in verb.children if c.dep_.startswith("aux") or c.dep_ == "cop")]


def _present(verb: Token) -> bool:
    return any("Pres" in t.morph.get("Tense", []) and "Fin" in t.morph.get("VerbForm", []) for t in _finite(verb))


def is_conditional(token: Token) -> bool:
    """Whether a verb form is a conditional, by its features or, where the parser errs, by its ending."""
    if "Cnd" in token.morph.get("Mood", []):
        return True
    word = token.text.lower()
    if token.pos_ not in ("VERB", "AUX") or not _CONDITIONAL.search(word):
        return False
    return "Imp" not in token.morph.get("Tense", []) or bool(_NEVER_IMPERFECT.search(word))


def is_future(token: Token) -> bool:
    """Whether a verb form is a future, by its features or, where the parser errs, by its ending."""
    if "Fut" in token.morph.get("Tense", []):
        return True
    return (
        token.pos_ in ("VERB", "AUX") and bool(_FUTURE.search(token.text.lower())) and not token.morph.get("Tense", [])
    )


def _mood(chain: list[Token]) -> tuple[Modality, Span | None]:
    """What the moods of the chain's verbs say; a conditional under a past verb of saying is a future."""
    doc = chain[0].doc
    for verb in chain:
        if verb.pos_ in ("NOUN", "PROPN") and not any(c.dep_ == "cop" for c in verb.children):
            continue
        for t in _finite(verb):
            if is_conditional(t):
                return ("Planned" if _reported(verb) else "Possible"), doc[t.i : t.i + 1]
            if is_future(t):
                return "Planned", doc[t.i : t.i + 1]
        if is_speech(verb) and verb is not chain[0]:
            break
    return "Asserted", None


def _reported(verb: Token) -> bool:
    """Whether a clause is what a past verb of saying reports."""
    t = verb
    while t.dep_ == "conj":
        t = t.head
    head = t.head
    if (
        t.dep_ not in ("ccomp", "obj", "xcomp")
        or not is_speech(head)
        or not any(fold(c.text) in ("que", "qu'") for c in t.children)
    ):
        return False
    if any(is_conditional(x) for x in _finite(head)):
        return False
    return not _present(head) or any(c.dep_.startswith("aux") for c in head.children)


_NEGATIVE = frozenset({"pas", "jamais", "aucun", "aucune", "nullement", "guere", "rien", "personne", "nul", "nulle"})


def _negation(verb: Token) -> Span | None:
    """The words that deny a verb, or None; "ne ... plus" ends a state and is not one, "ne ... que" is none either."""
    kids = [c for t in _finite(verb) for c in t.children]
    near = [
        *kids,
        *(g for c in kids if c.dep_ in ("obj", "nsubj", "nsubj:pass", "obl:mod", "obl:arg") for g in c.children),
    ]
    words = {fold(c.text).strip("'") for c in kids}
    doc = verb.doc
    if "ne" in words or "n" in words:
        for c in near:
            if fold(c.text) in _NEGATIVE and not (
                fold(c.text) == "pas"
                and c.i + 1 < len(doc)
                and fold(doc[c.i + 1].text) in ("moins", "seulement", "que")
            ):
                return doc[c.i : c.i + 1]
        for c in kids:
            if fold(c.text) == "ni":
                return doc[c.i : c.i + 1]
    for c in kids:
        if c.dep_ in ("mark", "case") and fold(c.text) == "sans":
            return doc[c.i : c.i + 1]
        if (
            fold(c.text) == "pas"
            and c.dep_ == "advmod"
            and verb.pos_ in ("VERB", "AUX")
            and c.i > 0
            and "n" not in words
        ):
            return doc[c.i : c.i + 1]
    return None


def _governing(t: Token) -> Modality | None:
    """What a governing verb or noun makes of what stands under it."""
    word = fold(t.lemma_)
    kind = _words("nouns_above").get(word) if t.pos_ == "NOUN" else _verb_kind(t)
    if kind is None:
        for c in t.children:  # "est en discussions pour", "a fait une offre pour"
            if c.dep_ in ("obl:mod", "obl:arg", "obj", "obl", "xcomp", "nmod") and c.pos_ == "NOUN":
                kind = _words("nouns_above").get(fold(c.lemma_))
                if kind is not None:
                    return kind
    if kind == "Possible" and any(is_future(x) for x in _finite(t)) and word == "pouvoir":
        return "Planned"
    return kind


def _verb_kind(t: Token) -> Modality | None:
    """The kind of a verb or adjective by lemma, by its listed form, or for verbs in -er by stem and ending."""
    found = _words("verbs").get(fold(t.lemma_)) or _words("forms").get(fold(t.text))
    if found is not None or t.pos_ not in ("VERB", "AUX", "ADJ"):
        return found
    word = fold(t.text)
    for k in range(1, 8):
        if word[len(word) - k :] in _ENDINGS and len(word) > k + 1:
            found = found or _words("verbs").get(word[: len(word) - k] + "er")
    return found


def _condition(top: Token, chain: list[Token]) -> Span | None:
    """The words that make a clause depend on something."""
    doc = top.doc
    for verb in chain:
        for c in verb.children:
            if c.dep_ in ("advcl", "obl:mod", "ccomp") and any(
                g.dep_ in ("mark", "advmod", "case") and fold(g.text) in ("si", "s'") and g.i < c.i for g in c.children
            ):
                return doc[c.left_edge.i : c.right_edge.i + 1]
    sent = top.sent
    match = _phrases("conditions").search(fold(sent.text))
    if match is not None and _same_clause(top, sent, match.start()):
        return sent
    return None


def _same_clause(top: Token, sent: Span, at: int) -> bool:
    """Whether the verb is the sentence's own, or the words stand in its clause."""
    root = next((t for t in sent if t.dep_ == "ROOT"), None)
    if top is root or (top.dep_ == "conj" and top.head is root):
        return True
    inside = [t for t in top.subtree if t.idx - sent.start_char <= at + 2 <= t.idx - sent.start_char + len(t) + 2]
    return bool(inside) or (is_speech(root) if root is not None else False)


def _rumour(token: Token, chain: list[Token]) -> Span | None:
    """A rumour or talks named beside the clause, or talks that are held "pour" what it says."""
    top = chain[-1]
    for t in chain:
        if any(c.dep_ == "mark" and fold(c.text) == "pour" for c in t.children):
            for w in t.doc[t.sent.start : t.i]:
                if _words("nouns_above").get(fold(w.lemma_)) == "Possible" and any(
                    c.dep_ == "case" and fold(c.text) == "en" for c in w.children
                ):
                    return w.doc[w.i : w.i + 1]
    if token.pos_ in ("NOUN", "PROPN") and len(chain) == 1 and fold(token.lemma_) not in _happenings():
        return None
    for c in top.children:
        if (
            c.dep_ in ("obl:mod", "obl", "nmod", "advcl")
            and any(fold(g.text) in ("selon", "apres") for g in c.children)
            and (fold(c.lemma_) in ("rumeur", "bruit"))
        ):
            return top.doc[c.left_edge.i : c.right_edge.i + 1]
    return None


_OVER = frozenset(
    {"ex", "ex-", "feu", "jadis", "naguere", "autrefois", "jusque-la", "jusqu'alors", "jusqu'ici", "auparavant"}
)


def since(doc: Doc, index: int, state: bool = False) -> tuple[Period, Span | None]:
    """Former where the words say that something is over, with those words.

    "ancien", "ex-", "jusque-là", "alors", "n'est plus", "fut", "jusqu'en 2020"; with `state` also the imperfect and the
    pluperfect of the verb itself ("dirigeait").
    """
    token = doc[index]
    start = max(index - 3, token.sent.start)
    for t in (*token.children, *(doc[i] for i in range(start, index))):
        word = fold(t.text).strip("'")
        over = fold(t.lemma_) == "ancien" or word in _OVER
        if over and (t.dep_ in ("amod", "advmod", "det", "compound", "obl:mod", "nmod", "dep") or t.i == index - 1):
            return "Former", doc[t.i : t.i + 1]
        if word == "alors" and t.i == index - 1:
            return "Former", doc[t.i : t.i + 1]
    if fold(token.text).startswith("ex-"):
        return "Former", doc[index : index + 1]
    for c in _subtree_heads(token):
        if fold(c.text) in ("jusqu'", "jusqu'en", "jusque") and not _future_near(token):
            return "Former", doc[c.i : c.i + 1]
    verbs = _finite(token) if token.pos_ in ("VERB", "AUX") or any(c.dep_ == "cop" for c in token.children) else []
    if any(fold(c.text) == "plus" for v in verbs for c in v.children) and any(
        fold(c.text).strip("'") in ("ne", "n") for v in verbs for c in v.children
    ):
        return "Former", doc[index : index + 1]
    for v in verbs:
        past = {"Past", "Imp"} & set(v.morph.get("Tense", [])) and "Fin" in v.morph.get("VerbForm", [])
        if v.dep_ == "cop" and (past or v.text.lower() in ("fut", "furent", "était", "étaient")):
            return "Former", doc[v.i : v.i + 1]
        if v.dep_ == "cop" and any(c.dep_.startswith("aux") for c in token.children) and v.text.lower() == "été":
            return "Former", doc[v.i : v.i + 1]
        if state and past:
            return "Former", doc[v.i : v.i + 1]
        if state and v.dep_.startswith("aux:tense") and v.text.lower() in ("avait", "avaient", "a", "ont", "eut"):
            return "Former", doc[v.i : v.i + 1]
    return "Current", None


_SOON = 4
"""Tokens after a name or title within which "depuis 2019" is told of it."""


def lasting(doc: Doc, end: int) -> bool:
    """Whether "depuis" follows closely on what ends at token `end`, in its sentence and without a "jusqu'": what began
    then still holds ("directrice générale depuis 2019, elle partira")."""
    following = [fold(t.text) for t in doc[end : min(end + _SOON, doc[end - 1].sent.end)]]
    return "depuis" in following and not any(word.startswith("jusqu") for word in following)


_REACH = 5
"""Tokens that may stand between "contre" and the figure that it compares with: "contre un bénéfice net de 9 millions"."""


def compared(doc: Doc, start: int, end: int) -> bool:
    """Whether the figure at tokens [start, end) is an earlier one that another is measured against."""
    before = frozenset(fold(w) for w in _data()["comparisons"]["before"])
    for t in reversed(doc[max(doc[start].sent.start, start - _REACH) : start]):
        if fold(t.text) in before:
            after = fold(doc[end : end + _REACH].text)
            return not any(fold(w) in after for w in _data()["comparisons"]["still"])
        if t.is_punct or t.pos_ in ("VERB", "AUX"):
            return False
    return False


@cache
def _ahead() -> frozenset[str]:
    return frozenset(fold(w) for w in _data()["dates"]["ahead"])


def tense(doc: Doc, index: int) -> Tense | None:
    """Which way the clause of a date at token `index` looks: ahead where a future, a plan or a modal rules it ("doit se
    réunir mardi"), back where its verb tells what was, None where neither shows."""
    verb = doc[index]
    for _ in range(len(verb.sent)):
        if verb.pos_ in ("VERB", "AUX") or verb.head == verb:
            break
        verb = verb.head
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    perfect = any(c.dep_.startswith("aux:tense") for c in verb.children)
    if fold(verb.text) in _ahead():
        return "past" if perfect else "future"
    kind, _ = judged(doc, verb.i)
    if kind in ("Planned", "Possible", "Conditional"):
        return "past" if perfect and kind != "Planned" else "future"
    told = any(
        {"Past", "Imp"} & set(v.morph.get("Tense", [])) and "Fin" in v.morph.get("VerbForm", []) for v in _finite(verb)
    )
    done = (
        verb.dep_ in ("acl", "advcl")
        and "Part" in verb.morph.get("VerbForm", [])
        and "Past" in verb.morph.get("Tense", [])
    )
    return "past" if perfect or told or done else None


def _subtree_heads(token: Token) -> Iterator[Token]:
    for c in token.children:
        if c.dep_ in ("obl:mod", "obl", "nmod", "advmod", "case", "obl:arg"):
            yield c
            yield from (g for g in c.children if g.dep_ in ("case", "advmod"))


def _future_near(token: Token) -> bool:
    return any(is_future(t) for t in (token, *_finite(token), token.head, *_finite(token.head)))
