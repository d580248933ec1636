"""What a change of one article does to the store, as one SPARQL update: all of it, or nothing.

The entity graph says each entity's types and labels once, for queries over the union of the graphs slow
down with every repetition. It is made anew for the entities that a change touches, from what each
article's graph keeps of them (maille:named, maille:classified): removing an article leaves no trace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.resources import files

import pyoxigraph as ox

from maille.rdf.build import preferred
from maille.rdf.mint import slug
from maille.rdf.names import ALT_LABEL, CLASSIFIED, NAMED, ONTOLOGY_GRAPH, PREF_LABEL, TYPE, term
from maille.vocabulary import CLASSES, NAMESPACE

Node = ox.NamedNode


def replacement(store: ox.Store, graph: Node, entities: Node, new: Iterable[ox.Quad]) -> str:
    """The update that puts `new` in the place of the article's `graph`; none new: removes it."""
    inside = sorted((quad for quad in new if quad.graph_name == graph), key=str)
    touched = {quad.subject for quad in inside if quad.predicate == CLASSIFIED}
    touched |= {quad.subject for quad in store.quads_for_pattern(None, CLASSIFIED, None, graph)}
    nodes = sorted((node for node in touched if isinstance(node, Node)), key=str)
    steps = [f"DROP SILENT GRAPH {graph}"]
    steps += [f"DELETE WHERE {{ GRAPH {entities} {{ {node} ?p ?o }} }}" for node in nodes]
    about = [triple for node in nodes for triple in _entity(store, node, graph, inside)]
    steps += [_insert(graph, [quad.triple for quad in inside]), _insert(entities, about)]
    return " ;\n".join(filter(None, steps))


def ontology_update(store: ox.Store) -> str:
    """The update that puts in the ontology of this version; empty if it is there."""
    text = (files("maille.ontology") / "maille.ttl").read_text("utf-8")
    version = ox.Triple(ONTOLOGY_GRAPH, term("owl:versionInfo"), ox.Literal(hashlib.sha256(text.encode()).hexdigest()))
    if ox.Quad(version.subject, version.predicate, version.object, ONTOLOGY_GRAPH) in store:
        return ""
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    return f"DROP SILENT GRAPH {ONTOLOGY_GRAPH} ;\n{_insert(ONTOLOGY_GRAPH, [*triples, version])}"


def _entity(store: ox.Store, node: Node, without: Node, new: list[ox.Quad]) -> list[ox.Triple]:
    """The types and labels of an entity, from all articles but `without`, and the new quads."""
    kept = [quad for said in (NAMED, CLASSIFIED) for quad in store.quads_for_pattern(node, said, None, None)]
    said = [quad for quad in kept if quad.graph_name != without] + [quad for quad in new if quad.subject == node]
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
