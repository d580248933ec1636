"""Nodes (names, descriptions, pronouns, values, adjectives of place) and what the model thinks of each pair of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maille.model.nn import SIZE, gelu, linear, sigmoid, softmax
from maille.model.weights import Floats, Weights, default

REACH = 220
"""Pairs farther apart than this many tokens are not looked at; training texts hardly have such."""
SIGHT = 256
"""Tokens on either side of a node in which it seeks the words that tie it to another."""
GAPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
"""Steps of the distance between two nodes, in tokens."""


@dataclass(frozen=True, slots=True)
class Node:
    """A span of tokens [start, end) with its label (PER ... NORP, SECTOR ...) and the model's certainty."""

    start: int
    end: int
    label: str
    certainty: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Scores of ordered node pairs: `left`, `right` (p,) node indices, `links` (p, k) probabilities of the link labels,
    `antecedents` (p,) raw scores that `right` is what `left` refers to, `hidden` (p, 384)."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    links: Floats
    antecedents: Floats
    hidden: Floats


def score_pairs(tensor: Floats, words: Sequence[str], nodes: Sequence[Node]) -> Pairs:
    """Run the pair heads over all pairs within reach (and each node with itself); `tensor` (n, 768) has a row a word."""
    w = default()
    s = np.array([n.start for n in nodes], np.int64)
    left, right = np.nonzero(np.abs(s[:, None] - s[None]) <= REACH) if len(nodes) else (s, s)
    hidden = np.zeros((len(left), w["heads.pair.weight"].shape[0]), np.float32)
    if len(nodes):
        sides = _Sides(tensor, words, nodes, w)
        for at in range(0, len(left), 8192):  # bounded memory on long articles
            part = slice(at, at + 8192)
            hidden[part] = sides.pairs(left[part], right[part])
    return Pairs(
        left, right, sigmoid(linear(w, "heads.link", hidden)), linear(w, "heads.antecedent", hidden)[:, 0], hidden
    )


class _Sides:
    """What each node brings into its pairs, computed once."""

    def __init__(self, tensor: Floats, words: Sequence[str], nodes: Sequence[Node], w: Weights) -> None:
        keep = [i for i, word in enumerate(words) if not word.isspace()]
        place = np.zeros(len(words) + 1, np.int64)  # positions are counted without white space, as in training
        place[keep] = 1
        place = np.concatenate([[0], place.cumsum()])
        x = tensor[keep][:, :SIZE]
        self.s = place[[n.start for n in nodes]]
        self.e = np.maximum(place[[n.end for n in nodes]], self.s + 1)
        self.total = np.concatenate([np.zeros_like(x[:1]), x.cumsum(0, dtype=np.float64).astype(np.float32)])
        stop = np.array([words[i] in (".", "?", "!", "…") for i in keep])
        self.stops = np.concatenate([[0], stop.cumsum()])
        labels = {label: i for i, label in enumerate(w.labels["nodes"])}
        mean = (self.total[self.e] - self.total[self.s]) / (self.e - self.s)[:, None]
        m = linear(w, "heads.node", np.concatenate([x[self.s], x[self.e - 1], mean], -1))
        m = np.tanh(m + w["heads.node_label.weight"][[labels[n.label] for n in nodes]])
        self.left, self.right = linear(w, "heads.left", m), linear(w, "heads.right", m)
        self.prod_left, self.prod_right = linear(w, "heads.prod_left", m), linear(w, "heads.prod_right", m)
        self.key, self.value = linear(w, "heads.seek_key", x), linear(w, "heads.seek_value", x)
        self.looks = linear(w, "heads.seek_left", m), linear(w, "heads.seek_right", m)
        self.slopes = np.log1p(np.exp(w["heads.seek_slope"]))
        self.w = w

    def pairs(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> Floats:
        w = self.w
        lo = np.minimum(self.e[i], self.e[j])
        hi = np.maximum(lo, np.maximum(self.s[i], self.s[j]))
        between = (self.total[hi] - self.total[lo]) / np.maximum(hi - lo, 1)[:, None]
        gap = self.s[j] - self.s[i]
        index = np.searchsorted(GAPS, np.abs(gap), side="right") + (gap < 0) * (len(GAPS) + 1)
        stops = np.minimum(self.stops[hi] - self.stops[lo], 5)
        z = self.left[i] + self.right[j] + linear(w, "heads.between", between.astype(np.float32))
        z += w["heads.gap.weight"][index] + w["heads.stops.weight"][stops]
        z += linear(w, "heads.seek_out", self.sought(i, j))
        both = np.concatenate([gelu(z.astype(np.float32)), self.prod_left[i] * self.prod_right[j]], -1)
        return gelu(linear(w, "heads.pair", both.astype(np.float32)))

    def sought(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> Floats:
        """What pairs find (p, 192) in the words that both of their nodes look at: the product of two attentions, after
        the localized context pooling of Zhou et al. 2021."""
        lo = max(0, int(min(self.s[i].min(), self.s[j].min())) - SIGHT)
        hi = min(len(self.key), int(max(self.e[i].max(), self.e[j].max())) + SIGHT)
        both = self._look(0, i, lo, hi) * self._look(1, j, lo, hi)
        return np.asarray(both @ self.value[lo:hi] / (both.sum(1, keepdims=True) + np.float32(1e-9)), np.float32)

    def _look(self, side: int, nodes: NDArray[np.int64], lo: int, hi: int) -> Floats:
        """How much each of `nodes` looks at the tokens [lo, hi), up to a factor: less the farther off they are."""
        own, back = np.unique(nodes, return_inverse=True)
        t = np.arange(lo, hi)
        away = np.maximum(np.maximum(self.s[own, None] - t, t - (self.e[own, None] - 1)), 0)
        logits = self.looks[side][own] @ self.key[lo:hi].T / 8 - self.slopes[side] * np.log1p(away.astype(np.float32))
        logits[away > SIGHT] = -1e4
        return np.asarray(np.exp(logits - logits.max(1, keepdims=True))[back], np.float32)


def how(pairs: Pairs, rows: Sequence[int], labels: Sequence[int]) -> tuple[Floats, Floats]:
    """Probabilities of the modalities (r, 5) and periods (r, 2) of links `labels` at pair rows `rows`."""
    w = default()
    h = np.tanh(linear(w, "heads.how", pairs.hidden[list(rows)]) + w["heads.how_label.weight"][list(labels)])
    return softmax(linear(w, "heads.modality", h)), softmax(linear(w, "heads.period", h))
