"""The named questions: SPARQL files with a header that says what they ask and what they take.

    # title-fr: Qui dirige quoi ?
    # title-en: Who leads what?
    # parameter: NAME | entity, article, text or number | default | description in French / in English

A default of `*` asks about all entities or articles; none makes the parameter required. In the query `$NAME`
stands for its value: one term, or for an entity or article all those of that name, as `VALUES ?x { $NAME }` (then
`*` cannot be asked) or `?x IN ($NAME)`. Labels are matched inside the branches of a UNION and pairs are
left out with MINUS: Oxigraph joins groups row by row, which is quadratic (0.2 s against 25 s on 240 articles).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from maille.errors import MailleError

KINDS = ("entity", "article", "text", "number")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question takes; `default` is empty where the caller has to say it, `*` for all entities or articles."""

    name: str
    kind: str
    default: str
    description_fr: str
    description_en: str


@dataclass(frozen=True, slots=True)
class Question:
    """A named question; `sparql` holds `$NAME` where the value of a parameter goes."""

    name: str
    title_fr: str
    title_en: str
    parameters: tuple[Parameter, ...]
    sparql: str


@cache
def questions() -> tuple[Question, ...]:
    """Every question, by name."""
    folder = files("maille.query") / "questions"
    found = sorted((file.name, file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".rq"))
    return tuple(parse(name.removesuffix(".rq"), text) for name, text in found)


def question(name: str) -> Question:
    """The question of that name; MailleError with the nearest or all names otherwise."""
    by_name = {known.name: known for known in questions()}
    if name in by_name:
        return by_name[name]
    near = get_close_matches(name, by_name, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "the questions are " + ", ".join(by_name)
    raise MailleError(f"there is no question {name!r}", hint)


def parse(name: str, text: str) -> Question:
    """Read a question file; MailleError names the header line that is missing or wrong."""
    header = re.findall(r"^# ([a-z-]+): *(.*)$", text, re.M)
    unknown = {key for key, _ in header} - {"title-fr", "title-en", "parameter"}
    titles = dict(header)
    missing = [key for key in ("title-fr", "title-en") if not titles.get(key)]
    if unknown or missing:
        raise MailleError(f"{name}.rq: unknown {sorted(unknown)} or missing {missing} in the header")
    parameters = tuple(_parameter(name, value) for key, value in header if key == "parameter")
    sparql = re.sub(r"\A(#[^\n]*\n)+", "", text)
    used = set(re.findall(r"\$([a-z]+)", sparql))
    if used != {parameter.name for parameter in parameters}:
        raise MailleError(f"{name}.rq: the query uses {sorted(used)}, which are not the parameters of the header")
    return Question(name, titles["title-fr"], titles["title-en"], parameters, sparql)


def _parameter(name: str, line: str) -> Parameter:
    fields = [part.strip() for part in line.split("|")]
    if len(fields) != 4 or fields[1] not in KINDS or " / " not in fields[3]:
        raise MailleError(f"{name}.rq: a parameter is NAME | {' or '.join(KINDS)} | default | French / English")
    french, _, english = fields[3].partition(" / ")
    return Parameter(fields[0], fields[1], fields[2], french, english)
