"""What a change of articles does to the store, in one transaction: all of it, or nothing.

The entity graph says each entity's types and labels once, for queries over the union of the graphs slow
down with every repetition. It is made anew for the entities that a change touches, from what each
article's graph keeps of them (maille:named, maille:classified): removing an article leaves no trace.
What the rules derived from claims that go, goes with them. The catalog remembers where each article came
from, so that a corrected text takes the place of the earlier one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from importlib.resources import files

import pyoxigraph as ox

from maille.rdf.build import preferred
from maille.rdf.mint import Minter, slug
from maille.rdf.names import (
    ALT_LABEL,
    CLASSIFIED,
    NAMED,
    OBJECT,
    ONTOLOGY_GRAPH,
    PREDICATE,
    PREF_LABEL,
    SUBJECT,
    TYPE,
    term,
)
from maille.vocabulary import CLASSES, NAMESPACE

Node = ox.NamedNode

CLAIM, INFERRED_FROM, ORIGIN = term("maille:Claim"), term("maille:inferredFrom"), term("dcterms:identifier")


def replace(
    store: ox.Store,
    mint: Minter,
    gone: Collection[str],
    new: Iterable[ox.Quad] = (),
    origin: tuple[str, str] = ("", ""),
) -> None:
    """Take out the articles with the keys `gone` and put in the quads `new` of one article.

    `origin` is the new article's key and where it came from; without one the catalog does not name it. Where nothing is
    to go, which is so for most new articles, the quads need not pass through an update's text: the store takes them as
    they are, in one transaction too.
    """
    graphs = {Node(mint.graph(key)) for key in gone}
    entities, catalog = Node(mint.entities), Node(mint.catalog)
    inside = [quad for quad in new if quad.graph_name != entities]
    leaving = [quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)]
    leaving += [q for key in gone for q in store.quads_for_pattern(Node(mint.article(key)), None, None, catalog)]
    coming, only_adds = list(inside), not leaving
    if all(origin):
        coming.append(ox.Quad(Node(mint.article(origin[0])), ORIGIN, ox.Literal(origin[1]), catalog))
    told: dict[Node, list[ox.Quad]] = {}
    for quad in (*inside, *(quad for quad in leaving if quad.predicate == CLASSIFIED)):
        if isinstance(quad.subject, Node) and quad.predicate in (NAMED, CLASSIFIED):
            told.setdefault(quad.subject, [])
    for quad in inside:
        if isinstance(quad.subject, Node) and quad.subject in told:
            told[quad.subject].append(quad)
    for node, said in told.items():
        before = set(store.quads_for_pattern(node, None, None, entities))
        known = _known(before) if only_adds else _said(store, node, graphs)
        if only_adds and {(q.predicate, q.object) for q in said} <= {(q.predicate, q.object) for q in known}:
            continue  # an entity of which the article says nothing new, as of most that are known
        after = {ox.Quad(t.subject, t.predicate, t.object, entities) for t in _entity(node, [*known, *said])}
        leaving += before - after
        coming += after - before
    leaving += _retracted(store, Node(mint.inferred), graphs, inside)
    if not (going := {*leaving}.difference(coming)):
        store.extend(coming)
        return
    dropped = graphs - {quad.graph_name for quad in coming}
    steps = [f"DROP SILENT GRAPH {graph}" for graph in sorted(dropped, key=str)]
    steps.append(_data("DELETE", (quad for quad in going if quad.graph_name not in dropped)))
    steps.append(_data("INSERT", coming))
    store.update(" ;\n".join(filter(None, steps)))


def _retracted(store: ox.Store, inferred: Node, graphs: Collection[Node], new: list[ox.Quad]) -> Iterator[ox.Quad]:
    """The inferred quads that rest, in any number of steps, on a claim of `graphs` that is not among the new."""
    if next(iter(store.quads_for_pattern(None, None, None, inferred)), None) is None:
        return
    kept = {quad.subject for quad in new if quad.predicate == TYPE and quad.object == CLAIM}
    said = {quad.subject for graph in graphs for quad in store.quads_for_pattern(None, TYPE, CLAIM, graph)}
    ends, seen = list(said - kept), set()
    while ends:
        for quad in store.quads_for_pattern(None, INFERRED_FROM, ends.pop(), inferred):
            if quad.subject not in seen:
                seen.add(quad.subject)
                ends.append(quad.subject)
    for node in seen:
        about = list(store.quads_for_pattern(node, None, None, inferred))
        yield from about
        parts = {quad.predicate: quad.object for quad in about}
        yield ox.Quad(parts[SUBJECT], parts[PREDICATE], parts[OBJECT], inferred)  # type: ignore[arg-type]


def ontology_update(store: ox.Store) -> str:
    """The update that puts in the ontology of this version; empty if it is there."""
    text = (files("maille.ontology") / "maille.ttl").read_text("utf-8")
    version = ox.Triple(ONTOLOGY_GRAPH, term("owl:versionInfo"), ox.Literal(hashlib.sha256(text.encode()).hexdigest()))
    if ox.Quad(version.subject, version.predicate, version.object, ONTOLOGY_GRAPH) in store:
        return ""
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    put = _data("INSERT", (ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in (*triples, version)))
    return f"DROP SILENT GRAPH {ONTOLOGY_GRAPH} ;\n{put}"


def _said(store: ox.Store, node: Node, without: Collection[Node]) -> list[ox.Quad]:
    """What the articles but `without` keep of an entity."""
    kept = [quad for said in (NAMED, CLASSIFIED) for quad in store.quads_for_pattern(node, said, None, None)]
    return [quad for quad in kept if quad.graph_name not in without]


def _known(about: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The same, where no article goes: what the entity graph says comes to the same and does not grow with the articles."""
    kept = {TYPE: CLASSIFIED, PREF_LABEL: NAMED, ALT_LABEL: NAMED}
    return [ox.Quad(q.subject, kept[q.predicate], q.object) for q in about]


