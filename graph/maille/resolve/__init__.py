"""Mentions become entities: names by their variants, descriptions and pronouns by their antecedents."""

from __future__ import annotations

from maille.resolve.mentions import FoundMention, Resolution
from maille.resolve.resolve import resolve

__all__ = ["FoundMention", "Resolution", "resolve"]
