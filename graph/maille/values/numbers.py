"""French numbers, in figures and in words: "1,2", "500.000", "quatre-vingt-dix-neuf", "une centaine de millions"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from maille.language import fold
from maille.language.tables import rows

SPACE = "\u0020\u00a0\u2009\u202f"
_FIGURE = rf"\d{{1,3}}(?:[{SPACE}.]\d{{3}})+(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_TOKEN = re.compile(rf"(?P<figure>{_FIGURE})|(?P<word>[a-z]+)|(?P<other>[^\sa-z0-9])", re.ASCII)
_LINKS = frozenset({"et", "de", "d", "la", "le", "les", "l"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands in the text, [start, end); `scaled` tells that it bears a million, a thousand ..."""

    value: float
    start: int
    end: int
    scaled: bool
    approximate: bool


@cache
def _words() -> dict[str, tuple[str, float]]:
    return {fold(word): (kind, float(value)) for word, kind, value in rows("numbers.tsv")}


def same_length_fold(text: str) -> str:
    """Lower case without accents, character for character, so that offsets stay."""
    return "".join(f if len(f := fold(c)) == 1 else c for c in text)


def figure(text: str) -> float:
    """The value of a number in figures: "500.000" and "500 000" are thousands, "1,2" and "1.2" decimals."""
    plain = re.sub(rf"[{SPACE}]", "", text)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "")
    return float(plain.replace(",", "."))


def numbers(text: str) -> list[Number]:
    """All numbers of a text in order, each with its multipliers."""
    folded = same_length_fold(text)
    found: list[Number] = []
    run = _Run()
    for m in _TOKEN.finditer(folded):
        if not run.take(m) and run.started:
            found += run.close()
            run = _Run()
            run.take(m)
    return found + run.close()


class _Run:
    """Collects the tokens of one number."""

    def __init__(self) -> None:
        self.started = False
        self.big = self.total = self.current = 0.0  # millions and more; thousands; the rest
        self.start = self.end = 0
        self.scaled = self.approximate = self.figured = False
        self.last = ""

    def take(self, m: re.Match[str]) -> bool:
        """Add a token; False where it does not go on with the number."""
        if m["other"]:
            return self.started and m["other"] == "-" and self.last not in ("", "link")
        if m["figure"]:
            if self.started:
                return False
            self.current, self.figured = figure(m["figure"]), True
            return self._add(m, "figure")
        word = m["word"]
        kind, value = _words().get(word, ("", 0.0))
        if word in _LINKS and self.started:
            self.last = "link"
            return True
        if not kind or (len(word) < 3 and kind == "big" and not self.figured):  # "m" is a million only after figures
            return False
        return self._number_word(m, kind, value)

    def _number_word(self, m: re.Match[str], kind: str, value: float) -> bool:
        if kind == "unit":
            if self.figured or (self.started and self.last in ("about", "half", "part")):
                return False
            self.current = self.current * 20 if value == 20 and self.current == 4 else self.current + value
        elif kind in ("cent", "mille"):
            if self.figured and kind == "cent":
                return False
            before = self.current or 1.0
            if kind == "cent":
                self.current = before * 100
            else:
                self.total, self.current = (self.total + before) * 1000, 0.0
        elif kind == "big":
            if not self.started:
                return False
            self.big, self.total, self.current = self.big + (self.total + self.current) * value, 0.0, 0.0
            self.scaled = True
        elif kind == "about":
            self.approximate = True
            before = (
                self.current if self.started and self.last in ("unit", "link", "about") and self.current > 1 else 1.0
            )
            self.current = before * value
        elif kind == "half":
            self._half(value)
        elif kind == "part":
            self.current = (self.current or 1.0) * value
        return self._add(m, kind)

    def _half(self, value: float) -> None:
        """ "un demi-milliard" is half of one; "deux millions et demi" half of the last multiplier more."""
        if self.scaled:
            self.big += value * next(u for u in (1e12, 1e9, 1e6, 1e3) if self.big >= u)
        elif self.started and self.current > 1:
            self.current += value
        else:
            self.current = value

    def _add(self, m: re.Match[str], kind: str) -> bool:
        if not self.started:
            self.start = m.start()
        self.started, self.last, self.end = True, kind, m.end()
        return True

    def close(self) -> list[Number]:
        """The number collected, if any; a lone "un" or "une" is an article, not a number."""
        value = self.big + self.total + self.current
        if not self.started or (value == 1 and not self.figured and not self.scaled):
            return []
        return [Number(value, self.start, self.end, self.scaled or self.total >= 1000, self.approximate)]
