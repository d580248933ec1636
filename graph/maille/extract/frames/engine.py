"""Reading frames off a Universal Dependencies parse: voices, relative clauses, participles, control, apposition, possessives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.frames.figures import read_figures
from maille.extract.frames.rounds import read_rounds
from maille.extract.frames.table import noun_frames, verb_frames
from maille.extract.learned import Link
from maille.extract.modality import modality_of, period_of
from maille.extract.speech import Speakers
from maille.language import fold, post_class
from maille.records import EntityRef
from maille.vocabulary import RELATIONS

VERB, NOUN, POST, OTHER_POST, PAIR, MADE = 0.75, 0.8, 0.8, 0.6, 0.85, 0.7
SALIENT = 0.6
"""Confidence of a claim by its kind of frame; measured on the development pieces."""

_POSTS = {"chief": "chiefExecutiveOf", "head": "leads", "other": "worksFor"}
_OF = ("de", "d", "du", "des", "chez", "a", "au", "aux", "pour")


def read_frames(doc: Doc, arguments: Sequence[Argument]) -> list[Link]:
    """All links that the frames find, with modality and period; each fits the types of its property."""
    lookup = Speakers(arguments)
    found = [
        *_verbs(doc, lookup),
        *_nouns(doc, lookup),
        *_posts(doc, lookup, arguments),
        *_brackets(doc, arguments),
        *_made(doc, lookup, arguments),
        *read_figures(doc, arguments, lookup),
        *read_rounds(doc, arguments, lookup),
    ]
    return [x for x in found if x.event or _fits(x)]


def _fits(x: Link) -> bool:
    rule = RELATIONS[x.label]
    return x.left.kind in rule.subjects and x.right.kind in rule.objects and x.left.ref != x.right.ref


def _named(lookup: Speakers, token: Token | None) -> list[Argument]:
    """The arguments of a head and of what is coordinated with it; a relative pronoun stands for its noun."""
    if token is None:
        return []
    if "Rel" in token.morph.get("PronType", []) or (
        token.pos_ == "PRON" and fold(token.text) in ("qui", "que", "qu", "dont")
    ):
        clause = next((a for a in [token, *token.ancestors] if a.dep_ == "acl:relcl"), None)
        return _named(lookup, clause.head) if clause is not None else []
    heads = [token, *(c for c in token.children if c.dep_ == "conj")]
    return [a for t in heads for a in [lookup.of(t)] if a is not None]


def _verbs(doc: Doc, lookup: Speakers) -> Iterator[Link]:
    for token in doc:
        if token.pos_ != "VERB":
            continue
        for frame in verb_frames().get(fold(token.lemma_), ()):
            if _reflexive(token) and frame.slots == ("obj",):
                continue
            subjects, objects = _roles(lookup, token, frame.slots)
            modality = modality_of(doc, token.i)
            for left, right in product(subjects, objects):
                yield Link(frame.relation, left, right, VERB, modality, "Current", f"verb/{frame.verb}")


def _reflexive(verb: Token) -> bool:
    return any(c.dep_.startswith("expl") and fold(c.text).strip("'") in ("se", "s") for c in verb.children)


def _roles(lookup: Speakers, verb: Token, slots: Sequence[str]) -> tuple[list[Argument], list[Argument]]:
    """Who does it and to whom: active, passive, participle after its noun, infinitive under another verb."""
    kids = {c.dep_: c for c in verb.children if c.dep_ in ("nsubj", "nsubj:pass", "obj", "obl:agent")}
    agent = kids.get("obl:agent") or next(
        (c for c in verb.children if c.dep_.startswith("obl") and _case(c) == "par"), None
    )
    if "nsubj:pass" in kids or any(c.dep_ == "aux:pass" for c in verb.children):
        return (_named(lookup, agent), _named(lookup, kids.get("nsubj:pass"))) if "obj" in slots else ([], [])
    if verb.dep_ == "acl" and "Part" in verb.morph.get("VerbForm", []):
        if agent is not None and "obj" in slots:
            return _named(lookup, agent), _named(lookup, verb.head)
        if "Past" in verb.morph.get("Tense", []):
            return [], []
    return _named(lookup, kids.get("nsubj") or _controller(verb)), _objects(lookup, verb, slots, kids.get("obj"))


def _controller(verb: Token) -> Token | None:
    """The subject that a verb without its own shares: with the verb it is coordinated with or depends on, or its noun."""
    for _ in range(4):
        if verb.dep_ == "acl" and "Part" in verb.morph.get("VerbForm", []):
            return verb.head
        if verb.dep_ in ("conj", "xcomp", "ccomp", "advcl") and verb.head.pos_ in ("VERB", "AUX", "ADJ", "NOUN"):
            verb = verb.head
            subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubj:pass")), None)
            if subject is not None:
                return subject
        else:
            return None
    return None


def _objects(lookup: Speakers, verb: Token, slots: Sequence[str], obj: Token | None) -> list[Argument]:
    found = _named(lookup, obj) if "obj" in slots else []
    for child in verb.children:
        if child.dep_.startswith("obl") or child.dep_ in ("iobj", "nmod"):
            found += _named(lookup, child) if _case(child) in slots else []
    return found


def _case(token: Token) -> str:
    text = next((fold(c.text) for c in token.children if c.dep_ == "case"), "")
    return {"du": "de", "des": "de", "d'": "de", "au": "a", "aux": "a"}.get(text, text)


def _complement(lookup: Speakers, noun: Token) -> list[Argument]:
    """What a noun is of: its complement with "de" and the like, or the owner of its possessive."""
    found = []
    for child in noun.children:
        if child.dep_ in ("nmod", "obl:arg", "obl:mod") and _case(child).strip("'") in _OF:
            found += _named(lookup, child)
        if child.dep_ == "det" and fold(child.text) in ("son", "sa", "ses", "leur", "leurs"):
            owner = lookup.at(child.i)
            found += [owner] if owner is not None and isinstance(owner.ref, EntityRef) else []
    return found


def _holders(lookup: Speakers, noun: Token) -> list[Argument]:
    """Whom a noun describes: the name beside it in apposition, before it, or as the subject of "être"."""
    if noun.dep_ in ("appos", "amod", "nmod") and _case(noun) == "":
        found = _named(lookup, noun.head)
        if found:
            return found
    for child in noun.children:
        if child.dep_ in ("appos", "flat:name", "nmod") and _case(child) == "":
            found = _named(lookup, child)
            if found:
                return found
    for i in (noun.i + 1, noun.i + 2):  # "certains cofondateurs, dont Elon Musk"
        if i + 1 < len(doc_ := noun.doc) and fold(doc_[i].text) == "dont" and (named := lookup.at(i + 1)) is not None:
            return [named]
    if any(c.dep_ == "cop" for c in noun.children):
        return _named(lookup, next((c for c in noun.children if c.dep_ == "nsubj"), None))
    return []


def _nouns(doc: Doc, lookup: Speakers) -> Iterator[Link]:
    for token in doc:
        if token.pos_ not in ("NOUN", "ADJ"):
            continue
        for frame in noun_frames().get(fold(token.lemma_), noun_frames().get(fold(token.text), ())):
            holders, others = _holders(lookup, token), _complement(lookup, token)
            sure = NOUN
            if holders and not others and frame.relation == "founderOf":
                others, sure = _salient(doc, lookup, token), SALIENT
            for holder, other in product(holders, others):
                left, right = (other, holder) if frame.inverse else (holder, other)
                yield Link(
                    frame.relation,
                    left,
                    right,
                    sure,
                    modality_of(doc, token.i),
                    period_of(doc, token.i),
                    f"noun/{frame.noun}",
                )


def _posts(doc: Doc, lookup: Speakers, arguments: Sequence[Argument]) -> Iterator[Link]:
    """A job title beside a name: the title itself, and with its complement the post that the title's class gives."""
    for job in arguments:
        if job.label not in ("JOB", "TITLE"):
            continue
        head = doc[job.start : job.end].root
        people = [a for a in [*_holders(lookup, head), *_after(doc, lookup, job)] if a.kind == "Person"][:1]
        words = doc[job.start : job.end].text
        period = period_of(doc, head.i)
        relation = _POSTS.get(post_class(words))
        for person in people:
            yield Link("jobTitle", person, job, POST, "Asserted", period, "post/title")
            places = [a for a in _complement(lookup, head) if a.start >= job.end or a.end <= job.start]
            if not places and relation == "chiefExecutiveOf" and not _covers(job, head):
                places = _salient(doc, lookup, head)
            for place in places[:1]:
                if relation is not None:
                    label = "leads" if relation == "chiefExecutiveOf" and place.kind == "Place" else relation
                    yield Link(
                        label,
                        person,
                        place,
                        POST if relation != "worksFor" else OTHER_POST,
                        "Asserted",
                        period,
                        f"post/{label}",
                    )


