#!/usr/bin/env python3
"""Training step 5: the judge of claims, from press pieces that training did not see (needs scikit-learn).

    judge.py PRESS_DIR OUT.json [--more FILE ...] [--unseen FILE ...] [--winer DIR] [--jobs N] [--sparing N]

PRESS_DIR holds the press pieces. The words of each label come from claims of the first nine tenths of each file, the
weights from everything proposed in the last tenth, in every sixth piece of the further files, which train.py keeps out,
and in files that it was not given. Run it with the model in place; OUT is graph/maille/extract/judge.json.
Printed: how well calibrated the probabilities are, by cross-validation over whole pieces.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from convert import blocks, titled
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from spacy.language import Language
from spacy.tokens import Doc

from maille.annotate.pipeline import load
from maille.conduct import gather
from maille.extract.judge import Candidate, Features, candidates, context, described, marks, weight
from maille.extract.learned import Link
from maille.records import Article, Date, EntityRef, Money, Text, Value
from maille.values import Tense, currency_near, parse_values
from maille.vocabulary import SYMMETRIC

COARSE = {"chiefExecutiveOf": "leads", "leadInvestor": "investor"}
LITTLE = frozenset({"l", "d", "le", "la", "les", "un", "une", "des", "du", "de"})
VALUES = ("MONEY", "DATE", "QTY", "PCT")
WAYS: tuple[Tense | None, ...] = (None, "past", "future")


def folded(text: str) -> str:
    """A name or text as the gold's scorer compares it: plain letters, no article before it, no punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"^(?:l'|d'|le |la |les |un |une |des |du |de )", "", plain.strip())
    return " ".join(re.findall(r"\w+", plain))


def agrees(told: Value, found: Value) -> bool:
    """Whether a date is the one told or within it, a figure the same to half a percent and in the same currency."""
    if isinstance(told, Date) or isinstance(found, Date):
        return isinstance(told, Date) and isinstance(found, Date) and found.iso[: len(told.iso)] == told.iso
    if isinstance(told, Text) or isinstance(found, Text):
        return False
    near = abs(told.value - found.value) <= 0.005 * max(abs(told.value), abs(found.value), 1e-9)
    both = isinstance(told, Money) and isinstance(found, Money)
    return near and (not both or told.currency == found.currency)


class Truth:
    """What a piece says, in a form that links can be held against."""

    def __init__(self, block: dict[str, Any]) -> None:
        published = dt.date.fromisoformat(block["date"])
        self.surfaces: dict[str, set[str]] = {}
        self.values: dict[str, list[Value]] = {}
        for start, end, label, ident in block["mentions"]:
            text = block["text"][start:end]
            if label in VALUES:
                near = currency_near(block["text"], start)
                for way in WAYS:
                    self.values.setdefault(ident, []).extend(parse_values(text, label, published, way, near))
            if label != "REF":
                self.surfaces.setdefault(ident, set()).add(folded(text))
        for ident, (name, _) in block["names"].items():
            self.surfaces.setdefault(ident, {folded(name)})
        self.claims = [(str(s), p, o) for s, p, o, _ in block["claims"]]
        self.events = [(kind, roles) for kind, roles, _ in block["events"]]

    def same(self, gold: Any, ref: Any, names: dict[str, set[str]]) -> bool:
        """Whether an end of a link is what the annotation names; texts need only share most of their words."""
        told = self.surfaces.get(str(gold), {folded(str(gold))})
        if isinstance(ref, Text):
            return any(alike(a, folded(ref.value)) for a in told)
        if isinstance(ref, EntityRef):
            return bool(told & names.get(ref.key, set()))
        return any(agrees(a, ref) for a in self.values.get(str(gold), ())) or str(gold).strip('"') == getattr(
            ref, "iso", ""
        )

    def holds(self, link: Link, names: dict[str, set[str]]) -> bool:
        left, right = link.left.ref, link.right.ref
        if link.event:
            return any(
                kind == link.event
                and any(
                    COARSE.get(r, r) == COARSE.get(link.role, link.role) and self.same(v, right, names)
                    for r, v in roles
                )
                and (link.left == link.right or any(self.same(v, left, names) for _, v in roles))
                for kind, roles in self.events
            )
        ways = [(left, right), (right, left)] if link.label in SYMMETRIC else [(left, right)]
        return any(
            COARSE.get(p, p) == COARSE.get(link.label, link.label)
            and any(self.same(s, a, names) and (p == "stake" or self.same(o, b, names)) for a, b in ways)
            for s, p, o in self.claims
        )


