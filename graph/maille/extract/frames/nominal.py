"""Claims told by what stands side by side: titles beside names, adjectives of places, brackets, trades, possessives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Token

from maille.extract.arguments import Argument
from maille.extract.frames.clause import ENTITIES, Arguments, Slots, beside, doer, prepositions
from maille.extract.frames.proposal import Proposal
from maille.extract.mood import judged, since
from maille.language import fold, places_of, post_class
from maille.records import Modality, Period, Text

_POSTS = {"chief": "chiefExecutiveOf", "head": "leads", "other": "worksFor"}
_OF = ("de", "chez", "a", "pour", "aupres", "en", "a la tete", "au sein")
_TITLES = ("JOB", "TITLE")


def read_nominal(doc: Doc, arguments: Sequence[Argument], known: Arguments) -> Iterator[Proposal]:
    """Posts, adjectives of places, brackets and trades."""
    ordered = sorted(arguments, key=lambda a: (a.start, a.end))
    yield from _posts(doc, ordered, known)
    yield from _adjectives(doc, ordered, known)
    yield from _brackets(doc, ordered)
    yield from _trades(doc, ordered, known)
    yield from _made(doc, ordered, known)


def _claim(
    label: str,
    left: Argument,
    right: Argument,
    confidence: float,
    rule: str,
    modality: Modality = "Asserted",
    period: Period = "Current",
) -> Proposal:
    start, end = min(left.start, right.start), max(left.end, right.end)
    return Proposal(label, right, start, end, left, "", -1, modality, period, None, confidence, rule)


def _posts(doc: Doc, ordered: Sequence[Argument], known: Arguments) -> Iterator[Proposal]:
    for job in ordered:
        if job.label not in _TITLES:
            continue
        head = doc[job.start : job.end].root
        person, rule = _holder(doc, known, job, head)
        if person is None:
            continue
        words = doc[job.start : job.end].text
        period: Period = "Former" if _was(doc, job) or since(doc, job.start)[0] == "Former" else since(doc, head.i)[0]
        modality: Modality = judged(doc, head.i)[0] if rule == "predicate" else "Asserted"
        if doc[max(job.start - 1, 0)].text.lower() in ("futur", "future"):
            modality = "Planned"
        if period == "Former" and modality == "Denied":
            modality = "Asserted"
        yield _claim("jobTitle", person, job, 0.85, f"title/{rule}", modality, period)
        relation = _POSTS.get(post_class(words))
        if relation is None:
            continue
        for place in _employers(doc, known, job, head):
            label = "leads" if relation == "chiefExecutiveOf" and place.kind == "Place" else relation
            if place.kind == "Place" and label == "worksFor":
                continue
            if place.ref != person.ref:
                yield _claim(label, person, place, 0.6 if rule == "after" else 0.8, f"post/{rule}", modality, period)


def _was(doc: Doc, job: Argument) -> bool:
    return bool(job.start) and fold(doc[job.start - 1].text) in ("ancien", "ancienne", "ex", "ex-", "alors")


def _holder(doc: Doc, known: Arguments, job: Argument, head: Token) -> tuple[Argument | None, str]:
    """Who bears a title, and how that is said."""
    person = ("Person",)
    after = doc[job.end : min(job.end + 1, len(doc))]
    if len(after) and (found := known.at(after[0].i, person)) is not None and found.label == "PER":
        return found, "before"
    own = known.at(head.i, person)
    if own is not None:
        return own, "own"
    left = job.start - 1
    while left > 0 and (
        doc[left].pos_ == "DET"
        or fold(doc[left].lemma_) in ("ancien", "actuel", "futur", "nouveau", "ex", "jadis", "alors")
    ):
        left -= 1
    if left > 0 and doc[left].text in (",", "("):  # "Anne Roy, directrice"
        found = known.at(left - 1, person)
        if found is not None and found.label in ("PER", "REF"):
            return found, "comma"
    for c in head.children:
        if beside(c) and (named := known.of(c, person)) and named[0].start >= job.end:
            return named[0], "apposition"
    if head.dep_ in ("appos", "nmod", "conj", "amod") and not prepositions(head):
        top = head.head if head.dep_ != "conj" or head.head.dep_ not in ("appos",) else head.head.head
        found = known.at(top.i, person) if top.i not in range(job.start, job.end) else None
        between = range(found.end, job.start) if found is not None else range(0)
        if found is not None and found.start < job.start and not any(known.at(i, person) for i in between):
            return found, "after"
    found = _named_later(doc, known, job)
    if found is not None:
        return found, "comma"
    if any(c.dep_ == "cop" for c in head.children):
        subject = next((c for c in head.children if c.dep_ == "nsubj"), None)
        named = known.of(subject, person) if subject is not None else []
        return (named[0] if named else None), "predicate"
    verb = head.head
    if head.dep_ in ("xcomp", "obl:arg", "obl:mod", "advcl", "obj") and fold(verb.lemma_) in (
        "devenir",
        "rester",
        "demeurer",
        "nommer",
        "elire",
    ):
        named = Slots(verb, known, "verb").fill("obj" if fold(verb.lemma_) in ("nommer", "elire") else "subj", person)
        return (named[0] if named else None), "predicate"
    return None, ""


def _named_later(doc: Doc, known: Arguments, job: Argument) -> Argument | None:
    """The name after a title and its complement: "le directeur de l'usine, Luc Roy"."""
    for i in range(job.end, min(job.end + 9, len(doc))):
        if doc[i].pos_ in ("VERB", "AUX", "CCONJ", "SCONJ") or doc[i].text in (".", ";", ":", "»", "«", "("):
            return None
        found = known.at(i, ("Person",))
        if found is not None:
            return found if found.label == "PER" and doc[i - 1].text == "," else None
    return None


def _employers(doc: Doc, known: Arguments, job: Argument, head: Token) -> list[Argument]:
    """The organizations or places that a post belongs to."""
    kinds = ("Organization", "Place")
    found: list[Argument] = []
    for token in doc[job.start : job.end]:
        for c in token.children:
            if job.start <= c.i < job.end or c.i < job.end:
                continue
            if prepositions(c) in _OF:
                found += known.of(c, kinds)
    if not found and job.end + 1 < len(doc):
        i = job.end
        if prepositions_at(doc, i) is not None:
            i = prepositions_at(doc, i) or i
            nearest = known.at(i, kinds)
            found = [nearest] if nearest is not None and nearest.start <= i else []
    if not found:
        found = Slots(head, known, "noun").fill("poss", kinds)
    unique: list[Argument] = []
    for a in found:
        if a.ref not in [u.ref for u in unique]:
            unique.append(a)
    return unique


def prepositions_at(doc: Doc, i: int) -> int | None:
    """The index after a preposition (and article) at token `i`, None where there is none."""
    if fold(doc[i].text) not in ("de", "d'", "du", "des", "chez", "au", "a", "pour"):
        return None
    j = i + 1
    if j < len(doc) and fold(doc[j].text) in ("la", "l'", "le", "les"):
        j += 1
    return j if j < len(doc) else None


def _adjectives(doc: Doc, ordered: Sequence[Argument], known: Arguments) -> Iterator[Proposal]:
    """ "la société chinoise X", "l'économiste française X"."""
    for a in ordered:
        if a.label != "NORP":
            continue
        head = doc[a.start : a.end].root
        facts = places_of(doc[a.start : a.end].text)
        country = bool(facts) and facts[0].kind == "Country"
        town = bool(facts) and facts[0].kind in ("City", "Region")
        holder = _described(known, a, head, doc)
        if holder is None or holder.ref == a.ref:
            continue
        if holder.kind == "Person" and country:
            yield _claim("nationality", holder, a, 0.8, "adjective/nationality")
        elif holder.kind in ("Organization", "Product") and country:
            yield _claim("country", holder, a, 0.8, "adjective/country")
        elif holder.kind == "Organization" and town:
            yield _claim("headquarteredIn", holder, a, 0.8, "adjective/seat")


def _described(known: Arguments, adjective: Argument, head: Token, doc: Doc) -> Argument | None:
    around = next(
        (x for x in [known.at(head.i)] if x is not None and x.start <= adjective.start and x.end >= adjective.end), None
    )
    noun = head.head
    if around is not None and around.label == "REF":
        root = doc[around.start : around.end].root
        return around if noun is root or (noun.head is root and noun.dep_ in ("flat", "amod")) or head is root else None
    if head.dep_ not in ("amod", "appos", "nmod", "flat", "acl") or noun.pos_ not in ("NOUN", "PROPN", "ADJ"):
        return None
    own = known.at(noun.i)
    if own is not None:
        return own if own.end >= adjective.start - 1 or own.label == "REF" else None
    job = known.labelled(noun.i, _TITLES)
    if job is not None:
        person, rule = _holder(doc, known, job, doc[job.start : job.end].root)
        return person if post_class(doc[job.start : job.end].text) in ("occupation", "other") or rule == "own" else None
    for c in noun.children:
        if beside(c) and (named := known.of(c)):
            return named[0]
    if noun.dep_ == "appos" and (named := known.of(noun.head)):
        return named[0]
    if any(c.dep_ == "cop" for c in noun.children) and (subject := doer(noun)) is not None:
        named = known.of(subject)
        return named[0] if named else None
    return None


def _brackets(doc: Doc, ordered: Sequence[Argument]) -> Iterator[Proposal]:
    """Compiègne (Oise), "Lyon, dans le Rhône": part of; a name and its short form in brackets."""
    names = [a for a in ordered if (a.form == "NAME" and a.kind in ENTITIES) or a.label == "ALIAS"]
    for left, right in pairwise(names):
        between = fold(doc[left.end : right.start].text).strip() if left.end <= right.start else "?"
        closed = right.end < len(doc) and doc[right.end].text.startswith(")")
        if left.kind == right.kind == "Place" and (
            (between == "(" and closed)
            or between in (", en", ", au", ", dans le", ", dans la", ", dans l'", ", dans les")
        ):
            yield _claim("locatedIn", left, right, 0.9, "brackets/place")
        elif left.kind == "Person" and right.kind == "Organization" and between == "(" and closed:
            yield _claim("memberOf", left, right, 0.75, "brackets/party")
        elif left.ref == right.ref and left.form == right.form == "NAME" and between == "(" and closed:
            short = Argument(right.start, right.end, "ALIAS", Text(doc[right.start : right.end].text), "VALUE", "text")
            yield _claim("alternateName", left, short, 0.9, "brackets/short")
        elif (
            right.label == "ALIAS"
            and left.form == "NAME"
            and (
                between
                in (
                    "(",
                    "( ",
                    "alias",
                    ", alias",
                    ", dit",
                    ", dite",
                    "dit",
                    ", rebaptise",
                    ", rebaptisee",
                    "(ex-",
                    ", ex-",
                    "( ex-",
                )
            )
        ):
            yield _claim(
                "alternateName", left, right, 0.9, "brackets/alias", period="Former" if "ex" in between else "Current"
            )


def _trades(doc: Doc, ordered: Sequence[Argument], known: Arguments) -> Iterator[Proposal]:
    """The trade inside or after a description: "le spécialiste de la robotique"."""
    for a in ordered:
        if a.label != "SECTOR":
            continue
        head = doc[a.start : a.end].root
        around = known.at(head.i, ("Organization",))
        if around is not None and around.label == "REF" and around.start <= a.start:
            yield _claim("sector", around, a, 0.85, "trade/inside")
            continue
        noun = head.head if prepositions(head) in ("de", "dans", "") else None
        for _ in range(3):
            if noun is None or noun.pos_ not in ("NOUN", "ADJ", "PROPN"):
                break
            found = Slots(noun, known, "noun").fill("self", ("Organization",))
            if found:
                yield _claim("sector", found[0], a, 0.8, "trade/noun")
                break
            noun = noun.head if noun.dep_ in ("nmod", "amod", "conj") and noun.head is not noun else None


def _made(doc: Doc, ordered: Sequence[Argument], known: Arguments) -> Iterator[Proposal]:
    """A product that is somebody's: "DeepSeek ... avec son modèle R1" is made by the possessive's owner, else the subject."""
    for made in ordered:
        if made.label != "PROD":
            continue
        root = doc[made.start : made.end].root
        for noun in (root, root.head):
            owner = next((c for c in noun.children if c.dep_ == "det" and fold(c.text) in ("son", "sa", "ses")), None)
            if owner is None or noun.pos_ not in ("NOUN", "PROPN") or noun.i > made.end:
                continue
            maker = known.at(owner.i, ("Person", "Organization"))
            if maker is None and (subject := _subject(noun)) is not None:
                maker = next(iter(known.of(subject, ("Person", "Organization"))), None)
            if maker is not None:
                yield _claim("develops", maker, made, 0.7, "possessive/product")
            break


def _subject(token: Token) -> Token | None:
    """The subject of the clause a token stands in."""
    subjects = (c for t in token.ancestors for c in t.children if c.dep_ in ("nsubj", "nsubj:pass"))
    return next(subjects, None)
