"""The entities and the claims of a store as records, each claim with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from maille.errors import MailleError
from maille.query.ask import Queryable, find_entities
from maille.query.frame import plain
from maille.vocabulary import CLASSES, EVENTS, MODALITIES, NAMESPACE, RELATIONS, ROLES, top_class

_ENTITIES = """SELECT ?iri ?name ?kind (GROUP_CONCAT(DISTINCT ?other; separator="\\n") AS ?others) WHERE {
  ?iri skos:prefLabel ?name ; a ?kind .
  FILTER(STRSTARTS(STR(?kind), STR(maille:)))
  OPTIONAL { ?iri skos:altLabel ?other }
} GROUP BY ?iri ?name ?kind ORDER BY ?name ?iri ?kind"""

_CLAIMS = """SELECT DISTINCT ?claim ?s ?p ?o ?subject ?kind ?object ?value ?unit ?m ?t ?by ?source ?confidence ?rule
  ?quote ?begin ?end ?article ?title ?published WHERE {
  SELECTION
  ?claim a maille:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; maille:modality ?m ; maille:period ?t ;
    maille:confidence ?confidence ; prov:wasDerivedFrom ?span .
  FILTERS
  ?span nif:anchorOf ?quote ; nif:beginIndex ?begin ; nif:endIndex ?end ; nif:referenceContext ?article .
  OPTIONAL { ?claim maille:rule ?rule }
  OPTIONAL { ?s skos:prefLabel ?subject }
  OPTIONAL { ?s maille:trigger ?words ; a ?kind . FILTER(STRSTARTS(STR(?kind), STR(maille:))) }
  OPTIONAL { ?o skos:prefLabel ?object }
  OPTIONAL { ?o schema:value ?value . OPTIONAL { ?o schema:currency|schema:unitText ?unit } }
  OPTIONAL { ?claim maille:attributedTo ?by . OPTIONAL { ?by skos:prefLabel ?source } }
  OPTIONAL { ?article dcterms:title ?title }
  OPTIONAL { ?article dcterms:date ?published }
} ORDER BY ?published ?article ?begin ?p ?claim"""


@dataclass(frozen=True, slots=True)
class GraphEntity:
    """An entity of all articles; `kind` is its narrowest class (the first, where articles differ), `aliases` its other names."""

    iri: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


@dataclass(frozen=True, slots=True)
class GraphClaim:
    """A claim with its sentence: `article.text[begin:end] == quote`.

    `subject` and `object` are names, for an event its type; `subject_iri` and `object_iri` tell which (the latter is
    empty for a text or a date). `value` and `unit` are those of an amount or a count. `published` is an ISO date, `source`
    whom the article attributes the claim to; both are empty where it does not say.
    """

    iri: str
    subject: str
    property: str
    object: str
    modality: str
    period: str
    confidence: float
    source: str
    quote: str
    begin: int
    end: int
    title: str
    published: str
    rule: str
    subject_iri: str
    object_iri: str
    article_iri: str
    value: float | None = None
    unit: str = ""

    def __str__(self) -> str:
        how = [word for word in (self.modality, self.period) if word not in ("Asserted", "Current")]
        note = f" [{', '.join(how)}]" if how else ""
        return f"{self.subject} -- {self.property} -> {self.object}{note} ({self.confidence:.2f})"


def entities(store: Queryable, kind: str | None = None, name: str | None = None) -> tuple[GraphEntity, ...]:
    """The entities by name, of a class or one that it is the top class of, called `name` or with its words in theirs.

    None of that name gives none; MailleError for an unknown class.
    """
    if kind is not None and kind not in CLASSES:
        raise MailleError(f"there is no class {kind!r}", "the classes are " + ", ".join(CLASSES))
    called = None if name is None else _called(store, name)
    found = [_entity(row) for row in _solutions(store, _ENTITIES)]
    fits = {e.iri: e for e in reversed(found) if (kind is None or kind in (e.kind, _top(e.kind)))}
    return tuple(e for e in found if fits.get(e.iri) is e and (called is None or e.iri in called))


def claims(
    store: Queryable,
    entity: str | None = None,
    property: str | None = None,
    modality: str | None = None,
    least_confidence: float = 0.0,
) -> tuple[GraphClaim, ...]:
    """The claims in the order of dates and texts: about an entity, of a property or role, of a modality.

    An entity that no article names gives none; MailleError for a property or modality outside the vocabulary.
    """
    selection, filters = [], []
    if entity is not None:
        called = sorted(_called(store, entity))
        if not called:
            return ()
        iris = " ".join(f"<{iri}>" for iri in called)
        selection.append(
            f"{{ SELECT DISTINCT ?claim WHERE {{ VALUES ?any {{ {iris} }} "
            "{ ?claim rdf:subject ?any } UNION { ?claim rdf:object ?any } } }"
        )
    if property is not None:
        _known("property", property, (*RELATIONS, *ROLES))
        selection.append(f"?claim rdf:predicate maille:{property} .")
    if modality is not None:
        modality = modality.capitalize()
        _known("modality", modality, MODALITIES)
        selection.append(f"?claim maille:modality maille:{modality} .")
    if least_confidence > 0:
        filters.append(f"FILTER(?confidence >= {least_confidence:.6f})")
    sparql = _CLAIMS.replace("SELECTION", "\n  ".join(selection)).replace("FILTERS", "\n  ".join(filters))
    return tuple(map(_claim, _solutions(store, sparql)))


def _solutions(store: Queryable, sparql: str) -> list[dict[str, Any]]:
    found = store.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names} for row in found]


def _called(store: Queryable, name: str) -> frozenset[str]:
    """The IRIs of the entities called `name`; none for an unknown name."""
    try:
        return frozenset(find_entities(store, name))
    except MailleError:
        return frozenset()


def _entity(row: Mapping[str, Any]) -> GraphEntity:
    others = tuple(sorted(row["others"].value.splitlines())) if row["others"] is not None else ()
    return GraphEntity(row["iri"].value, row["kind"].value.removeprefix(NAMESPACE), row["name"].value, others)


def _top(kind: str) -> str:
    return top_class(kind) if kind in CLASSES else "Event" if kind in EVENTS else kind


def _known(what: str, name: str, names: Iterable[str]) -> None:
    """MailleError, with the nearest names, for one outside the vocabulary."""
    from difflib import get_close_matches

    known = sorted(set(names))
    if name not in known:
        near = get_close_matches(name, known, n=3)
        hint = "did you mean " + " or ".join(near) + "?" if near else "known are " + ", ".join(known)
        raise MailleError(f"there is no {what} {name!r}", hint)


def _claim(row: Mapping[str, Any]) -> GraphClaim:
    """A claim from a solution of `_CLAIMS`."""
    said = {name: "" if term is None else str(getattr(term, "value", term)) for name, term in row.items()}
    amount = f"{said['value']} {said['unit']}".strip()
    value = plain(row["value"])
    return GraphClaim(
        iri=said["claim"],
        subject=said["subject"] or said["kind"].removeprefix(NAMESPACE),
        property=said["p"].removeprefix(NAMESPACE),
        object=said["object"] or amount or said["o"],
        modality=said["m"].removeprefix(NAMESPACE),
        period=said["t"].removeprefix(NAMESPACE),
        confidence=float(said["confidence"]),
        source=said["source"] or said["by"],
        quote=said["quote"],
        begin=int(said["begin"]),
        end=int(said["end"]),
        title=said["title"],
        published=said["published"],
        rule=said["rule"],
        subject_iri=said["s"],
        object_iri=said["o"] if isinstance(row["o"], ox.NamedNode) else "",
        article_iri=said["article"],
        value=None if value is None else float(value),
        unit=said["unit"],
    )
