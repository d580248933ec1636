"""What a SPARQL parser says is wrong, in words that a person can use."""

from __future__ import annotations

import re

_CLASS = re.compile(r"\[(?:[^\]'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\]", re.S)
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|\b[A-Z]{2,}\b")
_FIRST = {f'"{mark}"': n for n, mark in enumerate(["}", ")", ".", ";", ",", "{", "("])}
_SHOWN = 6


def reason(told: str, sparql: str, line: int, column: int) -> str:
    """The parser's reason with what stands there and without its character classes: `} stands there, expected ...`."""
    lines = sparql.splitlines() or [""]
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    word = re.match(r"\s*([?$]?[\w:]+|\S)", rest)
    there = f"{word[1]} stands there" if word else "the query ends there"
    if not told.startswith("expected"):
        return f"{told.strip()} ({there})"
    expected = list(dict.fromkeys(_QUOTED.findall(_CLASS.sub("", told))))
    expected.sort(key=lambda mark: _FIRST.get(mark, len(_FIRST)))
    if not expected:
        return there
    more = f" and {len(expected) - _SHOWN} others" if len(expected) > _SHOWN else ""
    return f"{there}, expected {' or '.join(expected[:_SHOWN])}{more}"


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset in a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
