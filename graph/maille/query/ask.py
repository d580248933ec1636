"""Puts a named question: finds the entities that a name means, fills in the values, asks the store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Protocol

import pyoxigraph as ox

from maille.errors import MailleError
from maille.query.questions import Parameter, Question, question
from maille.rdf.mint import canonical

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_IRI = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"{}|\\^`]+")
_ARTICLES = """SELECT DISTINCT ?article ?key ?title WHERE {
  ?article maille:articleKey ?key . OPTIONAL { ?article dcterms:title ?title }
}"""
_LABELS = "SELECT DISTINCT ?entity ?label WHERE { ?entity skos:prefLabel|skos:altLabel ?label }"


class Queryable(Protocol):
    """What answers SPARQL: a store."""

    def query(self, sparql: str) -> Results: ...


def ask(store: Queryable, name: str, arguments: Mapping[str, str] | None = None) -> Results:
    """The answer to the question `name`; MailleError for an unknown question, parameter or entity."""
    return store.query(sparql_of(store, question(name), arguments or {}))


def sparql_of(store: Queryable, asked: Question, arguments: Mapping[str, str]) -> str:
    """The question's SPARQL with its parameters filled in."""
    known = [parameter.name for parameter in asked.parameters]
    if unknown := sorted(set(arguments) - set(known)):
        takes = "it takes " + ", ".join(known) if known else "it takes none"
        raise MailleError(f"the question {asked.name!r} has no parameter {unknown[0]!r}", takes)
    values = {p.name: _value(store, asked, p, arguments.get(p.name, "").strip()) for p in asked.parameters}
    listed = re.sub(r"\bIN \(\$([a-z]+)\)", lambda found: f"IN ({', '.join(values[found[1]])})", asked.sparql)
    return re.sub(r"\$([a-z]+)", lambda found: " ".join(values[found[1]]), listed)


def find_entities(store: Queryable, name: str) -> tuple[str, ...]:
    """IRIs of the entities called `name`, else of those whose name holds its words; case and accents do not matter.

    A name in the spelling of a label, or in small letters or capitals, is looked up; only another is searched for among
    all labels. An IRI stands for itself. MailleError, with the nearest names, if there is none.
    """
    if _IRI.fullmatch(name):
        return (name,)
    if spelled := _spelled(store, name):
        return spelled
    labels = _labels(store)
    wanted = canonical(name)
    exact = {iri for label, iris in labels.items() if canonical(label) == wanted for iri in iris}
    words = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    if exact or not wanted:
        return tuple(sorted(exact))
    partly = {iri for label, iris in labels.items() if words.search(canonical(label)) for iri in iris}
    if not partly:
        shown = {canonical(label): label for label in sorted(labels)}
        near = [shown[found] for found in get_close_matches(wanted, shown, n=3, cutoff=0.6)]
        hint = "did you mean " + " or ".join(map(repr, near)) + "?" if near else "`maille info` lists the entities"
        raise MailleError(f"no entity of the graph is called {name!r}", hint)
    return tuple(sorted(partly))


def _spelled(store: Queryable, name: str) -> tuple[str, ...]:
    """IRIs of the entities with a label that is `name` as it stands, in small letters, in capitals or capitalized."""
    labels = sorted(
        {str(ox.Literal(form)) for form in (name, name.lower(), name.upper(), name.capitalize(), name.title())}
    )
    tries = [f"{{ ?entity {said} {label} }}" for label in labels for said in ("skos:prefLabel", "skos:altLabel")]
    found = store.query(f"SELECT DISTINCT ?entity WHERE {{ {' UNION '.join(tries)} }}")
    assert isinstance(found, ox.QuerySolutions)
    return tuple(sorted(row["entity"].value for row in found if isinstance(row["entity"], ox.NamedNode)))


def find_articles(store: Queryable, name: str) -> tuple[str, ...]:
    """IRIs of the articles whose key starts with `name` (4 digits or more) or whose title holds its words.

    An IRI stands for itself. MailleError if there is none.
    """
    if _IRI.fullmatch(name):
        return (name,)
    found = store.query(_ARTICLES)
    assert isinstance(found, ox.QuerySolutions)
    told = [tuple("" if row[v] is None else row[v].value for v in ("article", "key", "title")) for row in found]
    if keyed := sorted({iri for iri, key, _ in told if len(name) >= 4 and key.startswith(name)}):
        return tuple(keyed)
    words = re.compile(rf"(?<!\w){re.escape(canonical(name))}(?!\w)")
    titled = sorted({iri for iri, _, title in told if words.search(canonical(title))})
    if not titled:
        raise MailleError(f"no article of the graph is called {name!r}", "`maille info` lists the keys and titles")
    return tuple(titled)


def _labels(store: Queryable) -> dict[str, set[str]]:
    found = store.query(_LABELS)
    assert isinstance(found, ox.QuerySolutions)
    labels: dict[str, set[str]] = {}
    for row in found:
        entity, label = row["entity"], row["label"]
        if isinstance(entity, ox.NamedNode) and isinstance(label, ox.Literal):
            labels.setdefault(label.value, set()).add(entity.value)
    return labels


def _value(store: Queryable, asked: Question, parameter: Parameter, given: str) -> list[str]:
    """A parameter's values as SPARQL terms; `"*"` for all entities or articles."""
    value = given or parameter.default
    if not value:
        hint = f"{parameter.name}: {parameter.description_en}"
        raise MailleError(f"the question {asked.name!r} needs the parameter {parameter.name!r}", hint)
    if parameter.kind in ("entity", "article"):
        find = find_entities if parameter.kind == "entity" else find_articles
        return ['"*"'] if value == "*" and parameter.default == "*" else [f"<{iri}>" for iri in find(store, value)]
    if parameter.kind == "number":
        number = value.replace(",", ".")
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", number):
            raise MailleError(
                f"the parameter {parameter.name!r} is a number, not {given!r}", f"e.g. {parameter.default}"
            )
        return [number]
    return [str(ox.Literal(value))]
