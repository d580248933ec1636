#!/usr/bin/env python3
"""Training step 6: the second look at links, from press pieces (needs scikit-learn).

    scorer.py PRESS_DIR OUT.json

PRESS_DIR holds the press pieces and their check.py. The words of each label come from links that hold in the first
eight tenths of each file, the weights from all links proposed in the ninth tenth, which train.py did not see; the last
tenth stays unseen. Run it with the weights in place; OUT is graph/maille/extract/scorer.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc

from maille.annotate.pipeline import load
from maille.conduct import gather
from maille.extract.learned import Link
from maille.extract.scorer import FEATURES, context, features, weighted_words
from maille.records import Article, Date, EntityRef, Text
from maille.values import parse_values

COARSE = {"chiefExecutiveOf": "leads", "leadInvestor": "investor"}
VALUES = ("MONEY", "DATE", "QTY", "PCT")


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").lower())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip()


class Truth:
    """What a piece says, in a form that links can be held against."""

    def __init__(self, block: dict[str, Any]) -> None:
        published = dt.date.fromisoformat(block["date"])
        self.surfaces: dict[str, set[str]] = {}
        for start, end, label, ident in block["mentions"]:
            if label != "REF":
                text = block["text"][start:end]
                told = {repr(v) for v in parse_values(text, label, published)} if label in VALUES else {folded(text)}
                self.surfaces.setdefault(ident, set()).update(told)
        for ident, (name, _) in block["names"].items():
            self.surfaces.setdefault(ident, {folded(name)})
        self.claims = [(str(s), p, o) for s, p, o, _ in block["claims"]]
        self.events = [(kind, roles) for kind, roles, _ in block["events"]]

    def same(self, gold: Any, end: set[str]) -> bool:
        told = self.surfaces.get(str(gold), {folded(str(gold).strip('"'))})
        return bool(told & end)

    def holds(self, link: Link, names: dict[str, set[str]]) -> bool:
        left, right = (_end(a.ref, names) for a in (link.left, link.right))
        if link.event:
            return any(
                kind == link.event
                and any(COARSE.get(r, r) == COARSE.get(link.role, link.role) and self.same(v, right) for r, v in roles)
                and (link.left == link.right or any(self.same(v, left) for _, v in roles))
                for kind, roles in self.events
            )
        return any(
            COARSE.get(p, p) == COARSE.get(link.label, link.label)
            and self.same(s, left)
            and (p == "stake" or self.same(o, right))
            for s, p, o in self.claims
        )


def _end(ref: Any, names: dict[str, set[str]]) -> set[str]:
    if isinstance(ref, EntityRef):
        return names.get(ref.key, set())
    return (
        {folded(ref.value)} if isinstance(ref, Text) else {repr(ref)} | ({ref.iso} if isinstance(ref, Date) else set())
    )


def judged(blocks: list[dict[str, Any]]) -> Iterator[tuple[Doc, Link, bool]]:
    """Every proposed link of the pieces, with whether it holds."""
    for block, doc in zip(blocks, load().pipe(b["text"] for b in blocks), strict=True):
        article = Article("0" * 64, block["text"], published=dt.date.fromisoformat(block["date"]))
        entities, _, links = gather(article, doc)
        names = {k: {folded(n) for n in (e.name, *e.aliases)} for k, e in entities.items()}
        truth = Truth(block)
        for link in links:
            if link.label != "stakeIn":
                yield doc, link, truth.holds(link, names)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("press", type=Path), ap.add_argument("out", type=Path)
    args = ap.parse_args()
    sys.path.insert(0, str(args.press))
    from check import read  # type: ignore[import-not-found]

    parts: dict[str, list[dict[str, Any]]] = {"words": [], "weights": []}
    for path in sorted(args.press.glob("*.txt")):
        blocks = list(read(path))
        for i, block in enumerate(blocks):
            tenth = 10 * i // len(blocks)
            if tenth < 9:
                parts["weights" if tenth == 8 else "words"].append(block)
    words = weighted_words([(link.label, context(doc, link)) for doc, link, good in judged(parts["words"]) if good])
    rows, labels, good = [], [], []
    for doc, link, right in judged(parts["weights"]):
        found = features(doc, link, words.get(link.label, {}))
        rows.append([found[name] for name in FEATURES[1:]])
        labels.append(link.label)
        good.append(right)
    known = sorted(set(labels))
    design = np.hstack([np.array(rows), 0.6 * np.array([[x == label for label in known] for x in labels], float)])
    n = len(FEATURES) - 1
    mean, spread = design[:, :n].mean(0), design[:, :n].std(0) + 1e-9
    design[:, :n] = (design[:, :n] - mean) / spread
    fitted = LogisticRegression(C=0.3, max_iter=2000).fit(design, good)
    weights = fitted.coef_[0][:n] / spread
    told = dict(zip(FEATURES[1:], (round(float(w), 4) for w in weights), strict=True))
    told["bias"] = round(float(fitted.intercept_[0] - (weights * mean).sum()), 4)
    offsets = {label: round(float(w) * 0.6, 4) for label, w in zip(known, fitted.coef_[0][n:], strict=True)}
    data = {"weights": told, "labels": offsets, "words": words}
    args.out.write_text(json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    print(f"{len(good)} links, {sum(good)} hold: {told}")


if __name__ == "__main__":
    main()
