#!/usr/bin/env python3
"""Training step 2: fine-tune the encoder with all its heads at once (needs PyTorch; a GPU makes it minutes).

    train.py CORPUS.json.gz ENCODER.npz OUT_DIR [--layers N] [--epochs N] [--seed N] [--final]

CORPUS is what convert.py wrote. ENCODER holds multilingual-e5-small (Wang et al. 2024, MIT licence) cut to our
pieces: arrays named emb.* and lN.*. Written: OUT_DIR/part-*.npz (half precision weights) and OUT_DIR/labels.json.
Tasks: tags, lemma rules, sentence starts and biaffine heads (Dozat & Manning 2017) on the treebanks; mentions on the
press pieces and the Wikinews entities (tokens that a corpus does not annotate are marginalised); links between
mentions, their modality and period, and antecedents on the press pieces (entity pairs pool their mention pairs by
log-sum-exp, so a link needs no annotated sentence).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

NAMES = ["PER", "ORG", "LOC", "PROD", "EVENT"]
LAYER_A = [*NAMES, "REF", "MONEY", "DATE", "QTY", "PCT", "JOB", "NORP"]
LAYER_B = ["SECTOR", "AWARD", "ALIAS", "TITLE", "SERIES", "TOPIC", "EVNAME"]
NODE_LABELS = [*LAYER_A, *LAYER_B]
MODALITIES = ["Asserted", "Planned", "Possible", "Conditional", "Denied"]
PERIODS = ["Current", "Former"]
GAPS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192]
HIDDEN = 384


def bio(labels: list[str]) -> list[str]:
    return ["O", *(f"{x}-{name}" for name in labels for x in "BI")]


def bucket(gap: int) -> int:
    return sum(abs(gap) >= g for g in GAPS)


class Fake4(torch.autograd.Function):
    """Rounds weights to 4 bits in groups of 32 along the input, straight-through gradient."""

    @staticmethod
    def forward(ctx: Any, w: torch.Tensor) -> torch.Tensor:
        g = w.reshape(-1, 32)
        peak = g.gather(1, g.abs().argmax(1, keepdim=True))
        scale = (peak / -8).half().float()
        safe = torch.where(scale == 0, torch.ones_like(scale), scale)
        return ((g / safe).round().clamp(-8, 7) * scale).reshape(w.shape)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> torch.Tensor:
        return grad


class Linear(nn.Linear):
    quantise = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        w = Fake4.apply(self.weight) if self.quantise else self.weight
        return F.linear(x, w, self.bias)


class Layer(nn.Module):
    def __init__(self, arrays: dict[str, np.ndarray], n: int) -> None:
        super().__init__()
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            w = torch.tensor(arrays[f"l{n}.{name}.w"])
            linear = Linear(w.shape[1], w.shape[0])
            linear.weight.data, linear.bias.data = w, torch.tensor(arrays[f"l{n}.{name}.b"])
            setattr(self, name, linear)
        for name in ("aln", "oln"):
            norm = nn.LayerNorm(HIDDEN, eps=1e-12)
            norm.weight.data, norm.bias.data = (
                torch.tensor(arrays[f"l{n}.{name}.w"]),
                torch.tensor(arrays[f"l{n}.{name}.b"]),
            )
            setattr(self, name, norm)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        b, n, _ = x.shape
        split = lambda t: t.view(b, n, 12, 32).transpose(1, 2)  # noqa: E731
        a = F.scaled_dot_product_attention(
            split(self.q(x)),
            split(self.k(x)),
            split(self.v(x)),
            attn_mask=mask,
            dropout_p=0.1 if self.training else 0.0,
        )
        x = self.aln(x + self.drop(self.ao(a.transpose(1, 2).reshape(b, n, HIDDEN))))
        return self.oln(x + self.drop(self.fo(F.gelu(self.fi(x)))))


class Encoder(nn.Module):
    def __init__(self, arrays: dict[str, np.ndarray], layers: int) -> None:
        super().__init__()
        self.word = nn.Embedding.from_pretrained(torch.tensor(arrays["emb.word"]).float(), freeze=True)
        self.pos = nn.Embedding.from_pretrained(
            torch.tensor(arrays["emb.pos"] + arrays["emb.type"][0]).float(), freeze=False
        )
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.norm.weight.data, self.norm.bias.data = torch.tensor(arrays["emb.ln.w"]), torch.tensor(arrays["emb.ln.b"])
        self.layers = nn.ModuleList(Layer(arrays, n) for n in range(layers))
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        n = ids.shape[1]
        mask = (torch.arange(n, device=ids.device)[None] < lengths[:, None])[:, None, None, :]
        x = self.drop(self.norm(self.word(ids) + self.pos.weight[:n]))
        for layer in self.layers:
            x = layer(x, mask)
        return x.float()


class Heads(nn.Module):
    def __init__(self, labels: dict[str, list[str]]) -> None:
        super().__init__()
        self.tag = nn.Linear(HIDDEN, len(labels["tags"]))
        self.lemma = nn.Linear(HIDDEN, len(labels["lemmas"]))
        self.start = nn.Linear(HIDDEN, 1)
        self.arc_dep, self.arc_head = nn.Linear(HIDDEN, 256), nn.Linear(HIDDEN, 256)
        self.arc = nn.Parameter(torch.zeros(257, 256))
        self.lab_dep, self.lab_head = nn.Linear(HIDDEN, 96), nn.Linear(HIDDEN, 96)
        self.lab = nn.Parameter(torch.zeros(len(labels["deps"]), 97, 97))
        self.mention = nn.Linear(HIDDEN, len(bio(LAYER_A)))
        self.extra = nn.Linear(HIDDEN, len(bio(LAYER_B)))
        self.node = nn.Linear(3 * HIDDEN, 256)
        self.node_label = nn.Embedding(len(NODE_LABELS), 256)
        self.left, self.right, self.between = nn.Linear(256, 384), nn.Linear(256, 384), nn.Linear(HIDDEN, 384)
        self.gap = nn.Embedding(2 * (len(GAPS) + 1), 384)
        self.stops = nn.Embedding(6, 384)
        self.prod_left, self.prod_right = nn.Linear(256, 256), nn.Linear(256, 256)
        self.pair = nn.Linear(640, 384)
        self.link = nn.Linear(384, len(labels["links"]))
        self.antecedent = nn.Linear(384, 1)
        self.how_label = nn.Embedding(len(labels["links"]), 384)
        self.how = nn.Linear(384, 384)
        self.modality, self.period = nn.Linear(384, len(MODALITIES)), nn.Linear(384, len(PERIODS))
        nn.init.constant_(self.link.bias, -5.0)
        nn.init.normal_(self.gap.weight, std=0.05), nn.init.normal_(self.stops.weight, std=0.05)
        nn.init.normal_(self.node_label.weight, std=0.1)
        self.drop = nn.Dropout(0.2)

    def arcs(self, x: torch.Tensor) -> torch.Tensor:
        """Scores (b, n, n): token i of a sentence hangs on token j; a root hangs on itself."""
        d, h = self.drop(F.gelu(self.arc_dep(x))), self.drop(F.gelu(self.arc_head(x)))
        return torch.cat([d, torch.ones_like(d[..., :1])], -1) @ self.arc @ h.transpose(-1, -2)

    def arc_labels(self, x: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        one = lambda t: torch.cat([t, torch.ones_like(t[..., :1])], -1)  # noqa: E731
        d, h = one(self.drop(F.gelu(self.lab_dep(x)))), one(self.drop(F.gelu(self.lab_head(x))))
        h = h.gather(1, heads[..., None].expand(-1, -1, h.shape[-1]))
        left = torch.einsum("bnd,kde->bnke", d, self.lab)
        return (left @ h[..., None])[..., 0]

    def pairs(self, x: torch.Tensor, nodes: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
        """Hidden vectors (b, m, m, 384) of ordered pairs of `nodes` (b, m, 3: start, end, label) over token vectors x (b, n, 384)."""
        s, e, lab = nodes.unbind(-1)
        total = torch.cat([torch.zeros_like(x[:, :1]), x.cumsum(1)], 1)
        pick = lambda t, i: t.gather(1, i[..., None].expand(-1, -1, t.shape[-1]))  # noqa: E731
        mean = (pick(total, e) - pick(total, s)) / (e - s).clamp(min=1)[..., None]
        m = torch.cat([pick(x, s), pick(x, (e - 1).clamp(min=0)), mean], -1)
        m = torch.tanh(self.drop(self.node(m)) + self.node_label(lab))
        lo = torch.minimum(e[:, :, None], e[:, None])
        hi = torch.maximum(lo, torch.maximum(s[:, :, None], s[:, None]))
        b, k, _ = lo.shape
        mid = pick(total, hi.reshape(b, -1)) - pick(total, lo.reshape(b, -1))
        mid = mid.reshape(b, k, k, -1) / (hi - lo).clamp(min=1)[..., None]
        gap = s[:, None] - s[:, :, None]
        index = torch.bucketize(gap.abs(), torch.tensor(GAPS, device=x.device), right=True) + (gap < 0) * (
            len(GAPS) + 1
        )
        count = torch.cat([torch.zeros_like(stop[:, :1]), stop.cumsum(1)], 1)
        stops = (
            (count.gather(1, hi.reshape(b, -1)) - count.gather(1, lo.reshape(b, -1)))
            .reshape(b, k, k)
            .long()
            .clamp(max=5)
        )
        z = self.left(m)[:, :, None] + self.right(m)[:, None] + self.between(mid) + self.gap(index) + self.stops(stops)
        p = self.prod_left(m)[:, :, None] * self.prod_right(m)[:, None]
        return F.gelu(self.pair(self.drop(torch.cat([F.gelu(z), p], -1))))


# --- batches -----------------------------------------------------------------------------------------------------


def sequence(records: list[dict[str, Any]], breaks: list[bool]) -> tuple[list[int], list[int]]:
    """Piece ids and each token's first piece, of records in a row; a break puts the end piece before a record."""
    ids, first = [0], []
    for record, gap in zip(records, breaks, strict=True):
        if gap:
            ids.append(2)
        for pieces in record["pieces"]:
            first.append(len(ids))
            ids += pieces
    return [*ids, 2], first


