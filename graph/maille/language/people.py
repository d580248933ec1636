"""Given names and posts of people."""

from __future__ import annotations

import re
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
