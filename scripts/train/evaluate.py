#!/usr/bin/env python3
"""Training step 6: measure the shipped model on held-out data and write the figures into its meta.json.

    evaluate.py CORPUS.json.gz [--split test|dev] [--model NAME] [--write META.json]

CORPUS is what convert.py wrote. Treebank tests (Sequoia, GSD) run from raw text: sentences, tags, heads and lemmas are
the model's own; a word counts when its token bounds agree with the treebank. Names and values are measured on the
last tenth of each press file (titles left out) and on Wikinews of 2018; links, antecedents, modality and period on the press tenth with
given mentions, as in training.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from spacy.tokens import Doc

from maille.annotate.pipeline import MENTIONS, encoder, load
from maille.model.pairs import Node, how, score_pairs
from maille.model.weights import default


def prf(right: float, found: float, gold: float) -> dict[str, float]:
    return {
        "p": round(100 * right / max(found, 1), 1),
        "r": round(100 * right / max(gold, 1), 1),
        "f": round(200 * right / max(found + gold, 1), 1),
    }


def treebank(records: list[dict[str, Any]], model: str | None) -> dict[str, Any]:
    """POS, UAS, LAS, lemma accuracy and sentence F over sentences strung together ten at a time."""
    nlp = load(model)
    total: Counter[str] = Counter()
    for at in range(0, len(records), 10):
        group = records[at : at + 10]
        words = [w for r in group for w in r["words"]]
        spaces = [s for r in group for s in [*r["spaces"][:-1], True]]
        doc: Doc = Doc(nlp.vocab, words=words, spaces=spaces)
        for _, component in nlp.pipeline:
            doc = component(doc)
        base = 0
        starts = set()
        for r in group:
            starts.add(base)
            for i, word in enumerate(r["words"]):
                token, tag = doc[base + i], r["tags"][i]
                if tag == "SPACE" or (tag.endswith("|_") and r["deps"][i] == "fixed" and not r["whole"][i]):
                    continue
                total["n"] += 1
                total["pos"] += token.pos_ == tag.partition("|")[0]
                head = token.head.i == base + r["heads"][i]
                total["uas"] += head
                total["las"] += head and token.dep_ == r["deps"][i]
                if r["lemmas"][i] is not None:
                    total["lemmas"] += 1
                    total["lemma"] += token.lemma_ == apply(word, r["lemmas"][i])
            base += len(r["words"])
        guess = {s.start for s in doc.sents}
        total["s_right"] += len(guess & starts)
        total["s_found"] += len(guess)
        total["s_gold"] += len(starts)
    rate = lambda k, n="n": round(100 * total[k] / max(total[n], 1), 2)  # noqa: E731
    return {
        "pos": rate("pos"),
        "uas": rate("uas"),
        "las": rate("las"),
        "lemma": rate("lemma", "lemmas"),
        "sentence_f": prf(total["s_right"], total["s_found"], total["s_gold"])["f"],
        "words": total["n"],
    }


def apply(word: str, rule: str) -> str:
    from maille.annotate.decode import lemma

    return lemma(word, rule)


def paged(r: dict[str, Any]) -> tuple[list[str], list[bool], list[int]]:
    """The words and spaces of a record with a line break after each paragraph, and where each of its tokens then stands."""
    words: list[str] = []
    spaces: list[bool] = []
    place: list[int] = []
    ends = set(r.get("ends", ()))
    for i, (word, space) in enumerate(zip(r["words"], r["spaces"], strict=True)):
        place.append(len(words))
        words.append(word)
        spaces.append(space and i not in ends)
        if i in ends:
            words.append("\n")
            spaces.append(False)
    place.append(len(words))
    return words, spaces, place


def names(records: Iterable[dict[str, Any]], kinds: set[str], model: str | None) -> dict[str, Any]:
    """Exact-span F per type; a press record's marks are its nodes (below its title), a Wikinews record's its marks."""
    nlp = load(model)
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for r in records:
        words, spaces, place = paged(r)
        doc = Doc(nlp.vocab, words=words, spaces=spaces)
        for _, component in nlp.pipeline:
            doc = component(doc)
        rows = r["marks"] if "marks" in r else [n[:3] for n in r["nodes"] if not str(n[3]).startswith("n")]
        opening = place[r.get("untold", 0)]
        want = {(place[s], place[e - 1] + 1, lab) for s, e, lab in rows if lab in kinds}
        got = {(m.start, m.end, m.label_) for m in doc.spans[MENTIONS] if m.label_ in kinds and float(m.id_) >= 0.5}
        want, got = ({x for x in side if x[0] >= opening} for side in (want, got))
        for counter, spans in ((right, want & got), (found, got), (gold, want)):
            counter.update(lab for _, _, lab in spans)
            counter.update("all" for _ in spans)
    return {k: prf(right[k], found[k], gold[k]) | {"n": gold[k]} for k in sorted(gold)}


def links(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Links between given mentions, pooled as in reading; antecedents; modality and period of found links."""
    names_ = default().labels["links"]
    index = {k: i for i, k in enumerate(names_)}
    vocab = load().vocab
    total: Counter[str] = Counter()
    for r in records:
        words, spaces, place = paged(r)
        doc = encoder(Doc(vocab, words=words, spaces=spaces))
        nodes = [Node(place[s], place[e - 1] + 1, lab, 1.0) for s, e, lab, _ in r["nodes"]]
        if not nodes:
            continue
        same = r.get("same", {})
        ids = [same.get(n[3], n[3]) for n in r["nodes"]]
        pairs = score_pairs(doc.tensor, words, nodes)
        odds = np.log(np.clip(pairs.links, 1e-6, 1)) - np.log(np.clip(1 - pairs.links, 1e-6, 1))
        pooled: dict[tuple[str, str, str], list[tuple[float, int]]] = defaultdict(list)
        for row, k in zip(*np.nonzero(pairs.links > 0.02), strict=True):
            pooled[ids[pairs.left[row]], names_[k], ids[pairs.right[row]]].append((float(odds[row, k]), int(row)))
        got = {key: max(rows)[1] for key, rows in pooled.items() if np.logaddexp.reduce([o for o, _ in rows]) > 0}
        want = {(same.get(s, s), p, same.get(o, o)): (m, t) for s, p, o, m, t in r["links"] if p in index}
        hit = sorted(set(got) & set(want))
        total["right"] += len(hit)
        total["found"] += len(got)
        total["gold"] += len(want)
        if hit:
            modality, period = how(pairs, [got[h] for h in hit], [index[h[1]] for h in hit])
            labels = default().labels
            total["modality"] += sum(
                labels["modalities"][int(m.argmax())] == want[h][0] for h, m in zip(hit, modality, strict=True)
            )
            total["period"] += sum(
                labels["periods"][int(t.argmax())] == want[h][1] for h, t in zip(hit, period, strict=True)
            )
        kinds = {"PER", "ORG", "LOC", "PROD", "EVENT"}
        for i, n in enumerate(nodes):
            rows = [
                q
                for q in np.nonzero(pairs.left == i)[0]
                if pairs.right[q] != i
                and (
                    nodes[pairs.right[q]].label in kinds
                    or (nodes[pairs.right[q]].label == "REF" and nodes[pairs.right[q]].start < n.start)
                )
            ]
            if n.label == "REF" and any(ids[pairs.right[q]] == ids[i] for q in rows):
                total["refs"] += 1
                total["antecedent"] += ids[pairs.right[max(rows, key=lambda q: pairs.antecedents[q])]] == ids[i]
    rate = lambda k, n: round(100 * total[k] / max(total[n], 1), 1)  # noqa: E731
    return prf(total["right"], total["found"], total["gold"]) | {
        "antecedent": rate("antecedent", "refs"),
        "modality": rate("modality", "right"),
        "period": rate("period", "right"),
    }


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpus", type=Path)
    ap.add_argument("--split", default="test"), ap.add_argument("--model"), ap.add_argument("--write", type=Path)
    args = ap.parse_args()
    records: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(args.corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            r = json.loads(line)
            records[r["kind"], r["split"]].append(r)
    press = records["press", args.split]
    five = {"PER", "ORG", "LOC", "PROD", "EVENT"}
    scores = {
        "sequoia": treebank(records["tree", "test-sequoia"], args.model),
        "gsd": treebank(records["tree", "test-gsd"], args.model),
        "names_press": names(press, five, args.model),
        "mentions_press": names(press, set(default().labels["mentions"]) - five, args.model),
        "names_wikinews_2018": names(records["ner", "dev"], five, args.model),
    }
    if args.model is None:
        scores["links_press"] = links(press)
    print(json.dumps(scores, indent=1, ensure_ascii=False))
    if args.write:
        meta = json.loads(args.write.read_text("utf-8")) if args.write.exists() else {}
        meta["scores"] = scores
        args.write.write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
