"""The article that ships with the package, for trying things out."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

SAMPLE = "openai-open-weight.txt"


def sample_path() -> Path:
    """Where the sample article lies."""
    return Path(str(resources.files("maille.samples") / SAMPLE))
