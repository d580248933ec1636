"""What a change of articles does to the store, as one SPARQL update: all of it, or nothing.

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


def replacement(
    store: ox.Store,
    mint: Minter,
    gone: Collection[str],
    new: Iterable[ox.Quad] = (),
    origin: tuple[str, str] = ("", ""),
) -> str:
    """The update that takes out the articles with the keys `gone` and puts in the quads `new` of one article.

    `origin` is the new article's key and where it came from; without one the catalog does not name it.
    """
    graphs = {Node(mint.graph(key)) for key in gone}
    entities, catalog = Node(mint.entities), Node(mint.catalog)
    inside = sorted((quad for quad in new if quad.graph_name != entities), key=str)
    touched = {quad.subject for quad in inside if quad.predicate == CLASSIFIED}
    touched |= {quad.subject for graph in graphs for quad in store.quads_for_pattern(None, CLASSIFIED, None, graph)}
    nodes = sorted((node for node in touched if isinstance(node, Node)), key=str)
    about = [triple for node in nodes for triple in _entity(store, node, graphs, inside)]
    steps = [f"DROP SILENT GRAPH {graph}" for graph in sorted(graphs, key=str)]
    steps += [f"DELETE WHERE {{ GRAPH {entities} {{ {node} ?p ?o }} }}" for node in nodes]
    steps += [f"DELETE WHERE {{ GRAPH {catalog} {{ <{mint.article(key)}> ?p ?o }} }}" for key in sorted(gone)]
    steps.append(_delete(_retracted(store, Node(mint.inferred), graphs, inside)))
    if inside:
        steps += [_insert(Node(str(inside[0].graph_name)[1:-1]), [quad.triple for quad in inside])]
    steps.append(_insert(entities, about))
    if all(origin):
        steps.append(_insert(catalog, [ox.Triple(Node(mint.article(origin[0])), ORIGIN, ox.Literal(origin[1]))]))
    return " ;\n".join(filter(None, steps))


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
    return f"DROP SILENT GRAPH {ONTOLOGY_GRAPH} ;\n{_insert(ONTOLOGY_GRAPH, [*triples, version])}"


def _entity(store: ox.Store, node: Node, without: Collection[Node], new: list[ox.Quad]) -> list[ox.Triple]:
    """The types and labels of an entity, from all articles but `without`, and the new quads."""
    kept = [quad for said in (NAMED, CLASSIFIED) for quad in store.quads_for_pattern(node, said, None, None)]
    said = [quad for quad in kept if quad.graph_name not in without] + [quad for quad in new if quad.subject == node]
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
    parents = {NAMESPACE + (CLASSES.get(kind.removeprefix(NAMESPACE)) or "") for kind in kinds}
    return sorted(kinds - parents)


def _insert(graph: Node, triples: list[ox.Triple]) -> str:
    if not triples:
        return ""
    lines = "\n".join(f"{triple} ." for triple in triples)
    return f"INSERT DATA {{ GRAPH {graph} {{\n{lines}\n}} }}"


def _delete(quads: Iterable[ox.Quad]) -> str:
    lines = sorted(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in set(quads))
    return "DELETE DATA {\n" + "\n".join(lines) + "\n}" if lines else ""
