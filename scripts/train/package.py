#!/usr/bin/env python3
"""Training step 4: quantise what train.py wrote and lay it where the package looks for it.

    package.py TRAINED_DIR MODEL_DATA_DIR [--encoder ENCODER.npz --pieces PIECES.txt] [--syntax SYNTAX.npz]

Without ENCODER the weights already in MODEL_DATA_DIR are gone on from: what TRAINED_DIR holds takes the place of its like.

Matrices become 8-bit integers with a scale a row; the word embeddings, which training leaves as they were, 4-bit in
groups of 32. Prints the size of the file.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

import numpy as np


def rows8(name: str, array: np.ndarray) -> dict[str, Any]:
    scale = (np.abs(array).max(-1, keepdims=True) / 127).astype(np.float16)
    safe = np.where(scale == 0, 1, scale).astype(np.float32)
    return {name: np.clip(np.rint(array / safe), -127, 127).astype(np.int8), f"{name}.scale": scale}


def nibbles(array: np.ndarray) -> dict[str, Any]:
    groups = array.astype(np.float32).reshape(len(array), -1, 32)
    peak = np.take_along_axis(groups, np.abs(groups).argmax(-1)[..., None], -1)
    scale = (peak / -8).astype(np.float16)
    safe = np.where(scale == 0, 1, scale).astype(np.float32)
    q = (np.clip(np.rint(groups / safe), -8, 7) + 8).astype(np.uint8)
    packed = q[..., :16] | (q[..., 16:] << 4)
    return {"encoder.word.nibbles": packed.reshape(len(array), -1), "encoder.word.scales": scale[..., 0]}


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("trained", type=Path), ap.add_argument("out", type=Path)
    ap.add_argument("--encoder", type=Path), ap.add_argument("--pieces", type=Path)
    ap.add_argument("--syntax", type=Path, help="what syntax.py wrote; its heads take the place of the earlier ones")
    args = ap.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.encoder:
        arrays = nibbles(np.load(args.encoder)["emb.word"])
        shutil.copy(args.pieces, args.out / "pieces.txt")
    else:
        with np.load(args.out / "weights.npz") as before:
            arrays = {name: before[name] for name in before.files}
    later = [args.syntax] if args.syntax else []
    for part in (*sorted(args.trained.glob("part-*.npz")), *later):
        for name, array in np.load(part).items():
            arrays.pop(f"{name}.scale", None)
            wide = array.ndim >= 2 and array.size > 4096
            arrays |= rows8(name, array.astype(np.float32)) if wide else {name: array.astype(np.float16)}
    np.savez(args.out / "weights.npz", **dict(sorted(arrays.items())))
    shutil.copy(args.trained / "labels.json", args.out / "labels.json")
    print({p.name: p.stat().st_size for p in sorted(args.out.iterdir())})


if __name__ == "__main__":
    main()
