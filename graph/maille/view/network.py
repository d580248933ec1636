"""The graph as pyvis builds it: nodes with fixed places, shapes and sizes, edges that know their claims."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from math import sqrt
from typing import Any

import networkx as nx
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from pyvis.edge import Edge
from pyvis.network import Network
from pyvis.node import Node

from maille.errors import MailleError
from maille.view.layout import layout
from maille.view.records import ViewClaim, ViewEntity, ViewGraph
from maille.vocabulary import EVENTS

VIS = "lib/vis-9.1.2/vis-network.min.js"
VIS_SHA256 = "1f20f0736f32cb9bedf8f6383b25cfea2f839e1abe80d6e8040b4d5bea378c69"

SHAPES = {
    "Person": "dot",
    "Organization": "square",
    "Place": "triangle",
    "Product": "hexagon",
    "Event": "diamond",
    "Other": "star",
}
LONGEST_LABEL = 60
SMALLEST_THEME = 4


def vis_script() -> str:
    """vis-network as pyvis bundles it; MailleError where it is not the file that this page was tried with.

    Line ends become those that a browser hashes, and the pointer to a source map goes: it would be asked for.
    """
    content = (files("pyvis") / VIS).read_bytes()
    if hashlib.sha256(content).hexdigest() != VIS_SHA256:
        raise MailleError("pyvis bundles another vis-network than the page expects", "pip install 'pyvis==0.3.2'")
    text = content.decode("utf-8").replace("\r\n", "\n")
    return "\n".join(line for line in text.split("\n") if not line.startswith("//# sourceMappingURL"))


def plain(text: str) -> str:
    """Text for a canvas: no controls, no invisible or direction-changing characters, cut at `LONGEST_LABEL`."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text[:4000])
    bare = " ".join("".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Cs", "Co")).split())
    return bare if len(bare) <= LONGEST_LABEL else bare[: LONGEST_LABEL - 1].rstrip() + "…"


class Drawing(Network):  # type: ignore[misc]
    """pyvis without its template, its writer, its scripts from elsewhere and its slow look-ups."""

    def __init__(self) -> None:
        super().__init__(directed=True, cdn_resources="in_line")
        self.templateEnv = Environment(
            loader=PackageLoader("maille.view", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self.path = "page.html"

    def add_node(self, n_id: str, label: str = "", shape: str = "dot", **options: Any) -> None:
        node = Node(n_id, shape, label=label, **options)
        self.nodes.append(node.options)
        self.node_map[n_id] = node.options

    def add_edge(self, source: str, to: str, **options: Any) -> None:
        self.edges.append(Edge(source, to, directed=True, **options).options)

    def filled(self, **values: Any) -> str:
        """The template filled in; everything that is not `Markup` is escaped."""
        return str(self.templateEnv.get_template(self.path).render(**values))


@dataclass(slots=True)
class Tie:
    """An edge to draw: a relation, an event's role, or an event folded into an edge; `claims` are positions."""

    source: int
    target: int
    property: str
    modality: str
    period: str
    sort: str
    claims: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, the nodes that it shows at first, and their themes: nodes with many ties among them."""

    drawing: Drawing
    first: frozenset[int]
    themes: tuple[tuple[int, ...], ...]


def around(graph: ViewGraph, focus: str, distance: int) -> ViewGraph:
    """The entity `focus` (an id or a name) with what lies at most `distance` ties away; MailleError for none."""
    if distance < 0:
        raise MailleError(f"the distance {distance} is negative", "give 1 for the neighbours, 2 for theirs too")
    centre = _find(graph, focus)
    web = nx.Graph()
    web.add_nodes_from(entity.id for entity in graph.entities)
    numbers = {entity.id: number for number, entity in enumerate(graph.entities)}
    ids = [entity.id for entity in graph.entities]
    ties = [tie for tie in ties_of(graph, numbers) if tie.sort != "role"]
    web.add_edges_from((ids[tie.source], ids[tie.target]) for tie in ties)
    kept = set(nx.ego_graph(web, centre, radius=distance))
    for event, filling in _participants(graph).items():
        if filling and (set(filling) <= kept or (centre in filling and distance > 0)):
            kept.add(event)
    return _only(graph, kept)


def draw(graph: ViewGraph, limit: int) -> Picture:
    """Nodes and edges with everything that does not depend on the reader's choices."""
    numbers = {entity.id: number for number, entity in enumerate(graph.entities)}
    cited = Counter(numbers[side] for c in graph.claims for side in {c.subject, c.object} if side)
    ties = ties_of(graph, numbers)
    first = _first_sight(graph, ties, cited, limit)
    themes = _themes(graph, ties, first, cited)
    places = _places(graph, ties, first, cited, themes)
    drawing = Drawing()
    for number, entity in enumerate(graph.entities):
        place = places.get(number)
        drawing.add_node(
            f"n{number}",
            plain(entity.label) or "?",
            SHAPES[entity.top],
            size=_size(entity, cited[number]),
            cited=cited[number],
            **({"x": place[0], "y": place[1]} if place else {}),
        )
    for number, tie in enumerate(ties):
        options = {"property": tie.property, "modality": tie.modality, "period": tie.period, "sort": tie.sort}
        drawing.add_edge(f"n{tie.source}", f"n{tie.target}", id=f"e{number}", claims=tie.claims, **options)
    return Picture(drawing, first, themes)


def ties_of(graph: ViewGraph, numbers: dict[str, int]) -> list[Tie]:
    """One tie per subject, property, object, modality and period; events as roles and, unless said anyway, folded."""
    ties: dict[tuple[object, ...], Tie] = {}
    said: dict[tuple[object, ...], Tie] = {}

    def tie(source: int, target: int, claim: ViewClaim, name: str, sort: str) -> Tie:
        key = (source, target, name, claim.modality, claim.period, sort)
        return ties.setdefault(key, Tie(source, target, name, claim.modality, claim.period, sort))

    kinds = {entity.id: entity.kind for entity in graph.entities if entity.is_event}
    roles: dict[str, list[int]] = defaultdict(list)
    for position, claim in enumerate(graph.claims):
        is_role = claim.subject in kinds
        if is_role:
            roles[claim.subject].append(position)
        if not claim.object or claim.object == claim.subject:
            continue
        source, target = numbers[claim.subject], numbers[claim.object]
        made = tie(source, target, claim, claim.property, "role" if is_role else "relation")
        made.claims.append(position)
        if not is_role:
            said.setdefault((frozenset((source, target)), claim.sentence, claim.modality), made)
    for event, positions in roles.items():
        claims = [graph.claims[position] for position in positions]
        for one, two in _folded(kinds[event], claims):
            source, target = numbers[one.object], numbers[two.object]
            known = said.get((frozenset((source, target)), two.sentence, two.modality))
            made = known or tie(source, target, two, kinds[event], "event")
            made.claims.extend(position for position in positions if position not in made.claims)
    return list(ties.values())


def _folded(kind: str, claims: Sequence[ViewClaim]) -> list[tuple[ViewClaim, ViewClaim]]:
    """The first participant, in the order of the event's roles, with each of the others."""
    order = {role: place for place, role in enumerate(_ROLE_ORDER.get(kind) or EVENTS[kind])}
    filled = sorted((c for c in claims if c.object), key=lambda c: order.get(c.property, len(order)))
    once: dict[str, ViewClaim] = {}
    for claim in filled:
        once.setdefault(claim.object, claim)
    return [(filled[0], other) for other in list(once.values())[1:]]


_ROLE_ORDER = {
    "FundingRound": ("leadInvestor", "investor", "recipient"),
    "ProductRelease": ("agent", "product", "place"),
}
"""Who acts comes first; other events list their roles in that order already."""


def _participants(graph: ViewGraph) -> dict[str, dict[str, None]]:
    filling: dict[str, dict[str, None]] = {entity.id: {} for entity in graph.entities if entity.is_event}
    for claim in graph.claims:
        if claim.object and claim.subject in filling:
            filling[claim.subject][claim.object] = None
    return filling


def _first_sight(graph: ViewGraph, ties: Sequence[Tie], cited: Counter[int], limit: int) -> frozenset[int]:
    """The most cited entities, the tied ones before the others, and the events between them.

    Where there are more than `limit`, those that have no tie to another of them are left out.
    """
    tied = {end for tie in ties for end in (tie.source, tie.target)}
    entities = [n for n, entity in enumerate(graph.entities) if not entity.is_event and cited[n]]
    ranked = sorted(entities, key=lambda n: (n not in tied, -cited[n], graph.entities[n].id))
    chosen = ranked[: max(limit, 1)]
    if len(entities) > limit:
        among = {n: 0 for n in chosen}
        for tie in ties:
            if tie.source in among and tie.target in among and tie.source != tie.target:
                among[tie.source] = among[tie.target] = 1
        chosen = [n for n in chosen if among[n]] or chosen
    numbers = {entity.id: n for n, entity in enumerate(graph.entities)}
    inside = {graph.entities[n].id for n in chosen}
    events = [
        numbers[event]
        for event, filling in _participants(graph).items()
        if len(inside & set(filling)) >= min(2, len(filling)) and inside & set(filling)
    ]
    return frozenset((*chosen, *events))


def _themes(
    graph: ViewGraph, ties: Sequence[Tie], first: frozenset[int], cited: Counter[int]
) -> tuple[tuple[int, ...], ...]:
    """Entities that hang together (Louvain), the most cited first; groups of `SMALLEST_THEME` or more, largest first."""
    web = nx.Graph()
    entities = [n for n in sorted(first) if not graph.entities[n].is_event]
    web.add_nodes_from(entities)
    for tie in ties:
        if tie.source in web and tie.target in web and tie.source != tie.target:
            weight = len({graph.claims[c].sentence for c in tie.claims})
            known = web.get_edge_data(tie.source, tie.target, {"weight": 0})["weight"]
            web.add_edge(tie.source, tie.target, weight=known + weight)
    found = nx.community.louvain_communities(web, seed=7) if len(web) > 1 else []
    ranked = [
        tuple(sorted(group, key=lambda n: (-cited[n], graph.entities[n].id)))
        for group in found
        if len(group) >= SMALLEST_THEME
    ]
    return tuple(sorted(ranked, key=lambda group: (-len(group), group)))


def _places(
    graph: ViewGraph,
    ties: Sequence[Tie],
    first: frozenset[int],
    cited: Counter[int],
    themes: Sequence[Sequence[int]],
) -> dict[int, tuple[int, int]]:
    """Places of the entities seen at first; the page finds room for what the reader asks for later."""
    entities = (n for n in first if not graph.entities[n].is_event)
    shown = sorted(entities, key=lambda n: (-cited[n], graph.entities[n].id))
    local = {n: place for place, n in enumerate(shown)}
    edges = [(local[t.source], local[t.target]) for t in ties if t.source in local and t.target in local]
    boxes = np.array([_box(graph.entities[n], cited[n], len(shown)) for n in shown]).reshape(-1, 2)
    theme = {n: number for number, group in enumerate(themes, 1) for n in group}
    found = layout(len(shown), edges, boxes, [theme.get(n, 0) for n in shown])
    return {n: (int(found[place, 0]), int(found[place, 1])) for n, place in local.items()}


def _size(entity: ViewEntity, cited: int) -> int:
    return 7 if entity.is_event else round(min(30.0, 7 + 2.2 * sqrt(cited)))


def _box(entity: ViewEntity, cited: int, shown: int) -> tuple[float, float]:
    """Half width and half height: with its label in a small picture, little more than its shape in a large one."""
    size = _size(entity, cited)
    letters = min(len(entity.label), 26) * (3.6 if shown <= 60 else 2.2 if shown <= 160 else 0.8)
    return max(size + 10.0, letters + 8.0), size + (24.0 if shown <= 160 else 12.0)


def _only(graph: ViewGraph, kept: Iterable[str]) -> ViewGraph:
    inside = set(kept)
    claims = tuple(c for c in graph.claims if c.subject in inside and (not c.object or c.object in inside))
    cited = {c.article for c in claims}
    return ViewGraph(
        tuple(e for e in graph.entities if e.id in inside), claims, tuple(a for a in graph.articles if a.id in cited)
    )


def _find(graph: ViewGraph, focus: str) -> str:
    """By id, else by name, else by a part of a name; the most cited where several fit."""
    from maille.rdf.mint import canonical

    wanted = canonical(focus)
    cited = Counter(side for c in graph.claims for side in {c.subject, c.object} if side)
    best: list[tuple[int, int, str]] = []
    for entity in graph.entities:
        names = [canonical(name) for name in (entity.label, *entity.aliases)]
        exact = entity.id == focus or wanted in names
        if not entity.is_event and wanted and (exact or any(wanted in name for name in names)):
            best.append((not exact, -cited[entity.id], entity.id))
    if not best:
        raise MailleError(f"no entity of the graph is called {focus!r}", "`maille info` tells what the graph holds")
    return min(best)[2]