def _entity(node: Node, said: Collection[ox.Quad]) -> list[ox.Triple]:
    """The types and labels of an entity, from what is kept of it."""
    names = sorted({q.object.value for q in said if q.predicate == NAMED and isinstance(q.object, ox.Literal)})
    kinds = {q.object.value for q in said if q.predicate == CLASSIFIED and isinstance(q.object, Node)}
    if not names:
        return []
    segment = node.value.rpartition("/")[2]
    label = preferred([name for name in names if slug(name) == segment] or names)
    return [
        *(ox.Triple(node, TYPE, Node(kind)) for kind in _narrowest(kinds)),
        ox.Triple(node, PREF_LABEL, ox.Literal(label)),
        *(ox.Triple(node, ALT_LABEL, ox.Literal(name)) for name in names if name != label),
    ]


def _narrowest(kinds: set[str]) -> list[str]:
    """Without the classes that another of them narrows: an Organization that is a Company is one."""
    wider: set[str] = set()
    for kind in kinds:
        name: str | None = kind.removeprefix(NAMESPACE)
        while name := CLASSES.get(name or ""):
            wider.add(NAMESPACE + name)
    return sorted(kinds - wider)


def _data(verb: str, quads: Iterable[ox.Quad]) -> str:
    """INSERT DATA or DELETE DATA of some quads, graph by graph; empty for none."""
    graphs: dict[Node, list[str]] = {}
    for quad in sorted(quads, key=str):
        assert isinstance(quad.graph_name, Node)
        graphs.setdefault(quad.graph_name, []).append(f"{quad.triple} .")
    blocks = "\n".join(f"GRAPH {graph} {{\n" + "\n".join(lines) + "\n}" for graph, lines in graphs.items())
    return f"{verb} DATA {{\n{blocks}\n}}" if graphs else ""
