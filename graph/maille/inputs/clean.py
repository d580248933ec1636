"""Bytes to text, and text to lines: encodings, line ends, characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata

_MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1f\u2028\u2029]")
# C1 controls are letters and quotes of Windows-1252 that went through Latin-1 ("l\x92an"), as in the HTML standard, 13.2.5.80
_MISTAKEN = {c: bytes([c]).decode("cp1252", "ignore") for c in range(0x80, 0xA0)}
_WESTERN = frozenset("éèêëàâùûüçôöîïœæÉÈÊËÀÂÙÛÇÔÎÏŒ«»’‘“”–—…€°\u00a0")
_NARROW, _WIDE = 50, 100
"""A text wrapped by hand has no line longer than WIDE; a line that goes on has at least NARROW characters."""


def decode(data: bytes) -> tuple[str, str] | None:
    """The text and the encoding: UTF-8, UTF-16 and UTF-32 with their mark, else Windows-1252 where that gives French letters.

    None where none of these fits.
    """
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(name), name
            except UnicodeDecodeError:
                return None
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    odd = any(ord(c) < 32 and c not in "\r\n\t\f\v" for c in text)
    high = [c for c in text if ord(c) > 127]
    return (text, "windows-1252") if not odd and sum(c in _WESTERN for c in high) * 2 >= len(high) else None


def is_binary(data: bytes) -> bool:
    """Whether the bytes are no text in any encoding that `decode` knows."""
    return b"\0" in data[:65536] and not data.startswith(tuple(_MARKS))


def clean(text: str) -> str:
    """One line break a paragraph end; no control or invisible characters, nothing glued; typographic spaces stay."""
    return "\n".join(line for line in _lines(text) if line)


def unwrapped(text: str) -> str:
    """As `clean`; the lines of a paragraph that was wrapped by hand are joined."""
    lines = _lines(text)
    kept = [line for line in lines if line]
    if "" not in lines or max(map(len, kept), default=0) > _WIDE:
        return "\n".join(kept)
    joined: list[str] = []
    before = ""
    for line in lines:
        if line and before and _goes_on(before, line, first=len(joined) == 1):
            joined[-1] += " " + line
        elif line:
            joined.append(line)
        before = line
    return "\n".join(joined)


def _goes_on(line: str, following: str, *, first: bool) -> bool:
    """Whether `following` continues the sentence of `line`; below the first line, a title, only in lower case."""
    if len(line) < _NARROW or re.search(r"[.!?:;…»\"]$", line) or re.match(r"[-–—•*·#]|\d+[.)]\s", following):
        return False
    return following[0].islower() or not first


def _lines(text: str) -> list[str]:
    """The lines of a text without spaces at their ends; empty ones stay."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text.translate(_MISTAKEN))).replace("\t", " ")
    text = "".join(c for c in text if c == "\n" or not _is_invisible(c))
    return [re.sub(r" {2,}", " ", line).strip() for line in text.split("\n")]


def _is_invisible(c: str) -> bool:
    """Control and format characters, halves of surrogate pairs, and code points that are never characters."""
    return unicodedata.category(c) in ("Cc", "Cf", "Cs") or ord(c) & 0xFFFE == 0xFFFE
