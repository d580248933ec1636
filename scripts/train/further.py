#!/usr/bin/env python3
"""Training step 2b: go on from packaged weights with more press text (PyTorch; an hour on two CPU cores).

    further.py CORPUS.json.gz MODEL_DATA_DIR OUT_DIR [--start DIR] [--steps N] [--batch N] [--rate X]

CORPUS is what convert.py --titles --more wrote, MODEL_DATA_DIR holds the weights to go on from (those that package.py
made). Encoder, mention heads and pair heads are trained; the syntactic heads stay as they are, so run vectors.py and
syntax.py afterwards. A long piece goes through the encoder in windows and its pairs are taken over the whole of it,
as when articles are read. Written: OUT_DIR/part-*.npz and OUT_DIR/labels.json as by train.py.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from train import (
    HIDDEN,
    LAYER_A,
    LAYER_B,
    MODALITIES,
    NODE_LABELS,
    Corpus,
    Encoder,
    Heads,
    Names,
    Press,
    PressBatch,
    bio,
    join,
    link_scores,
    ner_allowed,
    noisy,
    pad,
    press_loss,
    save,
    spans,
)

LONGEST, OVERLAP = 440, 60
REACH = 220
SYNTAX = ("tag", "lemma", "start", "arc_dep", "arc_head", "arc", "lab_dep", "lab_head", "lab")
"""Heads that syntax.py trains; they are not touched here."""
WEIGHT = {"link": 1.0, "modality": 0.3, "period": 0.2, "antecedent": 0.5, "mention": 2.0, "extra": 1.0, "ner": 1.5}


def packaged(folder: Path) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """All arrays of packaged weights in single precision, and the label lists."""
    labels = json.loads((folder / "labels.json").read_text("utf-8"))
    if not (
        folder / "weights.npz"
    ).exists():  # what an earlier run of this step wrote; the word embeddings never change
        parts = [np.load(part) for part in sorted(folder.glob("part-*.npz"))]
        return {name: part[name].astype(np.float32) for part in parts for name in part.files}, labels
    with np.load(folder / "weights.npz") as file:
        packed = {name: file[name] for name in file.files}
    blocks = packed.pop("encoder.word.nibbles").reshape(-1, HIDDEN // 32, 16)
    scales = packed.pop("encoder.word.scales").astype(np.float32)
    word = np.concatenate([blocks & 15, blocks >> 4], -1).astype(np.float32) - 8
    arrays = {"encoder.word.weight": (word * scales[..., None]).reshape(-1, HIDDEN)}
    for name, array in packed.items():
        if name.endswith(".scale"):
            continue
        scale = packed[f"{name}.scale"].astype(np.float32) if array.dtype == np.int8 else np.float32(1)
        arrays[name] = array.astype(np.float32) * scale
    return arrays, labels


def started(arrays: dict[str, np.ndarray], labels: dict[str, list[str]]) -> tuple[Encoder, Heads]:
    """Modules that hold packaged weights; heads of another shape (syntax) stay fresh."""
    layers = 1 + max(int(name.split(".")[2]) for name in arrays if name.startswith("encoder.layers."))
    plain = {f"l{n}.{p}.{x}": np.zeros((1, 1), np.float32) for n in range(layers) for p in () for x in "wb"}
    sizes = {"q": (384, 384), "k": (384, 384), "v": (384, 384), "ao": (384, 384), "fi": (1536, 384), "fo": (384, 1536)}
    for n in range(layers):
        for p, (rows, columns) in sizes.items():
            plain[f"l{n}.{p}.w"] = np.zeros((rows, columns), np.float32)
            plain[f"l{n}.{p}.b"] = np.zeros(rows, np.float32)
        for p in ("aln", "oln"):
            plain[f"l{n}.{p}.w"], plain[f"l{n}.{p}.b"] = np.ones(384, np.float32), np.zeros(384, np.float32)
    plain["emb.word"] = arrays["encoder.word.weight"]
    plain["emb.pos"], plain["emb.type"] = arrays["encoder.pos.weight"], np.zeros((2, HIDDEN), np.float32)
    plain["emb.ln.w"], plain["emb.ln.b"] = arrays["encoder.norm.weight"], arrays["encoder.norm.bias"]
    encoder, heads = Encoder(plain, layers), Heads(labels)
    for prefix, module in (("encoder.", encoder), ("heads.", heads)):
        own = module.state_dict()
        given = {k: torch.tensor(arrays[prefix + k]) for k in own if prefix + k in arrays}
        fits = {k: v for k, v in given.items() if v.shape == own[k].shape}
        print(prefix, "fresh:", sorted(set(own) - set(fits)))
        module.load_state_dict(own | fits)
    return encoder, heads


def windows(r: dict[str, Any], rng: random.Random | None = None) -> list[tuple[list[int], list[int], int]]:
    """Windows of a piece: piece ids, each token's place in them, and the first token that counts."""
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


