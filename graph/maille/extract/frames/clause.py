"""French clauses on a Universal Dependencies parse: who does what to whom, whatever the voice and the form.

A slot is a grammatical place (`subj`, `obj`, a preposition, `self`, `poss`, or `:kind` for a value) with the tokens or
arguments that fill it, after passives, relative clauses, participles, control and shared arguments are undone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.language import fold

_RELATIVE = frozenset({"qui", "que", "qu'", "dont", "lequel", "laquelle", "lesquels", "lesquelles", "ou"})
_OBJECT_CONTROL = frozenset(
    {
        "autoriser",
        "charger",
        "contraindre",
        "obliger",
        "inviter",
        "demander",
        "permettre",
        "proposer",
        "empecher",
        "accuser",
        "soupconner",
        "interdire",
        "ordonner",
        "aider",
        "laisser",
        "faire",
    }
)
_OBLIQUE = ("obl", "obl:mod", "obl:arg", "obl:agent", "iobj", "nmod", "advmod")
_PLAIN = {"du": "de", "des": "de", "d'": "de", "au": "a", "aux": "a", "de la": "de", "afin": "pour"}
_POSSESSIVE = frozenset({"son", "sa", "ses", "leur", "leurs", "notre", "nos", "mon", "ma"})
ENTITIES = ("Person", "Organization", "Place", "Product", "Event")


class Arguments:
    """The arguments of a Doc by token."""

    def __init__(self, doc: Doc, arguments: Sequence[Argument]) -> None:
        self.doc = doc
        self._at: dict[int, list[Argument]] = {}
        for a in sorted(arguments, key=lambda a: (a.end - a.start, a.start)):
            for i in range(a.start, a.end):
                self._at.setdefault(i, []).append(a)

    def at(self, i: int, kinds: Sequence[str] = ENTITIES) -> Argument | None:
        """The smallest argument of these kinds that covers token `i`; adjectives of places are none."""
        return next((a for a in self._at.get(i, ()) if a.kind in kinds and a.label != "NORP"), None)

    def labelled(self, i: int, labels: Sequence[str]) -> Argument | None:
        """The smallest argument with one of these labels that covers token `i`."""
        return next((a for a in self._at.get(i, ()) if a.label in labels), None)

    def of(self, token: Token, kinds: Sequence[str] = ENTITIES) -> list[Argument]:
        """What a head and its coordinates stand for; a relative pronoun for its noun, a common noun for the name beside it."""
        return list(self._of(token, kinds, 0))

    def _of(self, token: Token, kinds: Sequence[str], depth: int) -> Iterator[Argument]:
        if depth > 8:
            return
        if is_relative(token):
            clause = next((a for a in (token, *token.ancestors) if a.dep_ == "acl:relcl"), None)
            own = self.at(token.i, kinds)
            if own is not None and own.form == "PRONOUN":
                yield own
            elif clause is not None and clause.head.i < token.i:
                yield from self._of(clause.head, kinds, depth + 1)
            return
        found = self.at(token.i, kinds)
        if found is None:
            found = next((a for c in token.children if beside(c) for a in [self.at(c.i, kinds)] if a is not None), None)
        if found is not None:
            yield found
        for child in token.children:
            if child.dep_ == "conj" and child.pos_ not in ("VERB", "AUX"):
                yield from self._of(child, kinds, depth + 1)


def is_relative(token: Token) -> bool:
    """Whether a token is a relative pronoun."""
    return (
        fold(token.text) in _RELATIVE and token.pos_ in ("PRON", "ADV") and "Int" not in token.morph.get("PronType", [])
    )


def beside(token: Token) -> bool:
    """Whether a token names what its head describes: an apposition or a bare name after a noun."""
    if token.dep_ in ("appos", "flat:name", "flat", "flat:foreign"):
        return True
    return token.dep_ == "nmod" and token.pos_ in ("PROPN", "X", "NOUN") and not prepositions(token)


def prepositions(token: Token) -> str:
    """The folded preposition before a token, without a closing de or à: "auprès de" is "aupres", "au" is "a"."""
    words: list[str] = []
    for c in token.children:
        if c.dep_ == "case" and c.i < token.i:
            words += [fold(t.text) for t in (c, *(x for x in c.children if x.dep_ == "fixed"))]
    words = [_PLAIN.get(w, w) for w in words]
    while len(words) > 1 and words[-1] in ("de", "a", "le", "la", "l'"):
        words.pop()
    return " ".join(words)


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive, its auxiliary said or not."""
    if any(c.dep_ in ("nsubj:pass", "aux:pass") for c in verb.children):
        return True
    participle = "Part" in verb.morph.get("VerbForm", []) and "Pres" not in verb.morph.get("Tense", [])
    if any(c.dep_.startswith("aux") for c in verb.children) or not (participle or verb.pos_ == "ADJ"):
        return False
    return verb.dep_ in ("acl", "amod", "advcl", "ROOT", "conj", "appos", "acl:relcl", "nmod", "obl:mod")


