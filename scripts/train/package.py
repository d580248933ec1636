#!/usr/bin/env python3
"""Training step 4: average what runs of train.py wrote, quantise it and lay it where the package looks for it.

    package.py MODEL_DATA_DIR ENCODER.npz PIECES.txt TRAINED_DIR ...

The plain mean of the weights of runs that went on from one another is better than the last of them alone ("model soups",
Wortsman et al. 2022). Matrices become 8-bit integers with a scale a row; the word embeddings, which training leaves as
they were, 4-bit in groups of 32. Prints the sizes of the files.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
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


def mean(folders: Sequence[Path]) -> dict[str, np.ndarray]:
    """The mean of the arrays that some runs wrote; ValueError where they are not of one form."""
    total: dict[str, np.ndarray] = {}
    for folder in folders:
        arrays = {
            name: a.astype(np.float32)
            for part in sorted(folder.glob("part-*.npz"))
            for name, a in np.load(part).items()
        }
        if total and {n: a.shape for n, a in arrays.items()} != {n: a.shape for n, a in total.items()}:
            raise ValueError(f"{folder} holds other arrays than {folders[0]}")
        total = {name: total[name] + a if total else a for name, a in arrays.items()}
    return {name: a / len(folders) for name, a in total.items()}


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out", type=Path), ap.add_argument("encoder", type=Path), ap.add_argument("pieces", type=Path)
    ap.add_argument("trained", type=Path, nargs="+")
    args = ap.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    arrays = nibbles(np.load(args.encoder)["emb.word"])
    shutil.copy(args.pieces, args.out / "pieces.txt")
    for name, array in mean(args.trained).items():
        small = array.ndim < 2 or array.size <= 4096
        arrays |= {name: array.astype(np.float16)} if small else rows8(name, array)
    np.savez(args.out / "weights.npz", **dict(sorted(arrays.items())))
    shutil.copy(args.trained[-1] / "labels.json", args.out / "labels.json")
    print({p.name: p.stat().st_size for p in sorted(args.out.iterdir())})


if __name__ == "__main__":
    main()
