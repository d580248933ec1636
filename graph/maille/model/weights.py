"""The model file: quantised arrays, label lists and pieces in one .npz, opened once per process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from maille.errors import MailleError

Floats = NDArray[Any]
"""Arrays in single precision; spaCy types its tensors more loosely, so the element type is not checked."""

GROUP = 32


class Weights:
    """Named arrays in single precision and the label lists that go with them.

    Matrices are stored as 8-bit integers with one half-precision scale a row, the word embeddings as 4-bit integers in
    groups of 32 with one scale each (the block format of the encoder they come from); both are expanded on reading.
    """

    def __init__(
        self, arrays: dict[str, NDArray[Any]], labels: dict[str, list[str]], pieces: list[tuple[str, float]]
    ) -> None:
        self._packed = arrays["encoder.word.nibbles"]
        self._scales = arrays["encoder.word.scales"]
        self.labels = labels
        self.pieces = pieces
        self._arrays: dict[str, Floats] = {}
        for name, array in arrays.items():
            if name.startswith("encoder.word.") or name.endswith(".scale"):
                continue
            if array.dtype == np.int8:
                scale = arrays[f"{name}.scale"].astype(np.float32)
                self._arrays[name] = array.astype(np.float32) * scale
            else:
                self._arrays[name] = array.astype(np.float32)

    def __getitem__(self, name: str) -> Floats:
        return self._arrays[name]

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def embed(self, ids: NDArray[np.int64]) -> Floats:
        """Word embeddings (n, 384) of piece ids (n,)."""
        packed = self._packed[ids]
        values = np.empty((len(ids), packed.shape[1] // 16, GROUP), np.float32)
        blocks = packed.reshape(len(ids), -1, 16)
        values[..., :16] = (blocks & 15).astype(np.float32)
        values[..., 16:] = (blocks >> 4).astype(np.float32)
        values -= 8
        values *= self._scales[ids].astype(np.float32)[..., None]
        return values.reshape(len(ids), -1)


@cache
def default() -> Weights:
    """The weights shipped with the package; MailleError where the file is missing."""
    folder = resources.files("maille.model") / "data"
    try:
        with (folder / "weights.npz").open("rb") as file, np.load(file) as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
    except FileNotFoundError as error:
        raise MailleError(
            "the trained French model is missing from this installation (maille/model/data/weights.npz)",
            "install maille again, or name an installed spaCy pipeline with --model",
        ) from error
    labels = cast(dict[str, list[str]], json.loads((folder / "labels.json").read_text("utf-8")))
    rows = (line.split("\t") for line in (folder / "pieces.txt").read_text("utf-8").rstrip("\n").split("\n"))
    return Weights(loaded, labels, [(piece, float(score)) for piece, score in rows])