def pad(rows: list[list[int]], device: str) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.tensor([len(r) for r in rows])
    out = torch.ones(len(rows), int(lengths.max()), dtype=torch.long)
    for i, r in enumerate(rows):
        out[i, : len(r)] = torch.tensor(r)
    return out.to(device), lengths.to(device)


class Corpus:
    def __init__(self, path: Path, final: bool) -> None:
        self.records: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                r = json.loads(line)
                split = r["split"]
                if final and r["kind"] == "press" and split == "dev":
                    split = "train"
                if final and r["kind"] == "ner" and split == "dev":
                    split = "train"
                self.records[r["kind"], split].append(r)

    def labels(self) -> dict[str, list[str]]:
        train = self.records["tree", "train"]
        count = Counter(lemma for r in train for lemma in r["lemmas"] if lemma)
        return {
            "tags": sorted({t for r in train for t in r["tags"]}),
            "deps": sorted({d for r in train for d in r["deps"]}),
            "lemmas": sorted(k for k, v in count.items() if v >= 2),
        }


def link_labels(records: list[dict[str, Any]]) -> list[str]:
    count = Counter(link[1] for r in records for link in r["links"])
    return sorted(k for k, v in count.items() if v >= 5)


KINDS = {
    "PER": "Person",
    "ORG": "Organization",
    "LOC": "Place",
    "PROD": "Product",
    "EVENT": "Event",
    "NORP": "Place",
    "MONEY": "money",
    "DATE": "date",
    "QTY": "number",
    "PCT": "share",
    "JOB": "text",
    "SECTOR": "text",
    "AWARD": "text",
    "ALIAS": "text",
    "TITLE": "text",
    "SERIES": "text",
    "TOPIC": "text",
    "EVNAME": "text",
}