def untold(p: Press, r: dict[str, Any]) -> None:
    """Tokens of an annotated title that bear no name are open, not outside; so is all of a text with coreference only."""
    for layer in (p.mentions, p.extra):
        if r.get("only"):
            layer[:] = -100
        head = layer[: r.get("untold", 0)]
        head[head == 0] = -100


def prepared(r: dict[str, Any], links: list[str]) -> Press:
    p = Press(r, links)
    untold(p, r)
    start = p.nodes[:, 0]
    p.near = np.abs(start[:, None] - start[None]) <= REACH  # type: ignore[attr-defined]
    seen = {(int(a), int(b)) for a, b in zip(*(p.group[k] for k in np.nonzero(p.near)), strict=True)}  # type: ignore[attr-defined]
    kept = [(t, h) for t, h in zip(p.target, p.how, strict=True) if (t[0], t[1]) in seen]
    p.target, p.how = [t for t, _ in kept], [h for _, h in kept]
    return p


def batch_of(docs: list[Press], links: int) -> PressBatch:
    b = PressBatch(docs, links, "cpu")
    for i, d in enumerate(docs):  # pairs out of reach are collected with the padding
        k = len(d.nodes)
        linked = d.near & (not d.record.get("only"))  # type: ignore[attr-defined]
        b.index[i, :k, :k] *= torch.as_tensor(linked, dtype=torch.long)
        b.candidates[i, :k, :k] &= torch.as_tensor(d.near)  # type: ignore[attr-defined]
    return b


