"""Token vectors of a text of any length: overlapping windows of word pieces through the encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from maille.annotate.pieces import END, START, Pieces
from maille.model.nn import SIZE, encode
from maille.model.weights import Floats, Weights

LONGEST = 440
OVERLAP = 120
"""Pieces in a window, and how many of the window before it shows again as context; training texts were of that length."""


def token_vectors(
    weights: Weights, pieces: Pieces, words: Sequence[str], spaces: Sequence[bool], breaks: Sequence[bool]
) -> Floats:
    """Vectors (n, 768) of tokens, last and middle layer; `breaks[i]` tells that token i opens a paragraph. Empty tokens get zeros."""
    ids = [() if word.isspace() else p for word, p in zip(words, pieces.tokens(words, spaces), strict=True)]
    result = np.zeros((len(words), 2 * SIZE), np.float32)
    done = begin = 0
    while done < len(words):
        sequence, first, end = [START], {}, begin
        while end < len(words):
            gap = int(breaks[end] and end > begin)
            if len(sequence) + gap + len(ids[end]) > LONGEST and end > done:
                break
            sequence += [END] * gap
            if ids[end]:
                first[end] = len(sequence)
                sequence += ids[end][: LONGEST - 2]
            end += 1
        sequence.append(END)
        vectors = encode(weights, np.array(sequence[:512], np.int64))
        for token, at in first.items():
            if token >= done and at < len(vectors):
                result[token] = vectors[at]
        done = end
        begin, shown = end, 0
        while begin > 0 and shown + len(ids[begin - 1]) <= OVERLAP:
            begin -= 1
            shown += len(ids[begin])
    return result
