"""Where nodes stand: pivot MDS, then stress, then boxes pushed apart; the same graph gives the same places.

Pivot MDS: Brandes and Pich 2006. Stress over edges and pivots: Ortmann, Klimenta and Brandes 2016, simplified.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGE = 130.0
"""Length that an edge would like to have in a small picture, in pixels at zoom 1; see `_edge_length`."""
ACROSS = 2
"""How many times longer an edge between two groups would like to be."""
DENSE = 1200
"""Up to so many nodes in a component every pair takes part in the stress."""
PIVOTS = 48
GAP = 60.0
"""Room between two components."""


def layout(count: int, edges: Sequence[tuple[int, int]], boxes: Floats, groups: Sequence[int] | None = None) -> Ints:
    """Whole-pixel centres, shape (count, 2), of nodes with these half widths and half heights, shape (count, 2).

    Nodes of one group (a number for each node) come to lie together. No two boxes overlap in graphs of up to
    `DENSE` nodes; in larger ones a few may touch.
    """
    if count == 0:
        return np.zeros((0, 2), dtype=np.int64)
    pairs = np.array(sorted({(min(a, b), max(a, b)) for a, b in edges if a != b}), dtype=np.int64).reshape(-1, 2)
    of = np.zeros(count, dtype=np.int64) if groups is None else np.asarray(groups, dtype=np.int64)
    edge = _edge_length(count)
    parts = [(part, _lay_out_part(part, pairs, boxes, of, edge)) for part in _components(count, pairs)]
    places = np.zeros((count, 2))
    for (part, inner), corner in zip(parts, _pack([_extent(part, inner, boxes) for part, inner in parts]), strict=True):
        low = (inner - boxes[part]).min(axis=0)
        places[part] = inner - low + corner
    middle = (places.min(axis=0) + places.max(axis=0)) / 2
    rounded: Ints = np.rint(places - middle).astype(np.int64)
    return rounded


def _edge_length(count: int) -> float:
    """Shorter in a picture of many nodes, which would be dots on a large sheet otherwise."""
    return float(np.interp(count, [60, 250], [EDGE, EDGE * 0.55]))


def _components(count: int, pairs: Ints) -> list[Ints]:
    """Node numbers of each component, the largest first."""
    label = np.arange(count)
    while True:
        new = label.copy()
        np.minimum.at(new, pairs[:, 0], label[pairs[:, 1]])
        np.minimum.at(new, pairs[:, 1], label[pairs[:, 0]])
        new = new[new]
        if (new == label).all():
            break
        label = new
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def _lay_out_part(part: Ints, pairs: Ints, boxes: Floats, groups: Ints, edge: float) -> Floats:
    count = len(part)
    if count == 1:
        return np.zeros((1, 2))
    number = np.full(int(part.max()) + 1, -1)
    number[part] = np.arange(count)
    inside = pairs[np.isin(pairs[:, 0], part)]
    local = number[inside]
    across = groups[inside[:, 0]] != groups[inside[:, 1]]
    starts, neighbours = _adjacency(*_lengthened(count, local, across))
    if count <= DENSE:
        hops = np.stack([_hops(node, starts, neighbours)[:count] for node in range(count)])
        places = _stress_all(_pivot_mds(hops[:, _spread(hops)].astype(np.float64)), hops)
    else:
        reach = _pivot_hops(starts, neighbours, count)
        places = _stress_sparse(_pivot_mds(reach), reach, local, np.where(across, float(ACROSS), 1.0))
    return _push_apart(_with_room(_level(places) * edge, boxes[part]), boxes[part])


def _lengthened(count: int, pairs: Ints, across: NDArray[np.bool_]) -> tuple[int, Ints]:
    """The graph with helping nodes on the edges between groups, so that those count as `ACROSS` steps."""
    ends = pairs[across]
    parts = [pairs[~across]]
    last = ends[:, 0]
    for step in range(ACROSS - 1):
        helping = count + step * len(ends) + np.arange(len(ends))
        parts.append(np.column_stack([last, helping]))
        last = helping
    parts.append(np.column_stack([last, ends[:, 1]]))
    return count + (ACROSS - 1) * len(ends), np.concatenate(parts)


def _adjacency(count: int, pairs: Ints) -> tuple[Ints, Ints]:
    """Compressed rows: the neighbours of i are ``neighbours[starts[i]:starts[i + 1]]``."""
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    return np.searchsorted(ends[:, 0], np.arange(count + 1)), ends[:, 1]


def _hops(source: int, starts: Ints, neighbours: Ints) -> Ints:
    """Number of edges from `source` to every node."""
    hops = np.full(len(starts) - 1, -1)
    hops[source] = 0
    front, step = np.array([source]), 0
    while len(front):
        step += 1
        found = np.unique(neighbours[_ranges(starts[front], starts[front + 1])])
        front = found[hops[found] < 0]
        hops[front] = step
    return hops


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """start..end of every row, one after the other."""
    sizes = ends - starts
    offsets = np.repeat(starts - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    every: Ints = np.arange(int(sizes.sum())) + offsets
    return every


def _spread(hops: Ints) -> Ints:
    """Pivots far from one another (max-min), from all-pairs distances."""
    chosen = [int(hops.sum(axis=1).argmin())]
    nearest = hops[chosen[0]].copy()
    while len(chosen) < min(PIVOTS, len(hops)):
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, hops[chosen[-1]])
    return np.array(chosen)


def _pivot_hops(starts: Ints, neighbours: Ints, count: int) -> Floats:
    """Distances to max-min pivots among the first `count` nodes, shape (count, pivots).

    The first pivot is the node with most neighbours.
    """
    columns = [_hops(int(np.diff(starts)[:count].argmax()), starts, neighbours)[:count]]
    nearest = columns[0].copy()
    while len(columns) < PIVOTS:
        columns.append(_hops(int(nearest.argmax()), starts, neighbours)[:count])
        nearest = np.minimum(nearest, columns[-1])
    return np.stack(columns, axis=1).astype(float)


def _pivot_mds(hops: Floats) -> Floats:
    """Two coordinates from distances to pivots; a little noise with a fixed seed parts equal nodes."""
    squared = hops**2
    centred = squared.mean(axis=0) + squared.mean(axis=1, keepdims=True) - squared.mean() - squared
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    places: Floats = centred @ axes
    if places.shape[1] < 2:
        places = np.column_stack([places, np.zeros(len(places))])
    spread = np.sqrt((places**2).sum(axis=1).mean()) or 1.0
    target = np.sqrt((squared / 2).mean()) or 1.0
    noise = np.random.default_rng(7).normal(0, 0.15, places.shape)
    scaled: Floats = places * (target / spread) + noise
    return scaled


def _stress_all(places: Floats, hops: Ints) -> Floats:
    """Lower sum of (distance - wanted)^2 / wanted^2 over all pairs."""
    wanted = hops.astype(float)
    np.fill_diagonal(wanted, 1.0)
    weight = wanted**-2
    np.fill_diagonal(weight, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    for _ in range(90 if len(places) <= 500 else 40):
        dx = places[:, :1] - places[:, 0]
        dy = places[:, 1:] - places[:, 1]
        pull = weight * wanted / np.maximum(np.sqrt(dx * dx + dy * dy), 0.05)
        moved = weight @ places
        moved += np.column_stack([(pull * dx).sum(axis=1), (pull * dy).sum(axis=1)])
        places = moved / total
    return places


def _stress_sparse(places: Floats, hops: Floats, pairs: Ints, lengths: Floats) -> Floats:
    """The same over the edges, of these lengths, and the pivots only, with a push between close nodes."""
    far = np.concatenate([lengths, lengths])[:, None]
    pivots = np.array([int(np.flatnonzero(hops[:, column] == 0)[0]) for column in range(hops.shape[1])])
    wanted = np.maximum(hops, 0.5)
    weight = np.where(hops > 0, len(places) / hops.shape[1] / 60 * wanted**-2, 0.0)
    one, two = np.concatenate([pairs, pairs[:, ::-1]]).T
    degree = np.bincount(one, minlength=len(places))
    total = weight.sum(axis=1) + degree
    for turn in range(50):
        dx = places[:, :1] - places[pivots, 0]
        dy = places[:, 1:] - places[pivots, 1]
        pull = weight * (wanted / np.maximum(np.sqrt(dx * dx + dy * dy), 0.05))
        moved = weight @ places[pivots] + np.column_stack([(pull * dx).sum(axis=1), (pull * dy).sum(axis=1)])
        step = places[one] - places[two]
        aim = places[two] + far * step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 0.05)
        moved += np.column_stack([np.bincount(one, aim[:, axis], len(places)) for axis in (0, 1)])
        places = moved / total[:, None]
        if turn % 10 == 9:
            places = _part_close(places, 0.45)
    return places


def _part_close(places: Floats, room: float) -> Floats:
    """Push nodes that are nearer than `room` away from one another, no node further than `room`.

    In a crowd each node heeds some of its neighbours only: the pairs of a dense core would be millions.
    """
    one, two = _near(places, room, most=12)
    dx, dy = (places[one, axis] - places[two, axis] for axis in (0, 1))
    square = dx * dx + dy * dy
    close = square < room * room
    one, two, dx, dy = one[close], two[close], dx[close], dy[close]
    distance = np.maximum(np.sqrt(square[close]), 1e-6)
    push = (room / distance - 1) / 2
    moved = places.copy()
    for axis, step in ((0, dx * push), (1, dy * push)):
        shift = np.bincount(one, step, len(places)) - np.bincount(two, step, len(places))
        moved[:, axis] += np.clip(shift, -room, room)
    return moved


def _level(places: Floats) -> Floats:
    """Turned so that the longer side lies across, as screens do."""
    centred = places - places.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1]
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    turned: Floats = centred @ axes
    return turned


def _with_room(places: Floats, boxes: Floats) -> Floats:
    """Widened until the middle nine tenths could hold their boxes twice; the crowded core opens most."""
    radius = np.linalg.norm(places, axis=1)
    outer = float(np.quantile(radius, 0.9)) or 1.0
    needed = float(np.sqrt(2.5 * 4 * boxes.prod(axis=1).sum() / np.pi))
    if needed <= outer:
        return places
    rank = np.argsort(np.argsort(radius, kind="stable"), kind="stable") / len(places)
    even = needed * np.sqrt(rank)
    aim = np.maximum(radius * needed / outer, 1e-9) * 0.4 + even * 0.6
    wide: Floats = places * (aim / np.maximum(radius, 1e-9))[:, None]
    return wide


def _push_apart(places: Floats, boxes: Floats) -> Floats:
    """Move overlapping boxes along the axis where they overlap less; widen the whole where that does not end."""
    count = len(places)
    rounds, turns = (14, 60) if count <= DENSE else (4, 25)
    for _ in range(rounds):
        for _ in range(turns):
            one, two = _overlaps(places, boxes)
            if not len(one):
                return places
            step = places[one] - places[two]
            excess = boxes[one] + boxes[two] - np.abs(step) + 1.0
            across = excess[:, 0] < excess[:, 1]
            sign = np.where(step < 0, -1.0, np.where(step > 0, 1.0, np.where(one < two, -1.0, 1.0)[:, None]))
            push = sign * excess * np.column_stack([across, ~across]) / 2
            crowd = np.maximum(np.bincount(np.concatenate([one, two]), minlength=count), 1) ** 0.5
            for axis in (0, 1):
                shift = np.bincount(one, push[:, axis], count) - np.bincount(two, push[:, axis], count)
                places[:, axis] = places[:, axis] + shift / crowd
        places = places * 1.08
    return places


def _overlaps(places: Floats, boxes: Floats) -> tuple[Ints, Ints]:
    if len(places) <= 150:
        across = np.abs(places[:, :1] - places[:, 0]) < boxes[:, :1] + boxes[:, 0]
        down = np.abs(places[:, 1:] - places[:, 1]) < boxes[:, 1:] + boxes[:, 1]
        one, two = np.nonzero(np.triu(across & down, 1))
        return one, two
    one, two = _near(places, float(boxes.max()) * 2)
    over = (np.abs(places[one] - places[two]) < boxes[one] + boxes[two]).all(axis=1)
    return one[over], two[over]


def _near(places: Floats, reach: float, most: int | None = None) -> tuple[Ints, Ints]:
    """Pairs of nodes in the same or in touching cells of a grid of this width, each pair once.

    `most` bounds how many a node is paired with in each of five cells.
    """
    cells = np.floor((places - places.min(axis=0)) / reach).astype(np.int64) + 1
    width = int(cells[:, 1].max()) + 2
    key = cells[:, 0] * width + cells[:, 1]
    order = np.argsort(key, kind="stable")
    keys = key[order]
    ones, twos = [], []
    for offset in (0, 1, width - 1, width, width + 1):
        low = np.searchsorted(keys, keys + offset, "left")
        high = np.searchsorted(keys, keys + offset, "right")
        if offset == 0:
            low = np.maximum(low, np.arange(len(keys)) + 1)
        sizes = np.clip(high - low, 0, most)
        ones.append(np.repeat(order, sizes))
        twos.append(order[_ranges(low, low + sizes)])
    return np.concatenate(ones), np.concatenate(twos)


def _extent(part: Ints, inner: Floats, boxes: Floats) -> tuple[float, float]:
    width, height = (inner + boxes[part]).max(axis=0) - (inner - boxes[part]).min(axis=0)
    return float(width), float(height)


def _pack(sizes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Upper left corners of boxes, given the largest first, on shelves about as wide as a screen is."""
    area = sum((width + GAP) * (height + GAP) for width, height in sizes)
    shelf = max(max(width for width, _ in sizes), (area * 1.6) ** 0.5)
    corners, x, y, tallest = [], 0.0, 0.0, 0.0
    for width, height in sizes:
        if x and x + width > shelf:
            x, y, tallest = 0.0, y + tallest + GAP, 0.0
        corners.append((x, y))
        x, tallest = x + width + GAP, max(tallest, height)
    return corners