class Names:
    """Names of each type, as pieces per token, to put in the place of others."""

    def __init__(self, press: list[dict[str, Any]], ner: list[dict[str, Any]]) -> None:
        self.pool: dict[str, list[list[list[int]]]] = defaultdict(list)
        for r in press:
            for s, e, lab, _ in r["nodes"]:
                if lab in NAMES:
                    self.pool[lab].append(r["pieces"][s:e])
        for r in ner:
            for s, e, lab in r["marks"]:
                if lab in ("PER", "ORG", "LOC") and r["source"] == "winer" and e - s < 5:
                    self.pool[lab].append(r["pieces"][s:e])

    def swap(self, r: dict[str, Any], rate: float) -> dict[str, Any]:
        """A copy of `r` in which some entities bear another name of their type wherever they are named."""
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        label = {}
        for s, e, lab, ident in r["nodes"]:
            if lab in NAMES:
                spans[ident].append((s, e))
                label[ident] = lab
        held = [(s, e) for s, e, lab, _ in r["nodes"] if lab in LAYER_B]
        new: dict[tuple[int, int], list[list[int]]] = {}
        for ident, places in spans.items():
            if random.random() > rate or any(s < b and a < e for s, e in places for a, b in held):
                continue
            longest = max(e - s for s, e in places)
            name = random.choice(self.pool[label[ident]])
            for s, e in places:
                short = e - s < longest and label[ident] == "PER" and len(name) > 1
                new[s, e] = name[-1:] if short else name
        words, pieces, where, i = [], [], {}, 0
        starts = {s: (e, name) for (s, e), name in new.items()}
        while i < len(r["words"]):
            where[i] = len(words)
            if i in starts:
                e, name = starts[i]
                words += ["x"] * len(name)
                pieces += name
                for j in range(i + 1, e):
                    where[j] = min(where[i] + j - i, len(words) - 1)
                i = e
            else:
                words.append(r["words"][i])
                pieces.append(r["pieces"][i])
                i += 1
        ends = lambda s, e: where[s] + len(new[s, e]) if (s, e) in new else where[e - 1] + 1  # noqa: E731
        nodes = [[where[s], max(ends(s, e), where[s] + 1), lab, ident] for s, e, lab, ident in r["nodes"]]
        where[len(r["words"])] = len(words)
        kept = {"ends": [where[i + 1] - 1 for i in r.get("ends", ())], "untold": where[r.get("untold", 0)]}
        return {**r, "words": words, "pieces": pieces, "nodes": nodes, **kept}


