"""From scores to structures: label sequences, trees, lemmas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from maille.model.weights import Floats


def log_softmax(x: Floats) -> Floats:
    """Logarithm of the softmax over the last axis."""
    shifted = x - x.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)), np.float32)


def spans(scores: Floats, tags: Sequence[str]) -> list[tuple[int, int, str, float]]:
    """Best non-overlapping labelled spans (start, end, label, mean probability) from BIO scores (n, tags), by Viterbi."""
    if not len(scores):
        return []
    logp = log_softmax(scores)
    may = np.array([[not t.startswith("I-") or p in (f"B-{t[2:]}", t) for p in tags] for t in tags])
    blocked = np.where(may, 0.0, -1e9)
    opening = np.where([t.startswith("I-") for t in tags], -1e9, 0.0)
    best = logp[0] + opening
    back = np.zeros((len(logp), len(tags)), np.int64)
    for i in range(1, len(logp)):
        step = best[None] + blocked
        back[i] = step.argmax(1)
        best = step[np.arange(len(tags)), back[i]] + logp[i]
    path = [int(best.argmax())]
    for i in range(len(logp) - 1, 0, -1):
        path.append(int(back[i][path[-1]]))
    path.reverse()
    found: list[tuple[int, int, str, float]] = []
    start = 0
    while start < len(path):
        tag = tags[path[start]]
        end = start + 1
        if tag != "O":
            while end < len(path) and tags[path[end]] == f"I-{tag[2:]}":
                end += 1
            certainty = float(np.exp(np.mean([logp[i, path[i]] for i in range(start, end)])))
            found.append((start, end, tag[2:], certainty))
        start = end
    return found


def tree(scores: Floats) -> list[int]:
    """Heads of one sentence from arc scores (n, n), scores[i, j] for i under j, the root under itself; always a tree."""
    n = len(scores)
    root = int((log_softmax(scores).diagonal()).argmax())
    masked = np.array(scores, np.float64)
    masked[np.arange(n), np.arange(n)] = -1e9
    masked[root] = -1e9
    masked[root, root] = 0.0
    heads = masked.argmax(1)
    if _is_tree(heads, root):
        return [int(h) for h in heads]
    return _maximum_tree(masked, root)


def _is_tree(heads: NDArray[np.int64], root: int) -> bool:
    reach = heads.copy()
    for _ in range(max(1, int(np.ceil(np.log2(max(2, len(heads))))))):
        reach = reach[reach]
    return bool((reach == root).all())


def _maximum_tree(scores: NDArray[np.float64], root: int) -> list[int]:
    """Chu-Liu/Edmonds: the maximum spanning tree under `root`."""
    n = len(scores)
    heads = [root if i == root else int(scores[i].argmax()) for i in range(n)]
    cycle = _cycle(heads, root)
    if not cycle:
        return heads
    inside = set(cycle)
    outside = [i for i in range(n) if i not in inside]
    index = {old: new for new, old in enumerate(outside)}
    merged = np.full((len(outside) + 1, len(outside) + 1), -1e9)
    top = len(outside)
    kept = {i: scores[i, heads[i]] for i in cycle}
    enter: dict[int, int] = {}
    leave: dict[int, int] = {}
    for i in outside:
        for j in outside:
            merged[index[i], index[j]] = scores[i, j]
        leave[i] = max(cycle, key=lambda c: (scores[i, c], -c))
        merged[index[i], top] = scores[i, leave[i]]
        enter[i] = max(cycle, key=lambda c: (scores[c, i] - kept[c], -c))
        merged[top, index[i]] = scores[enter[i], i] - kept[enter[i]]
    solved = _maximum_tree(merged, index[root])
    for i in outside:
        if i != root:
            heads[i] = leave[i] if solved[index[i]] == top else outside[solved[index[i]]]
    parent = outside[solved[top]]
    heads[enter[parent]] = parent
    return heads


def _cycle(heads: Sequence[int], root: int) -> list[int]:
    done: set[int] = {root}
    for start in range(len(heads)):
        path: list[int] = []
        i = start
        while i not in done and i not in path:
            path.append(i)
            i = heads[i]
        if i in path:
            return path[path.index(i) :]
        done.update(path)
    return []


def lemma(form: str, rule: str) -> str:
    """Apply a suffix script: "2+ir" cuts two letters and adds "ir"; "K" keeps capitals; "!" replaces the whole."""
    keep = rule.startswith("K")
    rule = rule[keep:]
    base = form if keep else form.lower()
    if rule.startswith("!"):
        return rule[1:]
    cut, _, ending = rule.partition("+")
    size = int(cut)
    return base[: len(base) - size] + ending if size <= len(base) else base
