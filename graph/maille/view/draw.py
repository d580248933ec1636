"""From the store to the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from maille.errors import MailleError
from maille.view.page import page
from maille.view.records import ViewClaim, ViewEntity
from maille.vocabulary import CLASSES, EVENTS

if TYPE_CHECKING:
    from maille.store import Store

_ENTITIES = """
SELECT ?e ?type ?label (COUNT(DISTINCT ?m) AS ?n) WHERE {
  ?e a ?type . FILTER(STRSTARTS(STR(?type), STR(maille:)))
  OPTIONAL { ?e skos:prefLabel ?label } OPTIONAL { ?m maille:mentionOf ?e }
} GROUP BY ?e ?type ?label ORDER BY ?e ?type ?label
"""
_ALIASES = "SELECT ?e ?alias WHERE { ?e skos:altLabel ?alias } ORDER BY ?e ?alias"
_CLAIMS = """
SELECT DISTINCT ?s ?p ?o ?m ?t ?number ?unit ?by ?confidence ?quote ?begin ?title ?date WHERE {
  ?c a maille:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; maille:modality ?m ; maille:period ?t ;
     maille:confidence ?confidence ; prov:wasDerivedFrom ?span .
  ?span nif:anchorOf ?quote ; nif:beginIndex ?begin ; nif:referenceContext ?a .
  OPTIONAL { ?o schema:value ?number . OPTIONAL { ?o schema:currency|schema:unitText ?unit } }
  OPTIONAL { ?c maille:attributedTo ?w . OPTIONAL { ?w skos:prefLabel ?name } BIND(COALESCE(?name, STR(?w)) AS ?by) }
  OPTIONAL { ?a dcterms:title ?title } OPTIONAL { ?a dcterms:date ?date }
} ORDER BY ?date ?title ?begin ?s ?p ?o ?c
"""


def draw_store(
    store: Store, path: Path, *, focus: str | None = None, distance: int = 1, limit: int = 400, language: str = "fr"
) -> None:
    """Write the page of a store; `focus` keeps an entity and what lies within `distance` ties of it."""
    entities, claims = of_store(store)
    if focus is not None:
        entities, claims = around(entities, claims, focus, distance)
    path.write_text(page(entities, claims, limit=limit, language=language), "utf-8")


def _local(iri: str) -> str:
    return re.sub(r"^.*#", "", iri)


def of_store(store: Store) -> tuple[list[ViewEntity], list[ViewClaim]]:
    """All entities, events and claims of a store."""
    aliases: dict[str, list[str]] = {}
    for row in store.rows(_ALIASES):
        aliases.setdefault(row["e"], []).append(row["alias"])
    best: dict[str, ViewEntity] = {}
    for row in store.rows(_ENTITIES):
        iri, kind, label, count = row["e"], _local(row["type"]), row["label"], row["n"]
        if kind not in CLASSES and kind not in EVENTS:
            continue
        if iri in best and CLASSES.get(kind) is None and kind not in EVENTS:
            continue  # the narrower class is kept
        best[iri] = ViewEntity(
            iri, kind, label or kind, kind in EVENTS, tuple(aliases.get(iri, ())), max(1, int(count or 1))
        )
    claims = []
    for row in store.rows(_CLAIMS):
        subject, obj = row["s"], row["o"]
        if subject in best:
            value = best[obj].label if obj in best else _number(row["number"], row["unit"]) if row["number"] else obj
            target = obj if obj in best else ""
            status = (_local(row["m"]), _local(row["t"]), row["by"], float(row["confidence"]))
            claims.append(
                ViewClaim(subject, _local(row["p"]), target, value, *status, row["quote"], row["title"], row["date"])
            )
    return list(best.values()), claims


def _number(value: str, unit: str) -> str:
    """A figure as French readers write it: 40 milliards USD, 1 200 salariés."""
    number = float(value)
    for size, word in ((1e9, "milliards"), (1e6, "millions")):
        if abs(number) >= size:
            return f"{number / size:.4g} {word} {unit}".replace(".", ",").strip()
    return f"{number:,.10g} {unit}".replace(",", "\u202f").replace(".", ",").strip()


def around(
    entities: list[ViewEntity], claims: list[ViewClaim], focus: str, distance: int
) -> tuple[list[ViewEntity], list[ViewClaim]]:
    """The entity of that name and all within `distance` ties; MailleError where there is none."""
    wanted = focus.casefold()
    start = {e.id for e in entities if wanted in {n.casefold() for n in (e.label, *e.aliases)}}
    if not start:
        raise MailleError(f"no entity is called {focus!r} in this graph", "maille ask mentions -g DIR lists them")
    kept = set(start)
    for _ in range(distance):
        kept |= {
            x for c in claims if c.target and (c.subject in kept or c.target in kept) for x in (c.subject, c.target)
        }
    return [e for e in entities if e.id in kept], [
        c for c in claims if c.subject in kept and (not c.target or c.target in kept)
    ]
