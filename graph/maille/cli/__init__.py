"""The command line: a thin skin over the library; data to standard output, talk to standard error."""

from __future__ import annotations

from maille.cli.main import main

__all__ = ["main"]
