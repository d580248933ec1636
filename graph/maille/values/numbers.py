"""French numbers, in figures and in words: "1,2", "500.000", "quatre-vingt-dix-neuf", "une centaine de millions"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from maille.language import fold
from maille.language.tables import rows

_FIGURE = r"(?!0)\d{1,3}(?P<sep>[ .'])\d{3}(?:(?P=sep)\d{3}){0,4}(?![\d]|(?P=sep)\d{3}(?!\d))(?:,\d{1,9})?(?!\d)|\d{1,15}(?:[.,]\d{1,9})?(?!\d)"
_BEFORE = r"(?<![a-z\d])(?<!\d[.,/])(?<![a-z]-)"
SIGNS = "€$£¥₹₩₽"
_JOIN = frozenset({" ", "-"})
_AND = frozenset({" et ", "-et-"})
_OF = frozenset({" de ", " d'"})
_TENS = frozenset({20.0, 30.0, 40.0, 50.0, 70.0, 80.0, 90.0})


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands in the text, [start, end).

    `scaled` tells that it bears a thousand or more as a word ("12 millions"), `scale` the last such word's worth;
    `share` that it is a mere fraction ("deux tiers"); `article` that it is a lone "un" or "une".
    """

    value: float
    start: int
    end: int
    scaled: bool
    approximate: bool
    scale: float = 1.0
    share: bool = False
    article: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: float
    start: int
    end: int


@cache
def _words() -> dict[str, tuple[str, float]]:
    return {fold(word): (kind, float(value)) for word, kind, value in rows("numbers.tsv")}


@cache
def _token() -> re.Pattern[str]:
    plain = "|".join(sorted((w for w, (k, _) in _words().items() if k != "abbr"), key=len, reverse=True))
    short = "|".join(sorted((w for w, (k, _) in _words().items() if k == "abbr"), key=len, reverse=True))
    tail = rf"(?! ?/ ?\d)(?:(?![a-z])|(?=(?:{short})(?![a-z])))"
    return re.compile(
        rf"{_BEFORE}(?P<figure>{_FIGURE}){tail}|(?<![a-z\d])(?P<word>{plain})(?![a-z'])|(?<=[\d ])(?P<abbr>{short})(?![a-z\d'])"
    )


