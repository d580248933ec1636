"""Places: no overlap, the same in every run, components apart, fast enough."""

from __future__ import annotations

import time

import networkx as nx
import numpy as np
import pytest

from maille.view.layout import layout

GRAPHS = {
    "nothing": nx.empty_graph(0),
    "one": nx.empty_graph(1),
    "pair": nx.path_graph(2),
    "strangers": nx.empty_graph(17),
    "path": nx.path_graph(12),
    "star": nx.star_graph(40),
    "all with all": nx.complete_graph(12),
    "tree": nx.balanced_tree(3, 4),
    "scale free": nx.barabasi_albert_graph(220, 2, seed=5),
    "parts": nx.disjoint_union_all([nx.cycle_graph(9), nx.star_graph(6), nx.path_graph(2), nx.empty_graph(3)]),
}


def overlaps(places: np.ndarray, boxes: np.ndarray) -> int:
    apart = np.abs(places[:, None] - places[None]) >= boxes[:, None] + boxes[None] - 1.5
    return int(np.triu(~apart.any(axis=2), 1).sum())


@pytest.mark.parametrize("name", GRAPHS)
def test_no_two_boxes_overlap(name: str) -> None:
    graph = GRAPHS[name]
    boxes = np.tile([60.0, 24.0], (len(graph), 1))
    places = layout(len(graph), list(graph.edges), boxes)
    assert places.shape == (len(graph), 2)
    assert places.dtype == np.int64
    assert overlaps(places, boxes) == 0


def test_the_same_graph_has_the_same_places() -> None:
    graph = GRAPHS["scale free"]
    boxes = np.full((len(graph), 2), 20.0)
    first = layout(len(graph), list(graph.edges), boxes)
    again = layout(len(graph), [(b, a) for a, b in reversed(list(graph.edges))], boxes)
    assert (first == again).all()


def test_neighbours_are_nearer_than_strangers() -> None:
    graph = nx.random_geometric_graph(120, 0.16, seed=2)
    places = layout(len(graph), list(graph.edges), np.full((120, 2), 12.0))
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    tied = np.mean([distance[a, b] for a, b in graph.edges])
    assert tied < distance.mean() / 2.5


def test_loops_and_doubled_edges_do_no_harm() -> None:
    places = layout(3, [(0, 0), (0, 1), (1, 0), (1, 2), (2, 2)], np.full((3, 2), 10.0))
    assert len({tuple(place) for place in places.tolist()}) == 3


def test_a_thousand_nodes_take_seconds() -> None:
    graph = nx.barabasi_albert_graph(1000, 2, seed=3)
    started = time.process_time()
    layout(1000, list(graph.edges), np.full((1000, 2), 24.0))
    assert time.process_time() - started < 12  # 2 s on one idle core


def test_a_large_component_takes_the_sparse_way() -> None:
    graph = nx.barabasi_albert_graph(1500, 2, seed=3)
    boxes = np.full((1500, 2), 16.0)
    places = layout(1500, list(graph.edges), boxes)
    assert overlaps(places, boxes) < 15


def test_groups_come_to_lie_together() -> None:
    graph = nx.planted_partition_graph(4, 25, 0.25, 0.02, seed=4)
    groups = [node // 25 for node in range(100)]
    assert nx.is_connected(graph)
    apart = {}
    for name, given in (("with", groups), ("without", None)):
        places = layout(100, list(graph.edges), np.full((100, 2), 12.0), given).astype(float)
        centres = np.array([places[k * 25 : k * 25 + 25].mean(axis=0) for k in range(4)])
        inside = np.mean([np.linalg.norm(places[n] - centres[groups[n]]) for n in range(100)])
        between = np.mean([np.linalg.norm(a - b) for k, a in enumerate(centres) for b in centres[:k]])
        apart[name] = between / inside
    assert apart["with"] > apart["without"] * 1.1


def test_ten_thousand_nodes_take_seconds() -> None:
    graph = nx.barabasi_albert_graph(10_000, 2, seed=3)
    started = time.process_time()
    layout(10_000, list(graph.edges), np.full((10_000, 2), 20.0))
    assert time.process_time() - started < 20  # 4 s on one idle core
