"""Frames: what French verbs and nouns say, as data, and the small readers that find them in a parse."""