def alike(a: str, b: str) -> bool:
    """Whether one text holds all words of the other, or both share half of theirs: as the gold is scored."""
    x, y = ({w for w in re.findall(r"\w+", t) if w not in LITTLE} for t in (a, b))
    return bool(x and y) and (x <= y or y <= x or len(x & y) / len(x | y) >= 0.5)


@cache
def reader() -> Language:
    """The shipped pipeline, once a process."""
    return load()


def proposed(pieces: list[dict[str, Any]]) -> Iterator[tuple[Doc, list[Candidate], list[bool]]]:
    """All candidates of each piece, with whether they hold."""
    for block, doc in zip(pieces, reader().pipe(b["text"] for b in pieces), strict=True):
        article = Article("0" * 64, block["text"], published=dt.date.fromisoformat(block["date"]))
        found = gather(article, doc)
        names = {k: {folded(n) for n in (e.name, *e.aliases)} for k, e in found.entities.items()}
        truth = Truth(block)
        told = candidates(found.learned, found.framed)
        yield doc, told, once(truth, told, [truth.holds(c.link, names) for c in told], names)


def once(truth: Truth, told: Sequence[Candidate], right: Sequence[bool], names: dict[str, set[str]]) -> list[bool]:
    """Of the mentions at which somebody may speak only as many hold, the likeliest, as there are statements of theirs."""
    anchors = [i for i, c in enumerate(told) if c.link.label == "Statement.speaker" and c.link.left == c.link.right]
    kept: set[int] = set()
    count: dict[Any, int] = {}
    for i in sorted((i for i in anchors if right[i]), key=lambda i: -weight(told[i])):
        ref = told[i].link.left.ref
        made = sum(
            kind == "Statement" and any(r == "speaker" and truth.same(v, ref, names) for r, v in roles)
            for kind, roles in truth.events
        )
        if count.get(ref, 0) < made:
            count[ref] = count.get(ref, 0) + 1
            kept.add(told[i].link.left.start)
    return [
        holds and (c.link.event != "Statement" or c.link.left.start in kept)
        for c, holds in zip(told, right, strict=True)
    ]


Row = tuple[Features, tuple[str, ...], bool]


