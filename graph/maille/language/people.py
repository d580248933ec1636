"""Given names and posts of people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from maille.language.tables import fold, rows

_OPENING = re.compile(
    r"^(?:(?:l|le|la|les?|une?|son|sa|ses?|ex|ancien|ancienne|future?|nouveau|nouvelle|actuel|actuelle) )+"
)


@cache
def _given_names() -> dict[str, str]:
    return {fold(name): gender for name, gender in rows("given_names.tsv")}


def gender_of_given_name(name: str) -> str:
    """m, f or mf for a given name ("Jean-Luc", "Camille"), empty for an unknown one."""
    word = fold(name)
    return _given_names().get(word) or _given_names().get(word.partition("-")[0], "")


@cache
def _posts() -> tuple[tuple[str, str], ...]:
    return tuple((kind, f" {_words(phrase)} ") for kind, phrase in rows("posts.tsv") if not phrase.startswith("-"))


@cache
def _trades() -> tuple[str, ...]:
    return tuple(fold(phrase[1:]) for _, phrase in rows("posts.tsv") if phrase.startswith("-"))


@cache
def _lowering() -> tuple[str, ...]:
    return tuple(f" {_words(row[0])} " for row in rows("lowering.tsv"))


def _words(text: str) -> str:
    """The words of a title, folded and without the "s" of a plural."""
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") else w for w in re.findall(r"[\w&]+", fold(text)))


def post_class(title: str) -> str:
    """What a job title says.

    chief: heads a company (PDG); head: heads an institution otherwise (président, maire); other: any other post, a
    deputy or acting head too; occupation: a trade that needs no employer (économiste).
    """
    padded = f" {_OPENING.sub('', _words(title))} "
    found = [(padded.find(phrase), -len(phrase), kind) for kind, phrase in _posts() if phrase in padded]
    if not found:
        return "occupation" if padded.split(" ", 2)[1].endswith(_trades()) else "other"
    at, length, kind = min(found)
    beside = padded[: at + 1] + padded[at - length - 1 :]  # "administrateur délégué" holds its own "délégué"
    lower = kind in ("chief", "head") and any(phrase in beside for phrase in _lowering())
    return "other" if lower else kind


@cache
def _in_charge() -> dict[str, bool]:
    """Folded titles that a portfolio goes with -> whether they have one even where the text does not name it."""
    return {fold(word): kind == "minister" for word, kind in rows("ministers.tsv")}


def is_minister(title: str) -> bool:
    """Whether a job title is that of a minister or state secretary, who has a portfolio."""
    words = re.findall(r"[\w'-]+", fold(title))
    return any(_in_charge().get(w) for w in words) or ("secretaire" in words and "d'etat" in words)


def takes_portfolio(title: str) -> bool:
    """Whether what somebody is in charge of may follow a job title: a minister's, or "secrétaire" ("au Trésor")."""
    return is_minister(title) or fold(title.split()[-1]) in _in_charge()


def is_head_of_government(title: str) -> bool:
    """Whether a job title is a prime minister's, who leads the country."""
    words = re.findall(r"[\w']+", fold(title))
    return "ministre" in words and bool({"premier", "premiere", "president", "presidente"} & set(words))


@cache
def _portfolios() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(re.findall(r"[\w'-]+", fold(row[0]))) for row in rows("portfolios.tsv"))


def portfolio_end(words: Sequence[str], at: int) -> int:
    """The index after "de l'Intérieur", "de l'Économie et des Finances", "chargé du Budget" at `at`; `at` where none is.

    `words` are the tokens of a text.
    """
    end = at
    while True:
        i = end
        if end > at and i < len(words) and fold(words[i]) in ("et", ","):
            i += 1
        start = i
        while i < len(words) and i - start < 4 and fold(words[i]) in _LINKS:
            i += 1
        if i == start:
            return end
        longest = max((len(p) for p in _portfolios() if _matches(words, i, p)), default=0)
        if not longest:
            return end
        end = i + longest


_LINKS = frozenset(
    {"de", "du", "des", "d'", "l'", "la", "le", "les", "a", "au", "aux", "delegue", "deleguee", "charge", "chargee"}
)


def _matches(words: Sequence[str], i: int, phrase: tuple[str, ...]) -> bool:
    found = words[i : i + len(phrase)]
    return found[:1] != [] and found[0][:1].isupper() and tuple(map(fold, found)) == phrase


def is_no_post(title: str) -> bool:
    """Whether words that look like a title name no post: "prédécesseur", "l'intéressée", "gouvernement"."""
    return re.sub(r"^(?:son|sa|ses|le|la|les|l')\s*", "", fold(title).strip()) in _no_posts()


@cache
def _no_posts() -> frozenset[str]:
    return frozenset(fold(row[0]) for row in rows("no_posts.tsv"))