class _Fold(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = "-" if char in "−–‒" else fold(char)
        self[code] = plain if len(plain) == 1 else char
        return self[code]


_FOLD = _Fold()
_WRAPPED = re.compile(r"\n(?=[a-zà-öø-ÿ])")


def same_length_fold(text: str) -> str:
    """Lower case without accents, character for character, so that offsets stay; a line broken in mid-sentence is joined."""
    return _WRAPPED.sub(" ", text).translate(_FOLD)


def figure(text: str) -> float:
    """The value of a number in figures: "500.000" and "500 000" are thousands, "1,2" and "1.2" decimals."""
    if text.isdecimal():
        return float(text)
    plain = re.sub(r"[\s']", "", text)
    if re.fullmatch(r"(?!0)\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "")
    return float(plain.replace(",", "."))


def numbers(text: str, articles: bool = False) -> list[Number]:
    """All numbers of a text in order, each with its multipliers; `articles` keeps lone "un" and "une"."""
    return scan(text, same_length_fold(text), articles)


def scan(text: str, folded: str, articles: bool = False) -> list[Number]:
    """`numbers` of a text that is already folded."""
    tokens = _tokens(text, folded)
    found: list[Number] = []
    i = 0
    while i < len(tokens):
        run = _Run(tokens[i], folded)
        i += 1
        while i < len(tokens) and run.add(tokens[i], folded[run.end : tokens[i].start], tokens[i + 1 : i + 2]):
            i += 1
        number = run.close()
        if number is not None and (articles or not number.article):
            found.append(number)
    return found


def _tokens(text: str, folded: str) -> list[_Token]:
    result = []
    for m in _token().finditer(folded):
        if m["figure"]:
            result.append(_Token("figure", figure(m["figure"]), m.start(), m.end()))
        elif m["word"]:
            kind, value = _words()[m["word"]]
            result.append(_Token(kind, value, m.start(), m.end()))
        elif _stands_for_multiplier(m["abbr"], text, folded, m.start(), m.end()):
            result.append(_Token("abbr", _words()[m["abbr"]][1], m.start(), m.end()))
    return result


_AFTER_ABBR = re.compile(rf" ?[{SIGNS}]|[- ](?:d'|de |euros?|dollars?|usd|eur|chf|fcfa|francs?)")


def _stands_for_multiplier(word: str, text: str, folded: str, start: int, end: int) -> bool:
    """ "M" is a million in "350 M€" and "3 M d'abonnés", no metre; "k" a thousand in "50 k€", not in "4K"."""
    if len(word) > 1:
        return True
    return bool(_AFTER_ABBR.match(folded, end)) and (
        word == "k" or text[start] == "M" or folded[end : end + 2].strip()[:1] in SIGNS
    )


class _Run:
    """Collects the tokens of one number: `total` is closed by big words, `chunk` by thousands, `part` is the rest."""

    def __init__(self, token: _Token, folded: str) -> None:
        self.total = self.chunk = self.part = 0.0
        self.folded, self.start, self.end = folded, token.start, token.end
        self.kind, self.last, self.scale = token.kind, token.value, 1.0
        self.figured = token.kind == "figure"
        self.approximate = self.share = self.vague = False
        self.lone = token.kind == "unit" and token.value == 1
        self._open(token, folded)

    def _open(self, token: _Token, folded: str) -> None:
        plural = folded[token.end - 1] == "s"
        if token.kind in ("unit", "figure"):
            self.part = token.value
        elif token.kind == "cent":
            self.part, self.vague = 100.0, plural
        elif token.kind == "mille":
            self.chunk, self.scale = 1000.0, 1000.0
        elif token.kind == "big":
            self.total = self.scale = token.value
            self.vague = plural
        elif token.kind == "about":
            self.part, self.approximate, self.vague = token.value, True, plural
        elif token.kind == "part":
            self.part, self.share = token.value, True
            self.vague = folded.endswith(("quarts", "emes"), self.start, self.end)
        elif token.kind == "half":
            self.part, self.vague = token.value, True
        else:
            self.vague = True

    def add(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        """Take a token; False where it does not go on with the number."""
        if len(gap) > 8 or not getattr(self, f"_{token.kind}")(token, gap, ahead):
            return False
        eighty = token.kind == "unit" == self.kind and token.value == 20
        self.kind, self.last, self.end = token.kind, 80.0 if eighty else token.value, token.end
        self.lone = False
        return True

    def _figure(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        """Figures go on only after a bigger word and before a smaller one: "3 milliards 200 millions"."""
        fits = (
            self.kind == "big" and gap == " " and bool(ahead) and ahead[0].kind == "big" and ahead[0].value < self.last
        )
        if fits and ahead[0].start == token.end + 1:
            self.part = token.value
            return True
        return False

    def _unit(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        value, last = token.value, self.last
        joined = gap in _JOIN or (gap in _AND and value in (1.0, 11.0))
        if not joined or (self.figured and self.kind not in ("big",)) or self.vague:
            return False
        if self.kind == "unit":
            if value == 20 and last == 4 and gap in _JOIN:
                self.part += 76
                return True
            teens = last in (60.0, 80.0) and value < 20
            ok = teens or (last in _TENS and value < 10) or (last == 10 and 7 <= value <= 9)
            self.part += value if ok else 0
            return ok
        if self.kind == "cent" or (self.kind in ("mille", "big") and not self.figured):
            self.part += value
            return value < 100
        return False

    def _cent(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        if (self.figured and self.kind == "figure") or gap not in _JOIN or self.vague:
            return False
        if self.kind == "unit" and 2 <= self.part <= 9:
            self.part *= 100
            return True
        if self.kind in ("mille", "big"):
            self.part = 100.0
            return True
        return False

    def _mille(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        if gap not in _JOIN or self.kind not in ("unit", "cent", "figure", "big") or self.vague or self.chunk:
            return False
        self.chunk, self.part, self.scale = (self.part or 1.0) * 1000, 0.0, 1000.0
        return True

    def _big(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        plain = self.kind in ("unit", "cent", "mille", "figure") and (gap in _JOIN or gap == " autres ")
        if not (
            plain
            or (self.kind in ("about", "part", "big") and gap in _OF)
            or (self.kind in ("half", "about") and gap in _JOIN)
        ):
            return False
        if self.kind == "big":
            self.total *= token.value
        else:
            before = self.chunk + self.part
            if self.kind == "half":
                self.vague = False
            self.total += before * token.value
            self.chunk = self.part = 0.0
        self.scale, self.share = token.value, False
        return True

    def _abbr(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        if self.kind != "figure" or gap not in ("", " "):
            return False
        self.total, self.part, self.scale = self.part * token.value, 0.0, token.value
        return True

    def _about(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        if self.kind == "half" and gap in _JOIN:
            self.vague = False
        elif not (self.kind in ("unit", "figure") and gap in _JOIN) and not (self.kind == "about" and gap in _OF):
            return False
        if self.kind == "figure" and self.part > 99:
            return False
        self.part *= token.value
        self.approximate = True
        return True

    def _half(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        if gap in _AND and self.kind in ("big", "mille"):
            self.total, self.chunk = (
                self.total + (self.scale / 2 if self.total else 0),
                self.chunk + (0 if self.total else 500),
            )
            return True
        if gap in _AND and self.kind in ("unit", "figure") and self.part < 100 and not self.vague:
            self.part += 0.5
            return True
        if gap in _JOIN and self.lone:  # "un demi-milliard": what follows must bear it
            self.part, self.vague = token.value, True
            return True
        return False

    def _part(self, token: _Token, gap: str, ahead: list[_Token]) -> bool:
        if self.kind != "unit" or gap != " " or self.part > 9 or self.folded.startswith("une", self.start):
            return False  # "une cinquième saison", "vingt-sixième"
        self.part *= token.value
        self.share = True
        return True

    def close(self) -> Number | None:
        """The number collected; None for "des millions", "demi-finale", "deux-pièces" and other words that give no value."""
        compound = (
            not self.figured
            and self.folded[self.end : self.end + 1] == "-"
            and self.folded[self.end + 1 : self.end + 2].isalpha()
        )
        if self.vague or compound:
            return None
        value = self.total + self.chunk + self.part
        value = round(value, 6) if value >= 1 else value
        return Number(value, self.start, self.end, self.scale > 1, self.approximate, self.scale, self.share, self.lone)
