"""French and English words of the page: the ontology's labels, and the page's own from words.tsv."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from maille.errors import MailleError
from maille.vocabulary import NAMESPACE

LANGUAGES = ("fr", "en")

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def check_language(language: str) -> None:
    """MailleError for a language that the page does not speak."""
    if language not in LANGUAGES:
        raise MailleError(f"the page does not speak {language!r}", "choose " + " or ".join(LANGUAGES))


@cache
def terms(language: str) -> dict[str, str]:
    """The ontology's label of every class, property, event type, modality and period by its local name."""
    from pyoxigraph import Literal, NamedNode, RdfFormat, parse

    found: dict[str, str] = {}
    for quad in parse((files("maille.ontology") / "maille.ttl").read_bytes(), format=RdfFormat.TURTLE):
        if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, Literal):
            continue
        if quad.predicate.value == _LABEL and quad.object.language == language:
            found[quad.subject.value.removeprefix(NAMESPACE)] = quad.object.value
    return dict(sorted(found.items()))


@cache
def words(language: str) -> dict[str, str]:
    """The page's own words by key, with {placeholders}."""
    rows = csv.DictReader((files("maille.view") / "words.tsv").read_text("utf-8").splitlines(), delimiter="\t")
    return {row["key"]: row[language] for row in rows}