def mention_loss(logits: torch.Tensor, gold: torch.Tensor, partial: torch.Tensor) -> torch.Tensor:
    """Cross entropy; in `partial`ly annotated pieces a token without a mark may still be a value or a description."""
    names = ("PER", "ORG", "LOC", "PROD", "EVENT")
    logp = logits.log_softmax(-1)
    free = torch.tensor([not label.endswith(names) for label in bio(LAYER_A)])
    loose = logp.masked_fill(~free, -1e4).logsumexp(-1)
    told = logp.gather(-1, gold.clamp(min=0)[..., None])[..., 0]
    score = torch.where(partial[:, None] & (gold == 0), loose, told)
    known = gold >= 0
    return -(score * known).sum() / known.sum()


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpus", type=Path), ap.add_argument("package", type=Path), ap.add_argument("out", type=Path)
    ap.add_argument("--start", type=Path, help="what an earlier run of this step wrote, to go on from")
    ap.add_argument("--hold", action="store_true", help="do not let the rate fall")
    ap.add_argument("--steps", type=int, default=600), ap.add_argument("--batch", type=int, default=4)
    ap.add_argument("--rate", type=float, default=1e-4), ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--names", type=int, default=3, help="Wikinews texts with names only, in each step")
    ap.add_argument("--freeze", type=int, default=0, help="lowest layers that stay as they are")
    ap.add_argument("--seconds", type=float, default=1e9, help="stop the falling rate at this time")
    args = ap.parse_args()
    random.seed(args.seed), torch.manual_seed(args.seed), np.random.seed(args.seed)
    corpus = Corpus(args.corpus, False)
    arrays, labels = packaged(args.package)
    if args.start:
        arrays |= packaged(args.start)[0]
    encoder, heads = started(arrays, labels)
    for layer in encoder.layers[: args.freeze]:
        layer.requires_grad_(False)
    if args.freeze:
        encoder.pos.requires_grad_(False), encoder.norm.requires_grad_(False)
    links = labels["links"]
    press = corpus.records["press", "train"]
    coref = corpus.records["press", "coref"]
    ner = [r for r in corpus.records["ner", "train"] if r["source"] == "winer"]
    for r in ner:
        r["allowed"] = ner_allowed(r)
    names = Names([r for r in press if not r.get("untold")] or press, ner)
    dev = [prepared(r, links) for r in corpus.records["press", "judge"] or corpus.records["press", "dev"]]
    short = [r for r in press if sum(map(len, r["pieces"])) <= 220]
    long = [r for r in press if sum(map(len, r["pieces"])) > 220]
    print(f"press {len(press)} (long {len(long)}), names {len(ner)}, dev {len(dev)}", flush=True)
    head_ps = [p for n, p in heads.named_parameters() if n.split(".")[0] not in SYNTAX]
    trunk = [p for p in encoder.parameters() if p.requires_grad]
    optim = torch.optim.AdamW(
        [{"params": trunk, "lr": args.rate}, {"params": head_ps, "lr": 4 * args.rate}], weight_decay=0.01
    )
    plan = {"steps": args.steps}
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optim,
        lambda s: min(1, (s + 1) / (0.06 * plan["steps"] + 1)) * max(0.03, 1 if args.hold else 1 - s / plan["steps"]),
    )
    queues: dict[str, list[Any]] = {}

    def take(name: str, pool: list[Any]) -> Any:
        queue = queues.setdefault(name, [])
        if not queue:
            queue += random.sample(pool, len(pool))
        return queue.pop()

    def vectors(records: list[dict[str, Any]]) -> torch.Tensor:
        """Token vectors (records, tokens, 384) over all windows."""
        rows = [(k, *w) for k, r in enumerate(records) for w in windows(r)]
        ids, lengths = pad([r[1] for r in rows], "cpu")
        x = encoder(ids, lengths)
        out = torch.zeros(len(records), max(len(r["pieces"]) for r in records), HIDDEN)
        for i, (k, _, places, begin) in enumerate(rows):
            out[k, begin : begin + len(places)] = x[i, torch.tensor(places)]
        return out

    def press_doc() -> tuple[dict[str, Any], Press]:
        """A long piece, or several short ones in a row; half of them under other names."""

        def one(r: dict[str, Any]) -> dict[str, Any]:
            swapped = names.swap(r, 0.5) if random.random() < 0.5 else r
            return noisy(swapped)

        if coref and random.random() < 0.12:
            r = take("coref", coref)
            return r, prepared(r, links)
        if long and random.random() < plan["share"]:
            r = one(take("long", long))
        else:
            chosen: list[dict[str, Any]] = []
            for _ in range(random.choice([1, 2, 2, 3])):
                nxt = one(take("short", short))
                if chosen and sum(len(p) for c in [*chosen, nxt] for p in c["pieces"]) > LONGEST:
                    break
                chosen.append(nxt)
            # titles inside a row keep their open tokens only for the first piece
            r = chosen[0] if len(chosen) == 1 else {**join(chosen), "untold": chosen[0].get("untold", 0)}
        return r, prepared(r, links)

    plan["share"] = sum(1 for _ in long) / (len(long) + len(short) / 2)

    def evaluate() -> None:
        encoder.eval(), heads.eval()
        told = np.zeros(2)
        with torch.no_grad():
            for doc in [prepared(r, links) for r in corpus.records["press", "coref-test"]]:
                p = batch_of([doc], len(links))
                antecedent = link_scores(heads, vectors([doc.record]), p)[1]
                rows = (p.candidates & p.same).any(-1)
                best = antecedent.masked_fill(~p.candidates, -1e4).argmax(-1)
                told += [float(p.same.gather(-1, best[..., None])[..., 0][rows].sum()), float(rows.sum())]
        print(f"  reports antecedent {100 * told[0] / max(told[1], 1):.1f} of {told[1]:.0f}")
        counts, link, ante, how = np.zeros(3), np.zeros(3), np.zeros(2), np.zeros(2)
        a = bio(LAYER_A)
        with torch.no_grad():
            for doc in dev:
                x = vectors([doc.record])
                p = batch_of([doc], len(links))
                skip = doc.record.get("untold", 0)
                guess = spans([a[i] for i in heads.mention(x[0]).argmax(1).tolist()])
                want = spans([a[max(i, 0)] for i in doc.mentions.tolist()])
                guess, want = ({s for s in g if s[0] >= skip} for g in (guess, want))
                counts += [len(guess & want), len(guess), len(want)]
                pooled, antecedent, modality, _ = link_scores(heads, x, p)
                got = pooled[1:] > 0
                link += [float((got & (p.target[1:] > 0)).sum()), float(got.sum()), float(p.target[1:].sum())]
                rows = (p.candidates & p.same).any(-1)
                best = antecedent.masked_fill(~p.candidates, -1e4).argmax(-1)
                ante += [float(p.same.gather(-1, best[..., None])[..., 0][rows].sum()), float(rows.sum())]
                if len(p.how):
                    how += [float((modality.argmax(1) == p.how[:, 0]).sum()), len(p.how)]
        f = lambda g, n, m: f"P {100 * g / max(n, 1):.1f} R {100 * g / max(m, 1):.1f} F {200 * g / max(n + m, 1):.1f}"  # noqa: E731
        print(
            f"  dev mention {f(*counts)} link {f(*link)} antecedent {100 * ante[0] / ante[1]:.1f} "
            f"modality {100 * how[0] / how[1]:.1f}",
            flush=True,
        )
        encoder.train(), heads.train()

    evaluate()
    begin, sums = time.time(), dict.fromkeys(WEIGHT, 0.0)
    for step in range(args.steps):
        if step == 30:
            each = (time.time() - begin) / 30
            plan["steps"] = int(min(args.steps, args.seconds / each))
            print(f"{each:.2f} s a step, {plan['steps']} steps", flush=True)
        if step >= plan["steps"]:
            break
        docs = [press_doc() for _ in range(args.batch)]
        x = vectors([r for r, _ in docs])
        pieces = [p for _, p in docs]
        losses = press_loss(heads, x, batch_of(pieces, len(links)))
        d = heads.drop(x)
        gold = torch.full((2, *d.shape[:2]), -100)
        for i, p in enumerate(pieces):
            gold[0, i, : len(p.mentions)] = torch.as_tensor(p.mentions)
            gold[1, i, : len(p.extra)] = torch.as_tensor(p.extra)
        partial = torch.tensor([bool(r.get("partial")) for r, _ in docs])
        losses["mention"] = mention_loss(heads.mention(d), gold[0], partial)
        losses["extra"] = F.cross_entropy(heads.extra(d).transpose(1, 2), gold[1])
        if args.names:
            some = [take("ner", ner) for _ in range(args.names)]
            y = vectors(some)
            logp = heads.mention(heads.drop(y)).log_softmax(-1)
            allowed = torch.zeros(logp.shape, dtype=torch.bool)
            for i, r in enumerate(some):
                allowed[i, : len(r["allowed"])] = r["allowed"]
            real = allowed.any(-1)
            losses["ner"] = -(logp.masked_fill(~allowed, -1e4).logsumexp(-1) * real).sum() / real.sum()
        total = sum(v * WEIGHT[k] for k, v in losses.items())
        optim.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[union-attr]
        nn.utils.clip_grad_norm_([*trunk, *head_ps], 2.0)
        optim.step(), schedule.step()
        for k, v in losses.items():
            sums[k] += float(v.detach())
        if (step + 1) % 50 == 0:
            print(
                f"{step + 1} {time.time() - begin:.0f}s " + " ".join(f"{k} {v / 50:.3f}" for k, v in sums.items()),
                flush=True,
            )
            sums = dict.fromkeys(WEIGHT, 0.0)
        if (step + 1) % 200 == 0:
            evaluate()
    evaluate()
    for name in SYNTAX:
        delattr(heads, name)
    save(args.out, encoder, heads, labels)


if __name__ == "__main__":
    assert set(MODALITIES) and set(NODE_LABELS) >= set(LAYER_A) | set(LAYER_B)
    main()