def noisy(r: dict[str, Any], rate: float = 0.08) -> dict[str, Any]:
    """A copy of `r` with some spans that are nothing, as a mention finder will produce them; they take part in no link."""
    nodes, size = list(r["nodes"]), len(r["words"])
    for k in range(sum(random.random() < rate for _ in r["nodes"])):
        start = random.randrange(size)
        nodes.append(
            [
                start,
                min(size, start + random.choice([1, 1, 2, 3])),
                random.choice(["REF", "REF", *LAYER_A, *LAYER_B]),
                f"x{k}",
            ]
        )
    return {**r, "nodes": nodes}


def join(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Unrelated pieces one after the other, as paragraphs of one text."""
    out: dict[str, Any] = {"words": [], "pieces": [], "nodes": [], "links": [], "ends": []}
    for k, r in enumerate(records):
        at = len(out["words"])
        out["ends"] += [i + at for i in r.get("ends", ())]
        out["words"] += r["words"]
        out["pieces"] += r["pieces"]
        out["nodes"] += [[s + at, e + at, lab, f"{k}:{ident}"] for s, e, lab, ident in r["nodes"]]
        out["links"] += [[f"{k}:{s}", p, f"{k}:{o}", m, t] for s, p, o, m, t in r["links"]]
        if k + 1 < len(records):  # the paragraph's end, as the last token's last piece
            out["pieces"][-1] = [*out["pieces"][-1], 2]
    return out


class Press:
    """Arrays of one press piece."""

    def __init__(self, r: dict[str, Any], links: list[str]) -> None:
        self.record = r
        self.nodes = np.array([(s, e, NODE_LABELS.index(lab)) for s, e, lab, _ in r["nodes"]] or [(0, 1, 0)])
        names = [n[3] for n in r["nodes"]] or ["none"]
        groups = list(dict.fromkeys(names))
        self.group = np.array([groups.index(n) for n in names])
        self.size = len(groups)
        self.target = [(groups.index(s), groups.index(o), links.index(p)) for s, p, o, _, _ in r["links"] if p in links]
        self.how = [(MODALITIES.index(m), PERIODS.index(t)) for _, p, _, m, t in r["links"] if p in links]
        self.stop = np.array([float(w in ".?!…") for w in r["words"]], np.float32)
        self.mentions = np.zeros(len(r["words"]), int)
        self.extra = np.zeros(len(r["words"]), int)
        a, b = bio(LAYER_A), bio(LAYER_B)
        for s, e, lab, ident in r["nodes"]:
            layer, tags = (self.mentions, a) if lab in LAYER_A else (self.extra, b)
            if str(ident).split(":")[-1][0] not in "nx":  # adjectives known from the lexicon, and noise, are nodes only
                layer[s] = tags.index(f"B-{lab}")
                layer[s + 1 : e] = tags.index(f"I-{lab}")
        label = self.nodes[:, 2]
        is_ref = label == NODE_LABELS.index("REF")
        entity = is_ref | (label < len(NAMES))
        start = self.nodes[:, 0]
        self.candidates = is_ref[:, None] & entity[None] & ((start[None] < start[:, None]) | ~is_ref[None])
        np.fill_diagonal(self.candidates, False)
        self.same = self.group[:, None] == self.group[None]


class PressBatch:
    """Several pieces padded to one shape, with flat indices for pooling."""

    def __init__(self, docs: list[Press], links: int, device: str) -> None:
        b, m = len(docs), max(len(d.nodes) for d in docs)
        put = lambda a: torch.as_tensor(a, device=device)  # noqa: E731
        nodes = np.zeros((b, m, 3), int)
        nodes[:, :, 1] = 1
        index = np.zeros((b, m, m), int)  # 0 collects the padding
        cand, same = np.zeros((b, m, m), bool), np.zeros((b, m, m), bool)
        stop = np.zeros((b, max(len(d.stop) for d in docs)), np.float32)
        at, cells, positives, how = 1, [], [], []
        for i, d in enumerate(docs):
            k = len(d.nodes)
            nodes[i, :k] = d.nodes
            index[i, :k, :k] = at + d.group[:, None] * d.size + d.group[None]
            cand[i, :k, :k], same[i, :k, :k] = d.candidates, d.same
            stop[i, : len(d.stop)] = d.stop
            for (s, o, p), h in zip(d.target, d.how, strict=True):
                cell = at + s * d.size + o
                positives.append((cell, p))
                how.append(h)
                inside = np.argwhere(index[i] == cell)
                cells.append(i * m * m + inside[:, 0] * m + inside[:, 1])
            at += d.size * d.size
        self.cells = at
        self.nodes, self.index, self.stop = put(nodes), put(index), put(stop)
        self.candidates, self.same = put(cand), put(same)
        target = np.zeros((at, links), np.float32)
        for cell, p in positives:
            target[cell, p] = 1
        self.target = put(target)
        self.label = put(np.array([p for _, p in positives], int))
        self.how = put(np.array(how, int).reshape(-1, 2))
        width = max((len(c) for c in cells), default=1)
        where = np.zeros((len(cells), width), int)
        for i, c in enumerate(cells):
            where[i] = np.resize(c, width)
        self.where = put(where)


def pool(logits: torch.Tensor, index: torch.Tensor, cells: int) -> torch.Tensor:
    """Log-sum-exp of mention pair logits (b, m, m, k) over entity pairs -> (cells, k)."""
    k = logits.shape[-1]
    index, flat = index.reshape(-1), logits.reshape(-1, k)
    peak = torch.full((cells, k), -1e4, device=logits.device).scatter_reduce(
        0, index[:, None].expand(-1, k), flat.detach(), "amax"
    )
    total = torch.zeros(cells, k, device=logits.device).index_add(0, index, (flat - peak[index]).exp())
    return total.clamp(min=1e-9).log() + peak


def link_scores(heads: Heads, x: torch.Tensor, p: PressBatch) -> tuple[torch.Tensor, ...]:
    """Pooled link logits (cells, k), antecedent scores (b, m, m), modality and period logits of the gold links."""
    z = heads.pairs(x, p.nodes, p.stop)
    logits = heads.link(z)
    flat = logits.reshape(-1, logits.shape[-1])
    best = p.where.gather(1, flat.detach()[p.where, p.label[:, None]].argmax(1, keepdim=True))[:, 0]
    h = heads.drop(torch.tanh(heads.how(z.reshape(-1, 384)[best]) + heads.how_label(p.label)))
    return pool(logits, p.index, p.cells), heads.antecedent(z)[..., 0], heads.modality(h), heads.period(h)


def press_loss(heads: Heads, x: torch.Tensor, p: PressBatch) -> dict[str, torch.Tensor]:
    pooled, antecedent, modality, period = link_scores(heads, x, p)
    bce = F.binary_cross_entropy_with_logits(pooled[1:], p.target[1:], reduction="sum")
    losses = {
        "link": bce / (p.target.sum() + 8 * len(x)),
        "modality": F.cross_entropy(modality, p.how[:, 0]),
        "period": F.cross_entropy(period, p.how[:, 1]),
    }
    score = antecedent.masked_fill(~p.candidates, -1e4)
    rows = (p.candidates & p.same).any(-1)
    good = score.masked_fill(~p.same, -1e4).logsumexp(-1)
    losses["antecedent"] = ((score.logsumexp(-1) - good) * rows).sum() / rows.sum().clamp(min=1)
    return losses


def ner_allowed(r: dict[str, Any]) -> torch.Tensor:
    """Which mention labels each token may bear, (n, labels): what the corpus does not annotate stays open.

    After silver.py has filled in a corpus, only tokens it was unsure of stay open.
    """
    a = bio(LAYER_A)
    marked = ("PER", "ORG", "LOC") if r["source"] == "wikiner" else tuple(NAMES)
    free = torch.tensor([not x.endswith(tuple("-" + n for n in marked)) for x in a])
    rest = torch.tensor([x == "O" or (r["source"] == "wikiner" and x.endswith(("-PROD", "-EVENT"))) for x in a])
    allowed = (rest if "silver" in r else free)[None].repeat(len(r["words"]), 1)
    for i in r.get("open", ()):
        allowed[i] = free
    for s, e, lab in [*r.get("silver", ()), *r["marks"]]:
        for i in range(s, e):
            allowed[i] = False
            if lab == "MISC":
                allowed[i] = torch.tensor([x == "O" or x.endswith(("-PROD", "-EVENT", "-NORP")) for x in a])
            else:
                allowed[i, a.index(("B-" if i == s else "I-") + lab)] = True
    return allowed


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpus", type=Path), ap.add_argument("encoder", type=Path), ap.add_argument("out", type=Path)
    ap.add_argument("--layers", type=int, default=12), ap.add_argument("--epochs", type=float, default=18)
    ap.add_argument("--seed", type=int, default=1), ap.add_argument("--steps", type=int)
    ap.add_argument("--rate", type=float, default=3e-4), ap.add_argument("--seconds", type=float, default=1e9)
    ap.add_argument("--quantise", action="store_true", help="train the last part with weights rounded to 4 bits")
    ap.add_argument("--final", action="store_true", help="train on the dev parts too; the last tenths stay unseen")
    args = ap.parse_args()
    random.seed(args.seed), torch.manual_seed(args.seed), np.random.seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    begin = time.time()
    corpus = Corpus(args.corpus, args.final)
    labels = corpus.labels()
    labels["links"] = link_labels(corpus.records["press", "train"])
    labels |= {
        "mentions": LAYER_A,
        "texts": LAYER_B,
        "nodes": NODE_LABELS,
        "modalities": MODALITIES,
        "periods": PERIODS,
    }
    labels["gaps"] = [str(g) for g in GAPS]
    arrays = {k: v.astype(np.float32) for k, v in np.load(args.encoder).items()}
    encoder, heads = Encoder(arrays, args.layers).to(device), Heads(labels).to(device)
    press = corpus.records["press", "train"]
    names = Names(press, corpus.records["ner", "train"])
    press_dev = [Press(r, labels["links"]) for r in corpus.records["press", "dev"] or corpus.records["press", "test"]]
    trees, ner = corpus.records["tree", "train"], corpus.records["ner", "train"]
    winer = [r for r in ner if r["source"] == "winer"]
    wikiner = [r for r in ner if r["source"] == "wikiner"]
    for r in ner:
        r["allowed"] = ner_allowed(r)
    tag = {t: i for i, t in enumerate(labels["tags"])}
    dep = {t: i for i, t in enumerate(labels["deps"])}
    lemma = {t: i for i, t in enumerate(labels["lemmas"])}
    steps = args.steps or int(args.epochs * len(press) / 8)
    print(
        f"{device} press {len(press)} trees {len(trees)} winer {len(winer)} wikiner {len(wikiner)} links {len(labels['links'])} "
        f"tags {len(tag)} lemmas {len(lemma)} deps {len(dep)} steps {steps} load {time.time() - begin:.0f}s",
        flush=True,
    )
    decay, plain = [], []
    for n, p in [*encoder.named_parameters(), *heads.named_parameters()]:
        if p.requires_grad:
            (plain if p.ndim < 2 else decay).append((n, p))
    head_ids = {id(p) for p in heads.parameters()}
    groups = [
        {
            "params": [p for _, p in rows if (id(p) in head_ids) == h],
            "lr": (8e-4 if h else args.rate),
            "weight_decay": wd,
        }
        for rows, wd in ((decay, 0.01), (plain, 0.0))
        for h in (True, False)
    ]
    optim = torch.optim.AdamW(groups, fused=device == "cuda")
    plan = {"steps": steps}
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optim, lambda s: min(1, (s + 1) / (0.06 * plan["steps"] + 1)) * max(0.02, 1 - s / plan["steps"])
    )
    auto = lambda: torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda")  # noqa: E731
    state: dict[str, list[Any]] = {}

    def take(name: str, pool_: list[Any], n: int) -> list[Any]:
        queue = state.setdefault(name, [])
        while len(queue) < n:
            queue += random.sample(pool_, len(pool_))
        got, state[name] = queue[:n], queue[n:]
        return got

    def encode(rows: list[tuple[list[int], list[int]]]) -> torch.Tensor:
        """Token vectors, padded: (rows, tokens, 384)."""
        ids, lengths = pad([r[0] for r in rows], device)
        first, _ = pad([r[1] for r in rows], device)
        with auto():
            x = encoder(ids, lengths)
        return x.gather(1, first[..., None].expand(-1, -1, HIDDEN))

    def press_doc() -> Press:
        """One to four pieces, half of them under other names, at most 440 word pieces long."""
        chosen: list[dict[str, Any]] = []
        for _ in range(random.choice([1, 1, 2, 3, 4])):
            r = take("press", press, 1)[0]
            r = names.swap(r, 0.5) if random.random() < 0.5 else r
            if chosen and sum(len(p) for c in [*chosen, r] for p in c["pieces"]) > 440:
                break
            chosen.append(noisy(r))
        return Press(join(chosen), labels["links"])

    def tree_groups(n: int) -> list[list[dict[str, Any]]]:
        out = []
        for _ in range(n):
            i, size = random.randrange(len(trees)), random.choice([1, 2, 3, 4, 6])
            out.append(trees[i : i + size] if random.random() < 0.7 else random.sample(trees, size))
            while sum(len(r["words"]) for r in out[-1]) > 260 and len(out[-1]) > 1:
                out[-1].pop()
        return [[r for r in g if len(r["words"]) <= 300] or g[:1] for g in out]

    def tree_loss(groups: list[list[dict[str, Any]]], x: torch.Tensor) -> dict[str, torch.Tensor]:
        sents = [(i, r) for i, g in enumerate(groups) for r in g]
        longest = max(len(r["words"]) for _, r in sents)
        shape = (len(sents), longest)
        row, col, keep = np.zeros(shape, int), np.zeros(shape, int), np.zeros(shape, bool)
        want = {k: np.full(shape, -100) for k in ("tag", "lemma", "dep", "head", "start")}
        at = [0] * len(groups)
        for k, (i, r) in enumerate(sents):
            n = len(r["words"])
            row[k, :], col[k, :n], keep[k, :n] = i, np.arange(at[i], at[i] + n), True
            at[i] += n
            want["tag"][k, :n] = [tag.get(t, -100) for t in r["tags"]]
            want["lemma"][k, :n] = [lemma.get(t, -100) if t else -100 for t in r["lemmas"]]
            want["dep"][k, :n] = [dep.get(t, -100) for t in r["deps"]]
            want["head"][k, :n] = r["heads"]
            want["start"][k, :n] = [1] + [0] * (n - 1)
        put = lambda a: torch.as_tensor(a, device=device)  # noqa: E731
        v, mask = x[put(row), put(col)], put(keep)
        gold = {k: put(a) for k, a in want.items()}
        d = heads.drop(v)
        arcs = heads.arcs(v).masked_fill(~mask[:, None, :], -1e4)
        ce = lambda logits, k: F.cross_entropy(logits.reshape(-1, logits.shape[-1]), gold[k].reshape(-1))  # noqa: E731
        return {
            "tag": ce(heads.tag(d), "tag"),
            "lemma": ce(heads.lemma(d), "lemma"),
            "arc": ce(arcs, "head"),
            "label": ce(heads.arc_labels(v, gold["head"].clamp(min=0)), "dep"),
            "start": 3 * F.binary_cross_entropy_with_logits(heads.start(d)[..., 0][mask], gold["start"][mask].float()),
        }

    weight = {"link": 1.0, "modality": 0.3, "period": 0.2, "antecedent": 0.5, "mention": 2.0, "ner": 1.5}

    def evaluate() -> None:
        encoder.eval(), heads.eval()
        good = found = gold = 0
        link, coref, how = np.zeros(3), np.zeros(2), np.zeros(3)
        a = bio(LAYER_A)
        with torch.no_grad():
            for doc in press_dev:
                x = encode([sequence([doc.record], [False])])
                p = PressBatch([doc], len(labels["links"]), device)
                tags = heads.mention(x[0]).argmax(1).tolist()
                guess, want = (spans([a[i] for i in t]) for t in (tags, doc.mentions.tolist()))
                good, found, gold = good + len(guess & want), found + len(guess), gold + len(want)
                pooled, antecedent, modality, period = link_scores(heads, x, p)
                got = pooled[1:] > 0
                link += [float((got & (p.target[1:] > 0)).sum()), float(got.sum()), float(p.target[1:].sum())]
                rows = (p.candidates & p.same).any(-1)
                best = antecedent.masked_fill(~p.candidates, -1e4).argmax(-1)
                coref += [float(p.same.gather(-1, best[..., None])[..., 0][rows].sum()), float(rows.sum())]
                if len(p.how):
                    how += [
                        float((modality.argmax(1) == p.how[:, 0]).sum()),
                        float((period.argmax(1) == p.how[:, 1]).sum()),
                        len(p.how),
                    ]
        f = lambda g, n, m: (100 * g / max(n, 1), 100 * g / max(m, 1), 200 * g / max(n + m, 1))  # noqa: E731
        print(
            "  dev mention P {:.1f} R {:.1f} F {:.1f}".format(*f(good, found, gold)),
            "link P {:.1f} R {:.1f} F {:.1f}".format(*f(*link)),
            f"antecedent {100 * coref[0] / max(coref[1], 1):.1f} modality {100 * how[0] / max(how[2], 1):.1f} "
            f"period {100 * how[1] / max(how[2], 1):.1f}",
            flush=True,
        )
        encoder.train(), heads.train()

    encoder.train(), heads.train()
    sums: dict[str, Any] = {}
    started = time.time()
    for step in range(steps):
        if step == 60:
            started = time.time()
        if step == 180:  # as many steps as the time given allows, so that the rate still falls to its end
            each = (time.time() - started) / 120 * 1.02
            plan["steps"] = min(steps, step + int((args.seconds - (time.time() - begin)) / each))
            print(f"{each:.3f} s a step, {plan['steps']} steps", flush=True)
        if step == plan["steps"]:
            break
        if args.quantise and step == int(0.5 * plan["steps"]):
            for m in encoder.modules():
                if isinstance(m, Linear):
                    m.quantise = True
        docs, groups_ = [press_doc() for _ in range(8)], tree_groups(12)
        ner_docs = take("winer", winer, 10) + take("wikiner", wikiner, 3)
        rows = [sequence([p.record], [False]) for p in docs]
        rows += [sequence(g, [i > 0 and random.random() < 0.4 for i in range(len(g))]) for g in groups_]
        rows += [sequence([r], [False]) for r in ner_docs]
        rows = [(r[0][:512], r[1]) if len(r[0]) <= 512 else (r[0][:512], [min(i, 511) for i in r[1]]) for r in rows]
        vectors = encode(rows)
        batch = PressBatch(docs, len(labels["links"]), device)
        losses = press_loss(heads, vectors[:8, : batch.stop.shape[1]], batch)
        losses |= tree_loss(groups_, vectors[8:20])
        d = heads.drop(vectors[:8])
        layers = [torch.full(d.shape[:2], -100) for _ in range(2)]
        for i, doc in enumerate(docs):
            layers[0][i, : len(doc.mentions)] = torch.as_tensor(doc.mentions)
            layers[1][i, : len(doc.extra)] = torch.as_tensor(doc.extra)
        for name, head, gold in zip(("mention", "extra"), (heads.mention, heads.extra), layers, strict=True):
            losses[name] = F.cross_entropy(head(d).transpose(1, 2), gold.to(device))
        logp = heads.mention(heads.drop(vectors[20:])).log_softmax(-1)
        allowed = torch.zeros(logp.shape, dtype=torch.bool)
        for i, r in enumerate(ner_docs):
            allowed[i, : len(r["allowed"])] = r["allowed"]
        allowed = allowed.to(device)
        real = allowed.any(-1)
        losses["ner"] = -(logp.masked_fill(~allowed, -1e4).logsumexp(-1) * real).sum() / real.sum()
        total = sum(v * weight.get(k, 1.0) for k, v in losses.items())
        optim.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[union-attr]
        nn.utils.clip_grad_norm_([*encoder.parameters(), *heads.parameters()], 2.0)
        optim.step(), schedule.step()
        for k, v in losses.items():
            sums[k] = sums.get(k, 0.0) + v.detach()
        if (step + 1) % 100 == 0 or step + 1 == plan["steps"]:
            print(
                f"{step + 1} {time.time() - begin:.0f}s "
                + " ".join(f"{k} {float(v) / 100:.3f}" for k, v in sorted(sums.items())),
                flush=True,
            )
            sums.clear()
        if (step + 1) % 600 == 0:
            evaluate()
    evaluate()
    save(args.out, encoder, heads, labels)


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    out, start, label = set(), -1, ""
    for i, t in enumerate([*tags, "O"]):
        if start >= 0 and t != "I-" + label:
            out.add((start, i, label))
            start = -1
        if t.startswith("B-") or (t.startswith("I-") and start < 0):
            start, label = i, t[2:]
    return out


def save(out: Path, encoder: Encoder, heads: Heads, labels: dict[str, list[str]]) -> None:
    """Write all trained tensors in half precision, in parts of at most 12 MB, and the label lists."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = {f"encoder.{k}": v for k, v in encoder.state_dict().items() if not k.startswith("word")}
    tensors |= {f"heads.{k}": v for k, v in heads.state_dict().items()}
    part: dict[str, np.ndarray] = {}
    size = number = 0
    for name, tensor in tensors.items():
        array = tensor.detach().cpu().numpy().astype(np.float16)
        if size + array.nbytes > 12_000_000:
            np.savez(out / f"part-{number}.npz", **part)
            part, size, number = {}, 0, number + 1
        part[name] = array
        size += array.nbytes
    np.savez(out / f"part-{number}.npz", **part)
    (out / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=0), "utf-8")


if __name__ == "__main__":
    main()
