"""Two graphs compared claim by claim: what came, what went, what is now said otherwise."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from maille.vocabulary import NAMESPACE

if TYPE_CHECKING:
    from maille.store.store import Store

_CLAIMS = """
SELECT ?claim ?article ?title ?s ?sn ?st ?trigger ?words ?p ?o ?on ?number ?unit ?m ?t ?confidence ?by ?byName ?begin ?end ?quote {
  ?claim a maille:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; maille:modality ?m ; maille:period ?t ;
    maille:confidence ?confidence ; prov:wasDerivedFrom ?span .
  ?span nif:anchorOf ?quote ; nif:beginIndex ?begin ; nif:endIndex ?end ; nif:referenceContext ?article .
  OPTIONAL { ?article dcterms:title ?title }
  OPTIONAL { ?s skos:prefLabel ?sn }
  OPTIONAL { ?s maille:trigger ?trigger ; a ?st . ?trigger nif:anchorOf ?words }
  OPTIONAL { ?o skos:prefLabel ?on }
  OPTIONAL { ?o schema:value ?number . OPTIONAL { ?o schema:currency|schema:unitText ?unit } }
  OPTIONAL { ?claim maille:attributedTo ?by . OPTIONAL { ?by skos:prefLabel ?byName } }
}
"""
COMPARED = ("modality", "period", "confidence", "source", "evidence")
"""What may change about a claim that stays: the last two are who said so, and where it stands."""

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class SaidClaim:
    """A claim with names instead of IRIs; `evidence` is its place in the text, BEGIN,END."""

    article: str
    title: str
    subject: str
    property: str
    object: str
    modality: str
    period: str
    confidence: float
    source: str
    evidence: str
    quote: str


@dataclass(frozen=True, slots=True)
class Change:
    """A claim of both graphs that differs in the fields `what`."""

    before: SaidClaim
    after: SaidClaim
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """The claims of the second graph alone, of the first alone, those that differ, and how many are the same."""

    added: tuple[SaidClaim, ...]
    gone: tuple[SaidClaim, ...]
    changed: tuple[Change, ...]
    same: int


Claims = dict[Key, list[SaidClaim]]


def read_claims(store: Store) -> Claims:
    """The claims of a store's articles by what they are about: article, subject, property, object.

    The key holds for graphs of different bases; an event is known by its type and the words that say so,
    for its IRI depends on its roles.
    """
    found: Claims = defaultdict(list)
    seen: set[str] = set()
    for row in store.rows(_CLAIMS):
        if row["claim"] in seen:  # a claim with two labels or passages
            continue
        seen.add(row["claim"])
        said = _claim(row, store.base)
        subject = f"{row['st']} {row['trigger']}" if row["trigger"] else row["s"]
        key = (row["article"], subject, row["p"], row["o"])
        found[_without(key, store.base)].append(said)
    return found


def compare(before: Claims, after: Claims) -> Diff:
    """What differs; of several claims about the same, those at the same place in the text belong together."""
    added: list[SaidClaim] = []
    gone: list[SaidClaim] = []
    changed: list[Change] = []
    same = 0
    for key in sorted({*before, *after}):
        old, new = (sorted(side.get(key, ()), key=_order) for side in (before, after))
        pairs = _paired(old, new)
        for left, right in pairs:
            what = tuple(field for field in COMPARED if getattr(left, field) != getattr(right, field))
            same += not what
            changed += [Change(left, right, what)] if what else []
        gone += _rest(old, [left for left, _ in pairs])
        added += _rest(new, [right for _, right in pairs])
    return Diff(tuple(added), tuple(gone), tuple(changed), same)


def as_text(diff: Diff) -> str:
    """Lines that start with +, - or ~, each with its sentence, article by article."""
    lines = [(c.article, c.evidence, f"+ {_line(c)}", c) for c in diff.added]
    lines += [(c.article, c.evidence, f"- {_line(c)}", c) for c in diff.gone]
    lines += [(c.after.article, c.after.evidence, f"~ {_line(c.after)}  {_changes(c)}", c.after) for c in diff.changed]
    told, article = [], None
    for line in sorted(lines, key=lambda line: (line[0], _place(line[1]), line[2])):
        if line[0] != article:
            article = line[0]
            told.append(f"{article.rpartition('/')[2][:12]}  {line[3].title}\n")
        told.append(f"  {line[2]}\n      « {' '.join(line[3].quote.split())} »\n")
    return "".join(told)


def as_json(diff: Diff) -> str:
    """An object with the lists `added`, `gone`, `changed` (before, after, what) and the number `same`."""
    return json.dumps(asdict(diff), ensure_ascii=False, indent=1)


def _claim(row: dict[str, str], base: str) -> SaidClaim:
    kind = row["st"].removeprefix(NAMESPACE)
    subject = row["sn"] or (f"{kind} « {row['words']} »" if kind else row["s"].removeprefix(base))
    amount = f"{row['number']} {row['unit']}".strip()
    return SaidClaim(
        article=row["article"].removeprefix(base),
        title=row["title"],
        subject=subject,
        property=row["p"].removeprefix(NAMESPACE),
        object=row["on"] or amount or row["o"].removeprefix(base),
        modality=row["m"].removeprefix(NAMESPACE),
        period=row["t"].removeprefix(NAMESPACE),
        confidence=float(row["confidence"]),
        source=row["byName"] or row["by"].removeprefix(base),
        evidence=f"{row['begin']},{row['end']}",
        quote=row["quote"],
    )


def _paired(old: list[SaidClaim], new: list[SaidClaim]) -> list[tuple[SaidClaim, SaidClaim]]:
    """Claims about the same, two by two: those that are equal, then those at the same place, then the others."""
    pairs: list[tuple[SaidClaim, SaidClaim]] = []
    left, right = list(old), list(new)
    for alike in (COMPARED, ("modality", "period", "source", "evidence"), ("evidence",), ()):
        for one in list(left):
            wanted = [getattr(one, field) for field in alike]
            other = next((c for c in right if [getattr(c, field) for field in alike] == wanted), None)
            if other is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    return pairs


def _rest(every: list[SaidClaim], paired: list[SaidClaim]) -> list[SaidClaim]:
    left = list(every)
    for claim in paired:
        left.remove(claim)
    return left


def _without(key: Key, base: str) -> Key:
    article, subject, prop, value = (part.replace(base, "") for part in key)
    return article, subject, prop, value


def _order(claim: SaidClaim) -> tuple[tuple[int, ...], str, str, float, str]:
    return _place(claim.evidence), claim.modality, claim.period, claim.confidence, claim.source


def _place(evidence: str) -> tuple[int, ...]:
    return tuple(map(int, evidence.split(",")))


def _line(claim: SaidClaim) -> str:
    how = [claim.modality] * (claim.modality != "Asserted") + [claim.period] * (claim.period != "Current")
    note = f" [{', '.join(how)}]" if how else ""
    return f"{claim.subject} -- {claim.property} -> {claim.object}{note}  ({claim.confidence:.2f})"


def _changes(change: Change) -> str:
    told: Iterable[str] = (
        f"{field} {getattr(change.before, field) or 'none'} -> {getattr(change.after, field) or 'none'}"
        for field in change.what
    )
    return "; ".join(told)
