"""Forward passes in NumPy: a BERT encoder (Devlin et al. 2019) and the small layers of its heads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from maille.model.weights import Floats, Weights

HEADS = 12
SIZE = 384
MIDDLE = 5
"""The layer whose vectors the syntactic heads see beside those of the last: it keeps syntax on every kind of text."""
EPSILON = np.float32(1e-12)


def linear(w: Weights, name: str, x: Floats) -> Floats:
    """x @ W.T + b over the last axis."""
    return np.asarray(x @ w[f"{name}.weight"].T + w[f"{name}.bias"], np.float32)


def gelu(x: Floats) -> Floats:
    """Exact GELU, with erf by Abramowitz and Stegun 7.1.26 (error below 2e-7)."""
    a = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * a)
    poly = t * np.float32(1.061405429)
    for c in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        poly += np.float32(c)
        poly *= t
    np.multiply(a, a, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)
    poly *= a
    erf = np.copysign(1 - poly, x)
    return np.asarray(np.float32(0.5) * x * (1 + erf), np.float32)


def normalise(x: Floats, gain: Floats, bias: Floats) -> Floats:
    """Layer normalisation over the last axis."""
    mean = x.mean(-1, keepdims=True)
    centred = x - mean
    variance = np.einsum("...i,...i->...", centred, centred)[..., None] / np.float32(x.shape[-1])
    return np.asarray(centred / np.sqrt(variance + EPSILON) * gain + bias, np.float32)


def softmax(x: Floats) -> Floats:
    """Softmax over the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), np.float32)


def sigmoid(x: Floats) -> Floats:
    """Logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)


def encode(w: Weights, ids: NDArray[np.int64]) -> Floats:
    """Vectors (n, 768) of a sequence of piece ids (n <= 512): the last layer's, then the middle layer's."""
    n = len(ids)
    x = normalise(w.embed(ids) + w["encoder.pos.weight"][:n], w["encoder.norm.weight"], w["encoder.norm.bias"])
    size = x.shape[1] // HEADS
    scale = np.float32(size**-0.5)
    layer, middle = 0, x
    while (at := f"encoder.layers.{layer}") and f"{at}.q.weight" in w:
        q, k, v = (linear(w, f"{at}.{part}", x).reshape(n, HEADS, size).transpose(1, 0, 2) for part in "qkv")
        mixed = softmax(np.matmul(q * scale, k.transpose(0, 2, 1))) @ v
        x = normalise(
            x + linear(w, f"{at}.ao", mixed.transpose(1, 0, 2).reshape(n, -1)),
            w[f"{at}.aln.weight"],
            w[f"{at}.aln.bias"],
        )
        x = normalise(
            x + linear(w, f"{at}.fo", gelu(linear(w, f"{at}.fi", x))), w[f"{at}.oln.weight"], w[f"{at}.oln.bias"]
        )
        layer += 1
        middle = x if layer == MIDDLE else middle
    return np.concatenate([x, middle], -1)