def _made(doc: Doc, lookup: Speakers, arguments: Sequence[Argument]) -> Iterator[Link]:
    """A product that is somebody's: "DeepSeek ... avec son modèle R1" is made by the possessive's owner, else the subject."""
    for made in arguments:
        if made.label != "PROD":
            continue
        root = doc[made.start : made.end].root
        for noun in (root, root.head):
            owner = next((c for c in noun.children if c.dep_ == "det" and fold(c.text) in ("son", "sa", "ses")), None)
            if owner is None or noun.pos_ not in ("NOUN", "PROPN") or noun.i > made.end:
                continue
            maker = lookup.at(owner.i)
            if maker is None or not isinstance(maker.ref, EntityRef):
                maker = next(iter(_named(lookup, _clause_subject(noun))), None)
            if maker is not None:
                yield Link("develops", maker, made, MADE, "Asserted", "Current", "possessive/product")
            break


def _clause_subject(token: Token) -> Token | None:
    """The subject of the clause a token stands in."""
    for t in token.ancestors:
        subject = next((c for c in t.children if c.dep_ in ("nsubj", "nsubj:pass")), None)
        if subject is not None:
            return subject
    return None


def _covers(job: Argument, head: Token) -> bool:
    """Whether a title has a complement of its own that names no known organization."""
    return any(c.dep_ == "nmod" and _case(c).strip("'") in _OF and c.i >= job.end for c in head.children)


