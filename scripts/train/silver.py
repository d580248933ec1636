#!/usr/bin/env python3
"""Training step 3 (second round): fill in what the named-entity corpora leave open, with a first model's sure answers.

    silver.py CORPUS.json.gz OUT.json.gz [--sure P]

Wikinews and WikiNER mark names only. Descriptions, values, jobs and adjectives of place that the shipped model is sure
of become marks of kind silver; tokens under an unsure answer stay open; all others are taken to be outside.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from spacy.tokens import Doc

from maille.annotate.pipeline import MENTIONS, NAMES, blank, encoder, mentions


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpus", type=Path), ap.add_argument("out", type=Path)
    ap.add_argument("--sure", type=float, default=0.9)
    args = ap.parse_args()
    nlp = blank()
    with gzip.open(args.corpus, "rt", encoding="utf-8") as lines, gzip.open(args.out, "wt", encoding="utf-8") as out:
        for line in lines:
            r = json.loads(line)
            if r["kind"] == "ner":
                doc = mentions(encoder(Doc(nlp.vocab, words=r["words"], spaces=r["spaces"])))
                found = [m for m in doc.spans[MENTIONS] if m.label_ not in NAMES]
                r["silver"] = [[m.start, m.end, m.label_] for m in found if float(m.id_) >= args.sure]
                r["open"] = sorted({i for m in found if float(m.id_) < args.sure for i in range(m.start, m.end)})
            out.write(json.dumps(r, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
