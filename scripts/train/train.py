#!/usr/bin/env python3
"""Training step 3: fine-tune encoder and heads at once (needs PyTorch; bfloat16 where it computes, some 2 s a step of four pieces
a core).

    train.py CORPUS.json.gz ENCODER.npz OUT_DIR [--start DIR] [--syntax] [--hold] [--jobs N] [--steps N] [--seed N]
             [--more FILE ...]

CORPUS is what convert.py wrote, ENCODER what encoder.py wrote: multilingual-e5-small (Wang et al. 2024, MIT licence) cut
to our pieces. Written: OUT_DIR/part-*.npz (half precision) and OUT_DIR/labels.json.

Tasks: mentions on the press pieces and the Wikinews entities (tokens that a corpus does not annotate are marginalised);
links between nodes, their modality and period, and antecedents on the press pieces (entity pairs pool their mention pairs
by log-sum-exp, so a link needs no annotated sentence). With --syntax also tags, lemma rules, sentence starts and biaffine
heads on treebanks and on press that a parser parsed.

--start goes on from what an earlier run, or unpack.py, wrote; --hold keeps the rate up, for a run whose result is averaged with others or
gone on from with a falling rate.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from batches import Batches, Corpus, Record, Sizes, Tensors, Trees, moved, prepared, press_tensors
from network import CHANCE, HIDDEN, LAYER_A, Reader, bio, load_labels, saved
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader

WEIGHT = {
    "link": 1.0,
    "modality": 0.3,
    "period": 0.2,
    "antecedent": 0.5,
    "mention": 2.0,
    "extra": 1.0,
    "ner": 1.5,
    "start": 3.0,
}
MEET = 10
"""Steps after which processes that train together average their weights."""
FREE = torch.tensor([not label.endswith(("PER", "ORG", "LOC", "PROD", "EVENT")) for label in bio(LAYER_A)])


# --- forward passes ----------------------------------------------------------------------------------------------


def vectors(reader: Reader, *parts: Tensors) -> list[torch.Tensor]:
    """Token vectors (texts, tokens, 768) of text tensors, all encoded at once; rows of padding hold whatever stands first."""
    width = max(t["ids"].shape[1] for t in parts)
    lengths = torch.cat([t["lengths"] for t in parts])
    if lengths.is_cuda:
        x = reader.encoder(
            torch.cat([F.pad(t["ids"], (0, width - t["ids"].shape[1]), value=1) for t in parts]), lengths
        )
    else:  # a processor does better without padding
        rows = [row[None, :n] for t in parts for row, n in zip(t["ids"], t["lengths"].tolist(), strict=True)]
        x = torch.cat([F.pad(reader.encoder(row), (0, 0, 0, width - row.shape[1])) for row in rows])
    out, at = [], 0
    for t in parts:
        out.append(x[at + t["row"], t["place"]])
        at += len(t["ids"])
    return out


def scores(reader: Reader, t: Tensors, x: torch.Tensor) -> Tensors:
    """All that the heads say of press tensors: mention logits, link logits of node pairs, antecedent scores, hidden vectors."""
    heads, x = reader.heads, x[..., :HIDDEN]
    d = heads.drop(x)
    z = heads.pairs(x, t["nodes"], t["stop"], t["real"])
    return {
        "mention": heads.mention(d).float(),
        "extra": heads.extra(d).float(),
        "link": heads.link(z).float(),
        "antecedent": heads.antecedent(z)[..., 0].float(),
        "hidden": z,
    }


def manner(reader: Reader, t: Tensors, s: Tensors) -> tuple[torch.Tensor, torch.Tensor]:
    """Modality and period logits of the positive links, read at the node pair that says each of them most surely."""
    heads, label = reader.heads, t["positives"][:, 1]
    flat = s["link"].detach().reshape(-1, s["link"].shape[-1])
    best = t["where"].gather(1, flat[t["where"], label[:, None]].argmax(1, keepdim=True))[:, 0]
    h = torch.tanh(heads.how(s["hidden"].reshape(-1, HIDDEN)[best]) + heads.how_label(label))
    h = heads.drop(h)
    return heads.modality(h).float(), heads.period(h).float()


def pool(logits: torch.Tensor, index: torch.Tensor, cells: int) -> torch.Tensor:
    """Log-sum-exp of node pair logits (b, m, m, k) over entity pairs -> (cells, k)."""
    k = logits.shape[-1]
    index, flat = index.reshape(-1), logits.reshape(-1, k)
    peak = torch.full((cells, k), -1e4, device=logits.device).scatter_reduce(
        0, index[:, None].expand(-1, k), flat.detach(), "amax"
    )
    total = torch.zeros(cells, k, device=logits.device).index_add(0, index, (flat - peak[index]).exp())
    return total.clamp(min=1e-9).log() + peak


# --- losses ------------------------------------------------------------------------------------------------------


def mention_loss(logits: torch.Tensor, gold: torch.Tensor, partial: torch.Tensor) -> torch.Tensor:
    """Cross entropy; in `partial`ly annotated pieces a token without a mark may still be a value or a description."""
    logp = logits.log_softmax(-1)
    loose = logp.masked_fill(~FREE.to(logits.device), -1e4).logsumexp(-1)
    told = logp.gather(-1, gold.clamp(min=0)[..., None])[..., 0]
    score = torch.where(partial[:, None] & (gold == 0), loose, told)
    known = gold >= 0
    return -(score * known).sum() / known.sum().clamp(min=1)


def cross_entropy(logits: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """Mean over what is known (-100 is not); 0 where nothing is."""
    return F.cross_entropy(logits, gold, reduction="sum") / (gold >= 0).sum().clamp(min=1)


def press_loss(reader: Reader, t: Tensors, s: Tensors) -> Tensors:
    """Losses against the annotation."""
    pooled = pool(s["link"], t["index"], t["cells"])
    target = torch.zeros_like(pooled)
    target[t["positives"][:, 0], t["positives"][:, 1]] = 1
    bce = F.binary_cross_entropy_with_logits(pooled[1:], target[1:], reduction="sum")
    modality, period = manner(reader, t, s)
    score = s["antecedent"].masked_fill(~t["candidates"], -1e4)
    rows = (t["candidates"] & t["same"]).any(-1)
    good = score.masked_fill(~t["same"], -1e4).logsumexp(-1)
    return {
        "link": bce / (target.sum() + 8 * len(t["nodes"])),
        "modality": cross_entropy(modality, t["how"][:, 0]),
        "period": cross_entropy(period, t["how"][:, 1]),
        "antecedent": ((score.logsumexp(-1) - good) * rows).sum() / rows.sum().clamp(min=1),
        "mention": mention_loss(s["mention"], t["mentions"], t["partial"]),
        "extra": cross_entropy(s["extra"].flatten(0, 1), t["extra"].flatten()),
    }


def probabilities(reader: Reader, t: Tensors) -> Tensors:
    """What a reader makes of press tensors."""
    with torch.no_grad():
        s = scores(reader, t, *vectors(reader, t))
        return {
            "mention": s["mention"].softmax(-1),
            "link": s["link"].sigmoid(),
            "antecedent": s["antecedent"].masked_fill(~t["candidates"], -1e4).softmax(-1),
            "modality": manner(reader, t, s)[0].softmax(-1),
        }


def ner_loss(reader: Reader, t: Tensors, x: torch.Tensor) -> torch.Tensor:
    logp = reader.heads.mention(reader.heads.drop(x[..., :HIDDEN])).float().log_softmax(-1)
    real = t["allowed"].any(-1)
    return -(logp.masked_fill(~t["allowed"], -1e4).logsumexp(-1) * real).sum() / real.sum()


def tree_loss(reader: Reader, t: Tensors, x: torch.Tensor) -> Tensors:
    net, mask = reader.syntax, t["head"] >= 0
    h = net(x)
    sure = t["sure"][:, None].expand(mask.shape)

    def cross(logits: torch.Tensor, k: str) -> torch.Tensor:
        each = F.cross_entropy(logits.float().transpose(1, 2), t[k], reduction="none") * sure
        return each.sum() / (t[k] >= 0).sum().clamp(min=1)

    start = F.binary_cross_entropy_with_logits(
        net.start(h)[..., 0].float(), t["start"].clamp(min=0).float(), reduction="none"
    )
    return {
        "arc": cross(net.arcs(h).float().masked_fill(~mask[:, None], -1e4), "head"),
        "label": cross(net.relations(h, t["head"].clamp(min=0)), "dep"),
        "tag": cross(net.tag(h), "tag"),
        "lemma": cross(net.lemma(h), "lemma"),
        "start": (start * mask * sure).sum() / mask.sum(),
    }


# --- measures ----------------------------------------------------------------------------------------------------


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    out, start, label = set(), -1, ""
    for i, t in enumerate([*tags, "O"]):
        if start >= 0 and t != "I-" + label:
            out.add((start, i, label))
            start = -1
        if t.startswith("B-") or (t.startswith("I-") and start < 0):
            start, label = i, t[2:]
    return out


def measured(reader: Reader, records: list[Record], labels: dict[str, list[str]], device: str) -> str:
    """How well a reader does on annotated pieces, nodes given: links at the best limit, antecedents, names."""
    counts, ante, how = np.zeros(3), np.zeros(2), np.zeros(2)
    sure, right, wanted = [], [], 0.0
    a = bio(LAYER_A)
    links = {p: i for i, p in enumerate(labels["links"])}
    for r in records:
        doc = prepared(r, links)
        t = moved(press_tensors([doc]), device)
        q = probabilities(reader, t)
        skip = r.get("untold", 0)
        guess = spans([a[i] for i in q["mention"][0].argmax(1).tolist()])
        want = spans([a[max(i, 0)] for i in doc.mentions.tolist()])
        guess, want = ({s for s in g if s[0] >= skip} for g in (guess, want))
        counts += [len(guess & want), len(guess), len(want)]
        pooled = torch.zeros(t["cells"], len(links), device=device).scatter_reduce(
            0, t["index"].reshape(-1, 1).expand(-1, len(links)), q["link"].reshape(-1, len(links)), "amax"
        )
        target = torch.zeros_like(pooled)
        target[t["positives"][:, 0], t["positives"][:, 1]] = 1
        likely = pooled[1:] > 0.05
        sure.append(pooled[1:][likely].cpu().numpy()), right.append(target[1:][likely].cpu().numpy())
        wanted += float(target[1:].sum())
        rows = (t["candidates"] & t["same"]).any(-1)
        best = q["antecedent"].argmax(-1)
        ante += [float(t["same"].gather(-1, best[..., None])[..., 0][rows].sum()), float(rows.sum())]
        if len(t["how"]):
            how += [float((q["modality"].argmax(1) == t["how"][:, 0]).sum()), len(t["how"])]
    p, good = np.concatenate(sure), np.concatenate(right)
    order = np.argsort(-p, kind="stable")
    hits = good[order].cumsum()
    f = 2 * hits / (np.arange(1, len(hits) + 1) + wanted)
    k = int(f.argmax()) if len(f) else -1
    if k < 0:
        return "nothing found"
    names = f"{200 * counts[0] / max(counts[1] + counts[2], 1):.1f}"
    return (
        f"{len(records)} pieces: mentions F {names} links at {p[order][k]:.2f} P {100 * hits[k] / (k + 1):.1f} "
        f"R {100 * hits[k] / wanted:.1f} F {100 * f[k]:.1f} antecedents {100 * ante[0] / max(ante[1], 1):.1f} "
        f"modality {100 * how[0] / max(how[1], 1):.1f}"
    )


def measured_trees(reader: Reader, records: list[Record], labels: dict[str, list[str]], device: str) -> str:
    """UAS, LAS, tags with features and lemma rules, sentences given."""
    good, n, trees = np.zeros(4), 0, Trees(labels)
    with torch.no_grad():
        for i in range(0, len(records), 32):
            t = moved(trees.tensors([[r] for r in records[i : i + 32] if len(r["words"]) < 200]), device)
            h = reader.syntax(vectors(reader, t)[0])
            mask = t["head"] >= 0
            heads = reader.syntax.arcs(h).masked_fill(~mask[:, None], -1e4).argmax(-1)
            uas, las = heads == t["head"], reader.syntax.relations(h, heads).argmax(-1) == t["dep"]
            tag = reader.syntax.tag(h).argmax(-1) == t["tag"]
            lemma = (reader.syntax.lemma(h).argmax(-1) == t["lemma"]) | (t["lemma"] < 0)
            good += [float((x & mask).sum()) for x in (uas, uas & las, tag, lemma)]
            n += int(mask.sum())
    return "UAS {:.1f} LAS {:.1f} tags {:.1f} lemmas {:.1f}".format(*(100 * good / max(n, 1)))


# --- the run -----------------------------------------------------------------------------------------------------


def reader_of(folder: Path, encoder: dict[str, np.ndarray], device: str) -> Reader:
    """What an earlier run wrote."""
    arrays = {k: v for part in sorted(folder.glob("part-*.npz")) for k, v in np.load(part).items()}
    layers = 1 + max(int(k.split(".")[2]) for k in arrays if k.startswith("encoder.layers."))
    reader = Reader(encoder, layers, load_labels(folder))
    state = reader.state_dict()
    for name in state:
        stored = name.replace("syntax.", "heads.", 1) if name.startswith("syntax.") else name
        if stored in arrays:
            state[name] = torch.tensor(arrays[stored].astype(np.float32))
        elif name == "heads.seek_out.weight":  # what is new says nothing at first
            state[name] = torch.zeros_like(state[name])
    reader.load_state_dict(state)
    return reader.to(device).eval()


def optimiser(reader: Reader, rate: float, heads: float, device: str) -> torch.optim.Optimizer:
    groups = []
    for module, lr in ((reader.encoder, rate), (reader.heads, heads), (reader.syntax, 1.5 * heads)):
        some = [p for p in module.parameters() if p.requires_grad]
        groups.append({"params": [p for p in some if p.ndim > 1], "lr": lr, "weight_decay": 0.01})
        groups.append({"params": [p for p in some if p.ndim < 2], "lr": lr, "weight_decay": 0.0})
    return torch.optim.AdamW(groups, fused=device == "cuda")


def averaged(reader: Reader, jobs: int) -> None:
    """The mean of the trained weights of all processes, for all of them (local SGD, Lin et al. 2020)."""
    some = [p.data for p in reader.parameters() if p.requires_grad]
    flat = torch.cat([p.flatten() for p in some])
    torch.distributed.all_reduce(flat)
    for p, part in zip(some, (flat / jobs).split([p.numel() for p in some]), strict=True):
        p.copy_(part.view_as(p))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpus", type=Path), ap.add_argument("encoder", type=Path), ap.add_argument("out", type=Path)
    ap.add_argument("--layers", type=int, default=12), ap.add_argument("--steps", type=int, default=2000)
    ap.add_argument("--seed", type=int, default=1), ap.add_argument("--rate", type=float, default=3e-4)
    ap.add_argument("--heads", type=float, default=8e-4, help="the rate of the heads; --rate is the encoder's")
    ap.add_argument("--start", type=Path, help="what an earlier run wrote, to go on from")
    ap.add_argument("--hold", action="store_true", help="do not let the rate fall")
    ap.add_argument("--freeze", type=int, default=0, help="lowest layers that stay as they are")
    ap.add_argument("--accumulate", type=int, default=1, help="batches to a step")
    ap.add_argument("--trees", type=float, default=12), ap.add_argument("--ner", type=float, default=6)
    ap.add_argument("--seconds", type=float, default=1e9, help="take only as many steps as fit")
    ap.add_argument("--press", type=int, default=8, help="annotated pieces in a batch")
    ap.add_argument("--syntax", action="store_true", help="train the syntactic heads too")
    ap.add_argument("--more", type=Path, nargs="*", default=[], help="further files of convert.py")
    ap.add_argument("--save", type=int, default=0, help="write every so many steps")
    ap.add_argument("--average", type=float, default=0, help="write a moving average of the weights, of this decay")
    ap.add_argument("--measure", type=int, default=0, help="measure on unseen pieces every so many steps")
    ap.add_argument(
        "--jobs",
        type=int,
        default=1,
        help="processes of one thread, each with its own batches, whose weights are averaged now and then",
    )
    ap.add_argument("--workers", type=int, default=2), ap.add_argument("--every", type=int, default=100)
    args = ap.parse_args()
    if args.jobs == 1:
        return run(0, args)
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(run, (args, f"file://{folder}/meeting"), args.jobs)


def run(rank: int, args: argparse.Namespace, meeting: str = "") -> None:
    """The training of one process out of `args.jobs`; the first one writes and tells."""
    seed = args.seed + 1000 * rank
    random.seed(seed), torch.manual_seed(seed), np.random.seed(seed), CHANCE.seed(seed)
    if meeting:
        torch.set_num_threads(1)
        torch.distributed.init_process_group("gloo", meeting, rank=rank, world_size=args.jobs)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cuda.matmul.allow_tf32 = True
    if device == "cuda":
        torch.set_num_threads(1)
    begin = time.time()
    corpus = Corpus([args.corpus, *args.more])
    labels = load_labels(args.start) if args.start else corpus.labels()
    arrays = {k: v.astype(np.float32) for k, v in np.load(args.encoder).items()}
    reader = reader_of(args.start, arrays, device) if args.start else Reader(arrays, args.layers, labels).to(device)
    for part in [reader.encoder.pos, reader.encoder.norm, *reader.encoder.layers[: args.freeze]] if args.freeze else []:
        part.requires_grad_(False)
    sizes = Sizes(args.press, args.trees if args.syntax else 0, args.ner)
    source = Batches(corpus, labels, sizes, seed)
    batches = iter(
        DataLoader(source, batch_size=None, num_workers=args.workers, prefetch_factor=4 if args.workers else None)
    )
    print(
        f"{device}: {len(source.short)} short and {len(source.long)} long pieces, {len(source.trees)} "
        f"trees, {len(source.parsed)} parsed, {len(source.winer)} texts with names, {len(labels['links'])} links, "
        f"{time.time() - begin:.0f} s to load",
        flush=True,
    )
    optim = optimiser(reader, args.rate, args.heads, device)
    plan = {"steps": args.steps}
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optim,
        lambda s: min(1, (s + 1) / (0.06 * plan["steps"] + 1)) * (1 if args.hold else max(0.02, 1 - s / plan["steps"])),
    )

    mean = AveragedModel(reader, multi_avg_fn=get_ema_multi_avg_fn(args.average)) if args.average else None
    unseen = [(k, r) for k in ("test", "judge") if (r := corpus.records["press", k])]

    def report(model: Reader, told: str) -> None:
        model.eval()
        for split, records in unseen:
            print(f"  {told} {split} {measured(model, records, labels, device)}", flush=True)

    def losses_of(batch: Tensors) -> Tensors:
        parts = [batch[k] for k in ("press", "trees", "ner") if k in batch]
        x = dict(zip([k for k in ("press", "trees", "ner") if k in batch], vectors(reader, *parts), strict=True))
        t = batch["press"]
        s = scores(reader, t, x["press"])
        losses = press_loss(reader, t, s)
        if "trees" in batch:
            losses |= tree_loss(reader, batch["trees"], x["trees"])
        if "ner" in batch:
            losses["ner"] = ner_loss(reader, batch["ner"], x["ner"])
        return losses

    reader.train()
    sums: dict[str, list[torch.Tensor]] = {}
    started = time.time()
    for step in range(args.steps):
        if step == 10:
            started = time.time()
        if step == 40:  # as many steps as the time given allows, so that the rate still falls to its end
            each = (time.time() - started) / 30 * 1.03
            steps = torch.tensor(max(41, min(args.steps, step + int((args.seconds - (time.time() - begin)) / each))))
            if meeting:
                torch.distributed.broadcast(steps, 0)
            plan["steps"] = int(steps)
            print(f"{each:.3f} s a step, {plan['steps']} steps", flush=True)
        if step >= plan["steps"]:
            break
        optim.zero_grad(set_to_none=True)
        for _ in range(args.accumulate):
            batch = moved(next(batches), device)
            with torch.autocast(device, dtype=torch.bfloat16):
                losses = losses_of(batch)
            total = sum(v * WEIGHT.get(k, 1.0) for k, v in losses.items()) / args.accumulate
            total.backward()  # type: ignore[union-attr]
            for k, v in losses.items():
                sums.setdefault(k, []).append(v.detach())
        nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
        optim.step(), schedule.step()
        if meeting and ((step + 1) % MEET == 0 or step + 1 == plan["steps"]):
            averaged(reader, args.jobs)
        if mean is not None:
            mean.update_parameters(reader)
        if rank:
            continue
        if args.save and (step + 1) % args.save == 0:
            write(args.out, saved(mean.module if mean is not None else reader), labels)
        if args.measure and (step + 1) % args.measure == 0:
            report(mean.module if mean is not None else reader, f"{step + 1} {time.time() - begin:.0f}s")
            reader.train()
        if (step + 1) % args.every == 0:
            told = " ".join(f"{k} {float(torch.stack(v).mean()):.3f}" for k, v in sorted(sums.items()))
            print(f"{step + 1} {time.time() - begin:.0f}s {told}", flush=True)
            sums.clear()
    if rank:
        return
    if mean is not None:
        report(reader, "last")
        reader = mean.module
    reader.eval()
    write(args.out, saved(reader), labels)
    report(reader, "end")
    if args.syntax:
        for split in ("test-sequoia", "test-gsd"):
            print(f"  {split} {measured_trees(reader, corpus.records['tree', split], labels, device)}", flush=True)


def write(out: Path, arrays: dict[str, np.ndarray], labels: dict[str, list[str]]) -> None:
    """Arrays in half precision, in parts of at most 12 MB, and the label lists."""
    out.mkdir(parents=True, exist_ok=True)
    part: dict[str, np.ndarray] = {}
    size = number = 0
    for name, array in arrays.items():
        half = array.astype(np.float16)
        if size + half.nbytes > 12_000_000 and part:
            np.savez(out / f"part-{number}.npz", **part)
            part, size, number = {}, 0, number + 1
        part[name] = half
        size += half.nbytes
    np.savez(out / f"part-{number}.npz", **part)
    (out / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=0), "utf-8")


if __name__ == "__main__":
    main()