def words_of(pieces: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """The label and the content words around each candidate that holds."""
    return [
        (c.link.label, context(doc, c.link))
        for doc, told, right in proposed(pieces)
        for c, holds in zip(told, right, strict=True)
        if holds and c.link.label != "stakeIn"
    ]


def rows_of(pieces: list[dict[str, Any]], words: dict[str, dict[str, float]]) -> list[list[Row]]:
    """For each piece the features, the marks and the truth of each candidate."""
    return [
        [
            (f, marks(c), holds)
            for c, f, holds in zip(told, described(doc, told, words), right, strict=True)
            if c.link.label != "stakeIn"
        ]
        for doc, told, right in proposed(pieces)
    ]


def parted(pieces: list[dict[str, Any]], size: int = 24) -> list[list[dict[str, Any]]]:
    return [pieces[i : i + size] for i in range(0, len(pieces), size)]


def weighted_words(
    contexts: Sequence[tuple[str, Sequence[str]]], least: int = 3, most: int = 40
) -> dict[str, dict[str, float]]:
    """For each label the words that its contexts hold more often than all contexts do, with their log ratio."""
    total: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {}
    sizes: dict[str, int] = {}
    for label, lemmas in contexts:
        sizes[label] = sizes.get(label, 0) + 1
        for word in set(lemmas):
            total[word] = total.get(word, 0) + 1
            own = counts.setdefault(label, {})
            own[word] = own.get(word, 0) + 1
    result: dict[str, dict[str, float]] = {}
    for label in sorted(counts):
        scored = []
        for word, n in counts[label].items():
            ratio = math.log((n + 0.5) / (sizes[label] + 1)) - math.log((total[word] + 0.5) / (len(contexts) + 1))
            if n >= least and ratio > 0.8:
                scored.append((ratio, n, word))
        scored.sort(key=lambda x: (-x[0] * math.log1p(x[1]), x[2]))
        result[label] = {word: round(ratio, 2) for ratio, _, word in scored[:most]}
    return result


def fitted(
    rows: np.ndarray, labels: Sequence[Sequence[str]], known: Sequence[str], good: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray]:
    """Weights of the features, the intercept, and the offsets of the `known` marks (shrunk by their scale)."""
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    design = np.hstack([(rows - mean) / spread, SHRINK * one_hot(labels, known)])
    model = LogisticRegression(C=0.3, max_iter=3000).fit(design, good)
    n = rows.shape[1]
    weights = model.coef_[0][:n] / spread
    return weights, float(model.intercept_[0] - (weights * mean).sum()), SHRINK * model.coef_[0][n:]


def one_hot(marked: Sequence[Sequence[str]], known: Sequence[str]) -> np.ndarray:
    return np.array([[k in own for k in known] for own in marked], float)


def reliability(p: np.ndarray, good: np.ndarray) -> float:
    """Prints a table of tenths; returns the expected calibration error (Naeini et al. 2015)."""
    error = 0.0
    for k in range(10):
        inside = (p >= k / 10) & (p < (k + 1) / 10 + (k == 9))
        if inside.any():
            error += inside.mean() * abs(p[inside].mean() - good[inside].mean())
            print(
                f"  {k / 10:.1f}-{(k + 1) / 10:.1f}: {inside.sum():5} candidates, {100 * good[inside].mean():5.1f} % hold"
            )
    return float(error)


SHRINK = 0.6


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("press", type=Path), ap.add_argument("out", type=Path)
    ap.add_argument("--more", type=Path, nargs="*", default=[])
    ap.add_argument("--unseen", type=Path, nargs="*", default=[], help="press files that training was not given")
    ap.add_argument("--winer", type=Path, help="the folder of WiNER-fr, for annotations that stand without their text")
    ap.add_argument("--jobs", type=int, default=1, help="processes")
    ap.add_argument("--sparing", type=int, default=1, help="take the words from every so many pieces only")
    args = ap.parse_args()
    parts: dict[str, list[dict[str, Any]]] = {"words": [], "weights": []}
    for path in sorted(args.press.glob("*.txt")):
        found = list(blocks(path))
        for i, block in enumerate(found):
            parts["weights" if 10 * i // len(found) == 9 else "words"].append(titled(block))
    for path in args.more:
        for i, block in enumerate(blocks(path, args.winer)):
            parts["weights" if i % 6 == 5 else "words"].append(titled(block))
    for path in args.unseen:
        parts["weights"] += map(titled, blocks(path, args.winer))
    with ProcessPoolExecutor(args.jobs) as pool:
        told_words = pool.map(words_of, parted(parts["words"][:: args.sparing]))
        words = weighted_words([pair for part in told_words for pair in part])
        read = pool.map(partial(rows_of, words=words), parted(parts["weights"]))
        pieces = [piece for part in read for piece in part]
    names = next(list(features) for piece in pieces for features, _, _ in piece)
    rows = [list(features.values()) for piece in pieces for features, _, _ in piece]
    labels = [own for piece in pieces for _, own, _ in piece]
    good = [holds for piece in pieces for _, _, holds in piece]
    group = [n for n, piece in enumerate(pieces) for _ in piece]
    x, y = np.array(rows), np.array(good)
    known = sorted({mark for own in labels for mark in own})
    p = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, group):
        weights, bias, offsets = fitted(x[train], [labels[i] for i in train], known, y[train])
        total = x[test] @ weights + bias + one_hot([labels[i] for i in test], known) @ offsets
        p[test] = 1 / (1 + np.exp(-total))
    print(f"{len(y)} candidates of {len(pieces)} pieces, {y.sum()} hold; by cross-validation:")
    print(f"  expected calibration error {reliability(p, y):.3f}")
    weights, bias, offsets = fitted(x, labels, known, y)
    told = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)} | {"bias": round(bias, 4)}
    data = {
        "weights": told,
        "offsets": {label: round(float(w), 4) for label, w in zip(known, offsets, strict=True)},
        "words": words,
    }
    args.out.write_text(json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    print(told)


if __name__ == "__main__":
    main()
