"""Decoding: label sequences, trees, lemmas, on hand-made scores."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from maille.annotate.decode import lemma, spans, tree

TAGS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG"]


def scores(*best: str) -> np.ndarray:
    out = np.zeros((len(best), len(TAGS)), np.float32)
    for i, tag in enumerate(best):
        out[i, TAGS.index(tag)] = 4
    return out


def test_spans_follow_the_labels() -> None:
    found = spans(scores("O", "B-PER", "I-PER", "O", "B-ORG"), TAGS)
    assert [(s, e, label) for s, e, label, _ in found] == [(1, 3, "PER"), (4, 5, "ORG")]
    assert all(0.5 < p <= 1 for *_, p in found)


def test_an_inside_label_never_opens_a_span_or_changes_its_type() -> None:
    found = spans(scores("I-PER", "O", "B-ORG", "I-PER"), TAGS)
    assert all(label in ("PER", "ORG") for _, _, label, _ in found)
    assert (2, 4, "PER") not in [(s, e, label) for s, e, label, _ in found]


def test_no_tokens_no_spans() -> None:
    assert spans(np.zeros((0, len(TAGS)), np.float32), TAGS) == []


def is_tree(heads: list[int]) -> bool:
    roots = [i for i, h in enumerate(heads) if i == h]
    if len(roots) != 1:
        return False
    for i in range(len(heads)):
        seen = set()
        while i not in seen and heads[i] != i:
            seen.add(i)
            i = heads[i]
        if heads[i] != i:
            return False
    return True


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9, 30])
@pytest.mark.parametrize("seed", range(20))
def test_every_decoded_sentence_is_a_tree(size: int, seed: int) -> None:
    heads = tree(np.random.default_rng(seed).normal(size=(size, size)).astype(np.float32) * 3)
    assert is_tree(heads)


@pytest.mark.parametrize("seed", range(8))
def test_the_tree_is_the_best_of_all_under_its_root(seed: int) -> None:
    s = np.random.default_rng(seed).normal(size=(4, 4)).astype(np.float32)
    heads = tree(s)
    root = next(i for i, h in enumerate(heads) if i == h)
    total = lambda h: sum(float(s[i, j]) for i, j in enumerate(h) if i != root)  # noqa: E731
    others = [list(h) for h in itertools.product(range(4), repeat=4) if h[root] == root and is_tree(list(h))]
    assert total(heads) >= max(total(h) for h in others) - 1e-5


@pytest.mark.parametrize(
    ("form", "rule", "expected"),
    [
        ("rachetée", "2+er", "racheter"),
        ("Chevaux", "2+l", "cheval"),
        ("Paris", "K0+", "Paris"),
        ("va", "!aller", "aller"),
        ("a", "9+x", "a"),
    ],
)
def test_lemma_rules(form: str, rule: str, expected: str) -> None:
    assert lemma(form, rule) == expected
