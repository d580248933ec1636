"""What goes through the network at once: press pieces, treebank sentences and texts with names, as tensors.

`Batches` is an endless source; several workers may draw from it, each with its own random numbers.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from network import LAYER_A, LAYER_B, MODALITIES, NAMES, NODE_LABELS, PERIODS, bio
from torch.utils.data import IterableDataset, get_worker_info

Record = dict[str, Any]
Tensors = dict[str, Any]
LONGEST, OVERLAP = 440, 60
REACH = 220
"""Nodes farther apart than this many tokens are no pair, as when articles are read."""
SYMMETRIC = {"mergesWith", "partnersWith", "competesWith", "spouse", "relative"}
"""Relations that hold both ways (the ontology's symmetric properties): told in one order, learned in both."""


# --- the corpus --------------------------------------------------------------------------------------------------


class Corpus:
    """Records of convert.py by kind and split."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.records: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for path in paths:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    r = json.loads(line)
                    self.records[r["kind"], r["split"]].append(r)

    def labels(self) -> dict[str, list[str]]:
        """The label lists; a lemma rule must occur twice, a link label five times."""
        trees = self.records["tree", "train"]
        lemmas = Counter(lemma for r in trees for lemma in r["lemmas"] if lemma)
        links = Counter(link[1] for r in self.records["press", "train"] for link in r["links"])
        return {
            "tags": sorted({t for r in trees for t in r["tags"]}),
            "deps": sorted({d for r in trees for d in r["deps"]}),
            "lemmas": sorted(k for k, v in lemmas.items() if v >= 2),
            "links": sorted(k for k, v in links.items() if v >= 5),
            "mentions": LAYER_A,
            "texts": LAYER_B,
            "nodes": NODE_LABELS,
            "modalities": MODALITIES,
            "periods": PERIODS,
        }


Name = list[list[int]]
"""The pieces of each token of a name."""


def spaced(r: Record, i: int) -> bool:
    """Whether white space, or nothing, stands before a word."""
    return bool(i == 0 or r["spaces"][i - 1] or i - 1 in r.get("ends", ()))


class Names:
    """Names of each type to put in the place of others, those after white space and those after an apostrophe or a
    bracket apart: their pieces differ, and so do the sounds that they may begin with."""

    def __init__(self, press: list[Record], ner: list[Record]) -> None:
        self.pool: dict[tuple[str, bool], list[tuple[str, Name]]] = defaultdict(list)
        self.known: dict[tuple[str, bool], Name] = {}
        for r in press:
            for s, e, lab, _ in r["nodes"]:
                if lab in NAMES and s >= r.get("untold", 0):
                    self.add(r, s, e, lab)
        for r in ner:
            for s, e, lab in r["marks"]:
                if lab in ("PER", "ORG", "LOC") and r["source"] == "winer" and e - s < 5:
                    self.add(r, s, e, lab)

    def add(self, r: Record, start: int, end: int, label: str) -> None:
        key, name, pieces = spaced(r, start), " ".join(r["words"][start:end]), r["pieces"][start:end]
        self.pool[label, key].append((name, pieces))
        self.known[name, key] = pieces

    def draw(self, label: str, after_space: bool) -> tuple[str, Name]:
        """A name, and its pieces where white space stands before it, or does not."""
        return random.choice(self.pool[self.drawn(label), after_space])

    def drawn(self, label: str) -> str:
        """The type to draw a new name from, as a rule the same: the words around tell what a name is, not its look."""
        other = {"PROD": (0.3, "ORG", "PER"), "ORG": (0.08, "PROD", "PER")}.get(label)
        return random.choice(other[1:]) if other and random.random() < other[0] else label

    def swap(self, r: Record, rate: float) -> Record:
        """A copy of `r` in which some entities bear another name of their type wherever they are named."""
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        label = {}
        for s, e, lab, ident in r["nodes"]:
            if lab in NAMES:
                spans[ident].append((s, e))
                label[ident] = lab
        held = [(s, e) for s, e, lab, _ in r["nodes"] if lab in LAYER_B]
        new: dict[tuple[int, int], Name] = {}
        changed: set[str] = set()
        for ident, places in spans.items():
            if random.random() > rate or any(s < b and a < e for s, e in places for a, b in held):
                continue
            longest = max(e - s for s, e in places)
            told, name = self.draw(label[ident], spaced(r, places[0][0]))
            for s, e in places:
                short = e - s < longest and label[ident] == "PER" and len(name) > 1
                here = name if short else self.known.get((told, spaced(r, s)), name)
                new[s, e] = here[-1:] if short else here
            changed.add(ident)
        words, spaces, pieces, where, i = [], [], [], {}, 0
        starts = {s: (e, name) for (s, e), name in new.items()}
        while i < len(r["words"]):
            where[i] = len(words)
            if i in starts:
                e, name = starts[i]
                words += ["x"] * len(name)
                spaces += [True] * (len(name) - 1) + [r["spaces"][e - 1]]
                pieces += name
                for j in range(i + 1, e):
                    where[j] = min(where[i] + j - i, len(words) - 1)
                i = e
            else:
                words.append(r["words"][i])
                spaces.append(r["spaces"][i])
                pieces.append(r["pieces"][i])
                i += 1
        ends = lambda s, e: where[s] + len(new[s, e]) if (s, e) in new else where[e - 1] + 1  # noqa: E731
        nodes = [[where[s], max(ends(s, e), where[s] + 1), lab, ident] for s, e, lab, ident in r["nodes"]]
        where[len(r["words"])] = len(words)
        kept = {"ends": [where[i + 1] - 1 for i in r.get("ends", ())], "untold": where[r.get("untold", 0)]}
        same = {k: v for k, v in r.get("same", {}).items() if v not in changed}  # their adjectives stay
        return {**r, "words": words, "spaces": spaces, "pieces": pieces, "nodes": nodes, "same": same, **kept}


def noisy(r: Record, rate: float = 0.08) -> Record:
    """A copy of `r` with some spans that are nothing, as a mention finder will produce them; they take part in no link."""
    nodes, size = list(r["nodes"]), len(r["words"])
    for k in range(sum(random.random() < rate for _ in r["nodes"])):
        start = random.randrange(size)
        label = random.choice(["REF", "REF", *LAYER_A, *LAYER_B])
        nodes.append([start, min(size, start + random.choice([1, 1, 2, 3])), label, f"x{k}"])
    return {**r, "nodes": nodes}


def join(records: list[Record]) -> Record:
    """Unrelated pieces one after the other, as paragraphs of one text; their titles stay open."""
    names = ("words", "pieces", "nodes", "links", "ends", "titles")
    out: Record = {"split": "train", "same": {}} | {name: [] for name in names}
    for k, r in enumerate(records):
        at = len(out["words"])
        out["ends"] += [i + at for i in r.get("ends", ())]
        out["titles"].append([at, at + r.get("untold", 0)])
        out["words"] += r["words"]
        out["pieces"] += r["pieces"]
        out["nodes"] += [[s + at, e + at, lab, f"{k}:{ident}"] for s, e, lab, ident in r["nodes"]]
        out["links"] += [[f"{k}:{s}", p, f"{k}:{o}", m, t] for s, p, o, m, t in r["links"]]
        out["same"] |= {f"{k}:{a}": f"{k}:{b}" for a, b in r.get("same", {}).items()}
        if k + 1 < len(records):
            out["ends"].append(len(out["words"]) - 1)
    return {**out, "untold": records[0].get("untold", 0), "partial": any(r.get("partial") for r in records)}


def windows(r: Record) -> list[tuple[list[int], list[int], int]]:
    """Windows of a text: piece ids, each token's place in them, and the first token that counts."""
    pieces = [list(p) for p in r["pieces"]]
    for i in r.get("ends", ()):
        if i + 1 < len(pieces):
            pieces[i] = [*pieces[i], 2]
    sizes = [len(p) for p in pieces]
    total = sum(sizes)
    parts = 1 + total // LONGEST
    target = total / parts
    out, begin = [], 0
    while begin < len(pieces):
        end, size = begin, 0
        while end < len(pieces) and (size < target or parts == 1) and size + sizes[end] <= LONGEST + 60:
            size += sizes[end]
            end += 1
        end = max(end, begin + 1)
        back, shown = begin, 0
        while back > 0 and shown + sizes[back - 1] <= OVERLAP:
            back -= 1
            shown += sizes[back]
        ids, places = [0], []
        for i in range(back, end):
            if i >= begin:
                places.append(len(ids))
            ids += pieces[i]
        out.append((([*ids, 2])[:512], [min(p, 511) for p in places], begin))
        begin = end
    return out


# --- press pieces ------------------------------------------------------------------------------------------------


@dataclass
class Press:
    """One press piece (or several in a row) as arrays."""

    record: Record
    nodes: np.ndarray
    group: np.ndarray
    size: int
    target: list[tuple[int, int, int]]
    how: list[tuple[int, int]]
    mentions: np.ndarray
    extra: np.ndarray
    candidates: np.ndarray
    near: np.ndarray


def prepared(r: Record, links: dict[str, int]) -> Press:
    """Arrays of a piece: links whose ends are nowhere near each other are left out, an annotated title's bare tokens open;
    a symmetric relation is a link in either order."""
    nodes = np.array([(s, e, NODE_LABELS.index(lab)) for s, e, lab, _ in r["nodes"]] or [(0, 1, 0)])
    same = r.get("same", {})
    names = [same.get(n[3], n[3]) for n in r["nodes"]] or ["none"]
    index = {name: k for k, name in enumerate(dict.fromkeys(names))}
    index |= {alias: index[name] for alias, name in same.items() if name in index}
    group = np.array([index[n] for n in names])
    start = nodes[:, 0]
    near = np.abs(start[:, None] - start[None]) <= REACH
    seen = set(zip(*(group[k].tolist() for k in np.nonzero(near)), strict=True))
    target, how = [], []
    for s, p, o, m, t in r["links"]:
        for left, right in {(index[s], index[o]), (index[o], index[s])} if p in SYMMETRIC else {(index[s], index[o])}:
            if p in links and (left, right) in seen:
                target.append((left, right, links[p]))
                how.append((MODALITIES.index(m), PERIODS.index(t)))
    layers = [np.zeros(len(r["words"]), int) for _ in range(2)]
    a, b = bio(LAYER_A), bio(LAYER_B)
    for s, e, lab, ident in r["nodes"]:
        layer, tags = (layers[0], a) if lab in LAYER_A else (layers[1], b)
        if str(ident).split(":")[-1][0] not in "nx":  # adjectives known from the lexicon, and noise, are nodes only
            layer[s] = tags.index(f"B-{lab}")
            layer[s + 1 : e] = tags.index(f"I-{lab}")
    for layer in layers:
        if r.get("only"):
            layer[:] = -100
        for begin, stop in r.get("titles", [[0, r.get("untold", 0)]]):
            head = layer[begin:stop]
            head[head == 0] = -100
    is_ref = nodes[:, 2] == NODE_LABELS.index("REF")
    entity = is_ref | (nodes[:, 2] < len(NAMES))
    candidates = is_ref[:, None] & entity[None] & ((start[None] < start[:, None]) | ~is_ref[None]) & near
    np.fill_diagonal(candidates, False)
    return Press(r, nodes, group, len(index), target, how, layers[0], layers[1], candidates, near)


def press_tensors(docs: list[Press]) -> Tensors:
    """Several pieces padded to one shape, with flat indices for pooling (cell 0 collects what does not count)."""
    b, m, n = len(docs), max(len(d.nodes) for d in docs), max(len(d.mentions) for d in docs)
    nodes = np.zeros((b, m, 3), int)
    nodes[:, :, 1] = 1
    index = np.zeros((b, m, m), int)
    cand, same = (np.zeros((b, m, m), bool) for _ in range(2))
    stop, real = np.zeros((b, n), np.float32), np.zeros((b, n), bool)
    mentions, extra = np.full((b, n), -100), np.full((b, n), -100)
    at, cells, positives, how = 1, [], [], []
    for i, d in enumerate(docs):
        k, size = len(d.nodes), len(d.mentions)
        nodes[i, :k] = d.nodes
        inside = np.where(d.near, at + d.group[:, None] * d.size + d.group[None], 0)
        told = not d.record.get("only")
        index[i, :k, :k] = inside if told else 0
        cand[i, :k, :k], same[i, :k, :k] = d.candidates, d.group[:, None] == d.group[None]
        stop[i, :size] = [w in ".?!…" for w in d.record["words"]]
        real[i, :size] = True
        mentions[i, :size], extra[i, :size] = d.mentions, d.extra
        order = np.argsort(inside, axis=None, kind="stable")
        flat = inside.ravel()[order]
        for (s, o, p), h in zip(d.target, d.how, strict=True):
            cell = at + s * d.size + o
            lo, hi = np.searchsorted(flat, [cell, cell + 1])
            rows, columns = np.divmod(order[lo:hi], k)
            cells.append(i * m * m + rows * m + columns)
            positives.append((cell if told else 0, p))
            how.append(h if told else (-100, -100))
        at += d.size * d.size
    width = max((len(c) for c in cells), default=1)
    where = np.zeros((len(cells), width), int)
    for i, c in enumerate(cells):
        where[i] = np.resize(c, width)
    arrays = {
        "nodes": nodes,
        "index": index,
        "candidates": cand,
        "same": same,
        "stop": stop,
        "real": real,
        "mentions": mentions,
        "extra": extra,
        "positives": np.array(positives, int).reshape(-1, 2),
        "how": np.array(how, int).reshape(-1, 2),
        "where": where,
        "partial": np.array([bool(d.record.get("partial")) for d in docs]),
    }
    return {k: torch.as_tensor(v) for k, v in arrays.items()} | {"cells": at} | text_tensors([d.record for d in docs])


def text_tensors(records: list[Record]) -> Tensors:
    """All windows of some texts as rows of piece ids, and where in them each token stands."""
    rows = [(k, *w) for k, r in enumerate(records) for w in windows(r)]
    ids, lengths = pad([r[1] for r in rows])
    n = max(len(r["pieces"]) for r in records)
    row, place = torch.zeros(len(records), n, dtype=torch.long), torch.zeros(len(records), n, dtype=torch.long)
    for i, (k, _, places, begin) in enumerate(rows):
        row[k, begin : begin + len(places)] = i
        place[k, begin : begin + len(places)] = torch.tensor(places)
    return {"ids": ids, "lengths": lengths, "row": row, "place": place}


def pad(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.tensor([len(r) for r in rows])
    out = torch.ones(len(rows), int(lengths.max()), dtype=torch.long)
    for i, r in enumerate(rows):
        out[i, : len(r)] = torch.tensor(r)
    return out, lengths


# --- names and trees ---------------------------------------------------------------------------------------------


def ner_allowed(r: Record) -> np.ndarray:
    """Which mention labels each token may bear, (n, labels): what the corpus does not annotate, or by other rules (WiNER
    leaves most products and many institutions unmarked), stays open."""
    a = bio(LAYER_A)
    marked = ("PER", "ORG", "LOC") if r["source"] == "wikiner" else ("PER", "LOC")
    free = np.array([not x.endswith(tuple("-" + n for n in marked)) for x in a])
    allowed = np.repeat(free[None], len(r["words"]), 0)
    for s, e, lab in r["marks"]:
        for i in range(s, e):
            allowed[i] = False
            if lab == "MISC":
                allowed[i] = [x == "O" or x.endswith(("-PROD", "-EVENT", "-NORP")) for x in a]
            else:
                allowed[i, a.index(("B-" if i == s else "I-") + lab)] = True
    return allowed


def ner_tensors(records: list[Record]) -> Tensors:
    n = max(len(r["words"]) for r in records)
    allowed = np.zeros((len(records), n, len(bio(LAYER_A))), bool)
    for i, r in enumerate(records):
        allowed[i, : len(r["words"])] = ner_allowed(r)
    return {"allowed": torch.as_tensor(allowed)} | text_tensors(records)


class Trees:
    """Sentences in runs, as rows of a parse."""

    def __init__(self, labels: dict[str, list[str]]) -> None:
        self.index = {k: {v: i for i, v in enumerate(labels[k])} for k in ("tags", "lemmas", "deps")}

    def tensors(self, groups: list[list[Record]]) -> Tensors:
        """Each group goes through the encoder as one row; in some of them a paragraph ends before a sentence."""
        rows, firsts = [], []
        for group in groups:
            ids, first = [0], []
            for k, r in enumerate(group):
                ids += [2] if k and random.random() < 0.4 else []
                for pieces in r["pieces"]:
                    first.append(min(len(ids), 511))
                    ids += pieces
            rows.append([*ids, 2][:512])
            firsts.append(first)
        sents = [(i, r) for i, g in enumerate(groups) for r in g]
        shape = (len(sents), max(len(r["words"]) for _, r in sents))
        row, place = np.zeros(shape, int), np.zeros(shape, int)
        want = {k: np.full(shape, -100) for k in ("tag", "lemma", "dep", "head", "start")}
        at = [0] * len(groups)
        for k, (i, r) in enumerate(sents):
            n = len(r["words"])
            row[k], place[k, :n] = i, firsts[i][at[i] : at[i] + n]
            at[i] += n
            want["tag"][k, :n] = [self.index["tags"].get(t, -100) for t in r["tags"]]
            want["lemma"][k, :n] = [self.index["lemmas"].get(t, -100) if t else -100 for t in r["lemmas"]]
            want["dep"][k, :n] = [self.index["deps"].get(t, -100) for t in r["deps"]]
            want["head"][k, :n] = r["heads"]
            want["start"][k, :n] = [1] + [0] * (n - 1)
        ids, lengths = pad(rows)
        told = {k: torch.as_tensor(v) for k, v in want.items()}
        sure = torch.tensor([0.6 if r["split"] == "parsed" else 1.0 for _, r in sents])
        return told | {
            "ids": ids,
            "lengths": lengths,
            "row": torch.as_tensor(row),
            "place": torch.as_tensor(place),
            "sure": sure,
        }


# --- the source --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sizes:
    """How many of each go into one batch, on an average; of four texts with names one is of WikiNER."""

    press: int = 8
    trees: float = 0
    ner: float = 6


def whole(number: float) -> int:
    """A whole number that is `number` on an average."""
    return int(number) + (random.random() < number % 1)


class Batches(IterableDataset[Tensors]):
    """An endless run of batches: {"press", "trees", "ner"} -> tensors; parts of size 0 are left out."""

    def __init__(self, corpus: Corpus, labels: dict[str, list[str]], sizes: Sizes, seed: int) -> None:
        self.labels, self.sizes, self.seed = labels, sizes, seed
        self.links = {p: i for i, p in enumerate(labels["links"])}
        press = corpus.records["press", "train"]
        self.short = [r for r in press if sum(map(len, r["pieces"])) <= 220]
        self.long = [r for r in press if sum(map(len, r["pieces"])) > 220]
        self.share = len(self.long) / (len(self.long) + len(self.short) / 2)
        self.coref = corpus.records["press", "coref"]
        ner = corpus.records["ner", "train"]
        self.winer = [r for r in ner if r["source"] == "winer"]
        self.wikiner = [r for r in ner if r["source"] == "wikiner"]
        self.trees, self.parsed = corpus.records["tree", "train"], corpus.records["tree", "parsed"]
        self.names = Names(press, ner)
        self.queues: dict[str, list[Record]] = {}

    def take(self, name: str, pool: list[Record]) -> Record:
        queue = self.queues.setdefault(name, [])
        if not queue:
            queue += random.sample(pool, len(pool))
        return queue.pop()

    def varied(self, r: Record) -> Record:
        return noisy(self.names.swap(r, 0.5) if random.random() < 0.5 else r)

    def press(self) -> Press:
        """A long piece, or several short ones in a row; half of them under other names; or a report with coreference only."""
        if self.coref and random.random() < 0.08:
            return prepared(self.take("coref", self.coref), self.links)
        if self.long and random.random() < self.share:
            return prepared(self.varied(self.take("long", self.long)), self.links)
        chosen: list[Record] = []
        for _ in range(random.choice([1, 2, 2, 3])):
            following = self.varied(self.take("short", self.short))
            if chosen and sum(len(p) for c in [*chosen, following] for p in c["pieces"]) > LONGEST:
                break
            chosen.append(following)
        return prepared(chosen[0] if len(chosen) == 1 else join(chosen), self.links)

    def groups(self, n: int) -> list[list[Record]]:
        """Runs of neighbouring sentences, a third of them from parsed press, now and then of unrelated ones."""
        out = []
        for _ in range(n):
            pool = self.parsed if self.parsed and random.random() < 0.35 else self.trees
            i, size = random.randrange(len(pool)), random.choice([1, 2, 3, 4, 6])
            group = pool[i : i + size] if random.random() < 0.8 else random.sample(pool, size)
            group = [r for r in group if len(r["words"]) <= 150] or [self.trees[0]]
            while sum(len(r["words"]) for r in group) > 240 and len(group) > 1:
                group.pop()
            out.append(group)
        return out

    def __iter__(self) -> Iterator[Tensors]:
        worker = get_worker_info()
        if worker is not None:
            random.seed(1000 * self.seed + worker.id)
        z, trees = self.sizes, Trees(self.labels)
        while True:
            docs = [self.press() for _ in range(z.press)]
            batch: Tensors = {"press": press_tensors(docs)}
            if n := whole(z.trees):
                batch["trees"] = trees.tensors(self.groups(n))
            if n := whole(z.ner):
                chances = [random.random() for _ in range(n)]
                texts = [
                    self.take("winer", self.winer) if c > 0.25 else self.take("wikiner", self.wikiner) for c in chances
                ]
                batch["ner"] = ner_tensors(texts)
            yield batch


def moved(tensors: Tensors, device: str) -> Tensors:
    """The same on a device."""
    return {
        k: moved(v, device)
        if isinstance(v, dict)
        else v.to(device, non_blocking=True)
        if isinstance(v, torch.Tensor)
        else v
        for k, v in tensors.items()
    }
