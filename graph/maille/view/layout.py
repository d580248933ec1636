"""Positions by force-directed placement (Fruchterman and Reingold 1991) from a spectral-like start; always the same."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np


def positions(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], *, rounds: int = 160, spacing: float = 150.0
) -> dict[str, tuple[float, float]]:
    """Coordinates in pixels; components are laid out apart and packed in rows, the largest first."""
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((a, b) for a, b in edges if a != b)
    order = {n: i for i, n in enumerate(nodes)}
    parts = sorted(
        (sorted(c, key=order.__getitem__) for c in nx.connected_components(graph)), key=lambda c: (-len(c), order[c[0]])
    )
    placed: dict[str, tuple[float, float]] = {}
    x = y = row = 0.0
    width = spacing * max(6.0, 1.6 * len(nodes) ** 0.5)
    for part in parts:
        xy = _component(graph, part, rounds) * spacing
        xy -= xy.min(0)
        size = xy.max(0) + spacing
        if x and x + size[0] > width:
            x, y, row = 0.0, y + row, 0.0
        for name, (a, b) in zip(part, xy, strict=True):
            placed[name] = (round(float(a + x), 1), round(float(b + y), 1))
        x += size[0]
        row = max(row, size[1])
    return placed


def _component(graph: nx.Graph, names: Sequence[str], rounds: int) -> np.ndarray:
    n = len(names)
    if n == 1:
        return np.zeros((1, 2))
    index = {name: i for i, name in enumerate(names)}
    links = np.array(
        [
            (index[a], index[b])
            for a, b in sorted(graph.subgraph(names).edges(), key=lambda e: (index[e[0]], index[e[1]]))
        ]
    )
    xy = _start(graph, names, index)
    cool = 0.35 * n**0.5
    for step in range(rounds):
        push = np.zeros_like(xy)
        for at in range(0, n, 512):
            delta = xy[at : at + 512, None] - xy[None]
            distance = (delta**2).sum(-1) + 1e-3
            push[at : at + 512] += (delta / distance[..., None]).sum(1)
        delta = xy[links[:, 0]] - xy[links[:, 1]]
        pull = delta * np.sqrt((delta**2).sum(-1, keepdims=True))
        np.add.at(push, links[:, 0], -pull)
        np.add.at(push, links[:, 1], pull)
        push -= 0.06 * (xy - xy.mean(0))
        length = np.sqrt((push**2).sum(-1, keepdims=True)) + 1e-9
        xy = xy + push / length * np.minimum(length, cool * (1 - step / rounds) + 0.01)
    return xy


def _start(graph: nx.Graph, names: Sequence[str], index: dict[str, int]) -> np.ndarray:
    """Distances to a few far pivots, projected on their two main directions (pivot MDS, Brandes and Pich 2007)."""
    n = len(names)
    pivots, columns = [names[0]], []
    for _ in range(min(n, 12)):
        reach = nx.single_source_shortest_path_length(graph, pivots[-1])
        columns.append([reach[name] for name in names])
        far = np.min(columns, axis=0)
        pivots.append(names[int(far.argmax())])
    d = np.array(columns, float).T ** 2
    d = d - d.mean(0) - d.mean(1, keepdims=True) + d.mean()
    left, values, _ = np.linalg.svd(d, full_matrices=False)
    xy = left[:, :2] * values[:2] ** 0.5 if d.shape[1] > 1 else np.column_stack([d[:, 0], np.zeros(n)])
    xy *= np.where(xy[np.abs(xy).argmax(0), range(2)] < 0, -1.0, 1.0)  # the sign of a singular vector is arbitrary
    xy *= (n**0.5) / (np.abs(xy).max() + 1e-9)
    turn = np.arange(n) * 2.399963  # a golden-angle nudge parts nodes that fall together
    return xy + 0.3 * np.column_stack([np.cos(turn), np.sin(turn)])