def is_reflexive(verb: Token) -> bool:
    """Whether "se" stands before a verb."""
    return any(
        fold(c.text).strip("'") in ("se", "s", "m", "me", "nous")
        and (c.dep_.startswith("expl") or c.dep_ in ("obj", "iobj"))
        and c.i < verb.i
        and fold(c.text).strip("'") in ("se", "s")
        for c in verb.children
    )


def _child(token: Token, *deps: str) -> Token | None:
    return next((c for c in token.children if c.dep_ in deps), None)


def doer(verb: Token) -> Token | None:
    """The grammatical subject of a verb, its own or the one it shares or is controlled by."""
    start = verb
    for _ in range(5):
        own = _child(verb, "nsubj", "nsubj:pass", "nsubj:caus")
        if own is not None:
            return own
        head = verb.head
        if head is verb:
            return None
        if verb.dep_ == "acl:relcl":
            return None
        if verb.dep_ in ("acl", "amod"):
            if "Part" in verb.morph.get("VerbForm", []) or verb.pos_ == "ADJ":
                return head if verb is start or not is_passive(start) else None
            verb = head  # "l'intention de racheter": whose intention
            if head.dep_ not in ("obj", "obl:arg", "nsubj", "obl:mod", "xcomp"):
                return None
            verb = head.head if head.head is not head else head
            continue
        if verb.dep_ in ("xcomp", "ccomp") and fold(head.lemma_) in _OBJECT_CONTROL:
            return _child(head, "obj", "iobj", "obl:arg")
        if verb.dep_ in ("conj", "xcomp", "advcl", "parataxis", "obl:mod", "obl:arg") or (
            verb.dep_ == "ccomp" and "Inf" in verb.morph.get("VerbForm", [])
        ):
            verb = head
            continue
        return None
    return None


def agent(verb: Token) -> Token | None:
    """The complement with "par" of a passive."""
    own = _child(verb, "obl:agent")
    if own is not None:
        return own
    return next((c for c in verb.children if c.dep_ in _OBLIQUE and prepositions(c) == "par"), None)


