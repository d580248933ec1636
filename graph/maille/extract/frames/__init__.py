"""Frames: what French verbs and nouns say, as data, and the small engine that reads them off a parse."""

from __future__ import annotations

from maille.extract.frames.engine import read_frames
from maille.extract.frames.table import NounFrame, VerbFrame, noun_frames, verb_frames

__all__ = ["NounFrame", "VerbFrame", "noun_frames", "read_frames", "verb_frames"]
