"""Articles from files, folders and standard input; what cannot be read is told, and the rest goes on."""

from __future__ import annotations

from maille.inputs.read import distinct, read_inputs, read_text
from maille.inputs.sample import SAMPLE, sample_path

__all__ = ["SAMPLE", "distinct", "read_inputs", "read_text", "sample_path"]