class Slots:
    """The slots of one trigger, verb or noun."""

    def __init__(
        self, token: Token, known: Arguments, kind: str, via: Token | None = None, light: Token | None = None
    ) -> None:
        self.token, self.known, self.via, self.light, self.kind = token, known, via, light, kind

    def fill(self, slot: str, kinds: Sequence[str]) -> list[Argument]:
        """The arguments of `kinds` in a slot."""
        if slot.startswith(":"):
            return self._value(slot[1:])
        if slot == "self":
            return self._self(kinds)
        if slot == "poss":
            return self._owner(kinds)
        found: list[Argument] = []
        for token in self._tokens(slot):
            found += [a for a in self.known.of(token, kinds) if a not in found]
        return found

    def _tokens(self, slot: str) -> list[Token]:
        token = self.token
        if self.kind == "noun" and slot in ("subj", "obj"):
            verb = self.light
            if verb is None:
                return []
            found = (agent(verb) if is_passive(verb) else doer(verb)) if slot == "subj" else _child(verb, "obj")
            return [found] if found is not None and found is not token else []
        if slot == "subj":
            found = agent(token) if is_passive(token) else doer(token)
            return [found] if found is not None else []
        if slot == "theme":  # the subject of a verb without an agent: "X est basée à", "X, basée à"
            found = (
                token.head
                if token.dep_ in ("acl", "amod", "acl:relcl") and _child(token, "nsubj", "nsubj:pass") is None
                else doer(token)
            )
            return [found] if found is not None else []
        if slot == "obj":
            if is_passive(token):
                found = _child(token, "nsubj:pass", "nsubj")
                if found is None:
                    found = token.head if token.dep_ in ("acl", "amod") else doer(token)
                return [found] if found is not None else []
            found = _child(token, "obj")
            return [found] if found is not None else []
        return list(self._oblique(slot))

    def _oblique(self, slot: str) -> Iterator[Token]:
        sources = [self.token] if self.via is None else [self.via, self.token]
        if self.kind == "verb" and self.via is None and slot != "de":
            sources += [c for c in self.token.children if c.dep_ == "obj"]
        if self.kind == "noun" and self.light is not None and slot not in ("de", "par"):
            sources.append(self.light)
        for source in sources:
            for c in source.children:
                if c.dep_ in _OBLIQUE or (c.dep_ in ("xcomp", "advcl", "appos") and c.pos_ in ("PROPN", "NOUN")):
                    relative = fold(c.text) == "dont" and slot in ("de", "dont")
                    if relative or prepositions(c) == slot:
                        yield c

    def _value(self, kind: str) -> list[Argument]:
        """Values of a kind close below the trigger: its complements, and theirs."""
        heads = [self.token, *(x for x in (self.via, self.light) if x is not None)]
        near = [(c, 1) for h in heads for c in h.children]
        near += [
            (g, 2)
            for c, _ in near
            for g in c.children
            if c.dep_ in ("obj", "nsubj:pass", "obl:arg", "obl:mod", "nmod", "nummod", "amod")
            and g.dep_ in ("nmod", "nummod", "amod", "appos", "obl:arg", "obl:mod")
        ]
        found: list[Argument] = []
        skip = ("nsubj",) if kind in ("date",) else ()
        for t, _ in near:
            if t.dep_ in ("acl:relcl", "advcl", "parataxis", "ccomp", *skip) and t.dep_ != "nummod":
                continue
            a = self.known.at(t.i, (kind,))
            if a is not None and a not in found:
                found.append(a)
        return found

    def _self(self, kinds: Sequence[str]) -> list[Argument]:
        """Whom a noun describes: its own reference, a name beside it, or the subject of "être"."""
        token = self.token
        own = self.known.at(token.i, kinds)
        if own is not None:
            return [own]
        for c in token.children:
            if beside(c):
                found = self.known.of(c, kinds)
                if found:
                    return found
        if token.dep_ in ("appos", "nmod", "conj") and not prepositions(token):
            found = self.known.of(token.head, kinds)[:1]
            if found:
                return found
        if _child(token, "cop") is not None:
            subject = _child(token, "nsubj") or (token.head if token.dep_ == "acl:relcl" else None)
            return self.known.of(subject, kinds) if subject is not None else []
        if token.dep_ == "xcomp" and fold(token.head.lemma_) in ("devenir", "rester", "demeurer"):
            subject = doer(token.head)
            return self.known.of(subject, kinds) if subject is not None else []
        return []

    def _owner(self, kinds: Sequence[str]) -> list[Argument]:
        for c in self.token.children:
            if c.dep_ == "det" and fold(c.text) in _POSSESSIVE:
                own = self.known.at(c.i, kinds)
                return [own] if own is not None else []
        return []
