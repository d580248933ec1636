#!/usr/bin/env python3
"""Training step 3 without steps 1 and 2's encoder: the shipped weights as a run that training can go on from.

    unpack.py OUT_DIR

Written: OUT_DIR/part-0.npz and labels.json, which train.py takes with --start, and OUT_DIR/encoder.npz, the encoder's
arrays under the names that encoder.py gives them. Eight bits a weight are what the package holds, so a little is lost.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from maille.model.weights import default

PARTS = ("q", "k", "v", "ao", "fi", "fo", "aln", "oln")


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out", type=Path)
    out = ap.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    weights = default()
    np.savez(out / "part-0.npz", **{name: weights[name] for name in weights})
    (out / "labels.json").write_text(json.dumps(weights.labels, ensure_ascii=False, indent=0), "utf-8")
    layers = len({name.split(".")[2] for name in weights if name.startswith("encoder.layers.")})
    encoder = {
        f"l{n}.{part}.{short}": weights[f"encoder.layers.{n}.{part}.{name}"]
        for n in range(layers)
        for part in PARTS
        for short, name in (("w", "weight"), ("b", "bias"))
    }
    encoder |= {"emb.word": weights.embed(np.arange(len(weights.pieces))), "emb.pos": weights["encoder.pos.weight"]}
    encoder |= {"emb.type": np.zeros_like(encoder["emb.pos"][:2])}  # added to the places already
    encoder |= {"emb.ln.w": weights["encoder.norm.weight"], "emb.ln.b": weights["encoder.norm.bias"]}
    np.savez(out / "encoder.npz", **encoder)


if __name__ == "__main__":
    main()
