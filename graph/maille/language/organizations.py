"""Classes of organizations, and what the head noun of a description implies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from maille.language.tables import fold, rows


@dataclass(frozen=True, slots=True)
class Description:
    """What a noun describes: labels PER to EVENT, the likeliest first; gender m, f or mf; trade and class, or ""."""

    labels: tuple[str, ...]
    gender: str
    sector: str = ""
    kind: str = ""


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w&+]+", fold(text)))


@cache
def _kinds() -> tuple[dict[str, str], dict[str, tuple[int, str]]]:
    """Whole names, and words with their rank, that tell the class of an organization."""
    whole: dict[str, str] = {}
    part: dict[str, tuple[int, str]] = {}
    for rank, (phrase, kind) in enumerate(rows("organization_kinds.tsv")):
        if phrase.startswith("="):
            whole.setdefault(_bare(phrase[1:]), kind)
        else:
            part.setdefault(_words(phrase), (rank, kind))
    return whole, part


def _bare(name: str) -> str:
    return re.sub(r"^(?:l|le|la|les|the) ", "", _words(name))


def organization_kind(name: str) -> str | None:
    """Company, GovernmentBody, Party, Media or University where an organization's name tells, else None."""
    whole, part = _kinds()
    bare = _bare(name)
    if bare in whole:
        return whole[bare]
    words = _words(name).split()
    spans = (" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(len(words), i + 5) + 1))
    found = sorted(part[span] for span in spans if span in part)
    return found[0][1] if found else None


@cache
def _descriptions() -> dict[str, Description]:
    table: dict[str, Description] = {}
    for row in rows("descriptions.tsv"):
        noun, label, gender, sector, kind = (*row, "", "")[:5]
        table.setdefault(_words(noun), Description(tuple(label.split(",")), gender, sector, kind))
    return table


def description_of(phrase: str) -> Description | None:
    """What the first known noun of a description implies ("le constructeur automobile allemand": ORG, automobile)."""
    words = _words(phrase).split()
    for i in range(len(words)):
        for j in range(min(len(words), i + 4), i, -1):
            if (found := _descriptions().get(" ".join(words[i:j]))) is not None:
                return found
    return None


def is_description_noun(word: str) -> bool:
    """Whether a word or phrase, without article, is itself a known head of descriptions ("groupe", "jeune pousse")."""
    return _words(word) in _descriptions()