def _salient(doc: Doc, lookup: Speakers, noun: Token) -> list[Argument]:
    """The organization that a bare title or "fondateur" is of: the only one of its sentence, else of the one before."""
    sentence = noun.sent
    for _ in range(2):
        found = {
            a.ref: a
            for i in range(sentence.start, sentence.end)
            for a in [lookup.at(i)]
            if a is not None and a.kind == "Organization"
        }
        if len(found) == 1:
            return list(found.values())
        if found or sentence.start == 0:
            return []
        sentence = doc[sentence.start - 1].sent
    return []


def _after(doc: Doc, lookup: Speakers, job: Argument) -> list[Argument]:
    """The name right after a title ("le ministre Marc Ferracci"), nothing between them."""
    if job.end < len(doc):
        after = lookup.at(job.end)
        if after is not None and after.label == "PER" and after.start == job.end:
            return [after]
    return []


def _brackets(doc: Doc, arguments: Sequence[Argument]) -> Iterator[Link]:
    """Compiègne (Oise), Lyon, dans le Rhône: part of; a politician (party): member of."""
    ordered = sorted((a for a in arguments if a.form == "NAME"), key=lambda a: (a.start, a.end))
    for left, right in pairwise(ordered):
        between = fold(doc[left.end : right.start].text).strip()
        closed = right.end < len(doc) and doc[right.end].text in ("),", ")", ").")
        listed = right.end + 1 < len(doc) and doc[right.end].text in ("et", ",") and doc[right.end + 1].pos_ == "ADP"
        if (
            left.kind == right.kind == "Place"
            and not listed
            and (
                (between == "(" and closed) or between in (", en", ", dans le", ", dans la", ", dans l'", ", dans les")
            )
        ):
            yield Link("locatedIn", left, right, PAIR, "Asserted", "Current", "brackets/place")
        if left.kind == "Person" and right.kind == "Organization" and between == "(" and closed:
            yield Link("memberOf", left, right, PAIR - 0.1, "Asserted", "Current", "brackets/party")
