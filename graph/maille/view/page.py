"""The page: data as JSON blocks, constant scripts and styles whose hashes stand in a Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from maille.errors import MailleError
from maille.records import Reading
from maille.view.labels import LANGUAGES, check_language, terms, words
from maille.view.readings import from_readings
from maille.view.records import ViewClaim, ViewGraph
from maille.vocabulary import EVENTS, MODALITIES

if TYPE_CHECKING:
    from maille.store import Store
    from maille.view.network import Picture

SCRIPTS = ("model.js", "canvas.js", "panel.js", "export.js", "main.js")
NO_SCRIPT_ROWS = 500
"""Claims in the table for readers without scripts."""


def page(
    source: ViewGraph | Iterable[Reading],
    *,
    title: str | None = None,
    language: str = "fr",
    focus: str | None = None,
    distance: int = 1,
    limit: int = 400,
) -> str:
    """One HTML file that asks the network for nothing.

    `limit` entities are drawn at first, the others are reached by search and expansion; `focus` (a name or an
    id) keeps an entity and what lies at most `distance` ties away. MailleError for an unknown focus or language.
    """
    from maille.view.network import around, draw

    check_language(language)
    if limit < 1:
        raise MailleError(f"the limit {limit} draws nothing", "give a number of entities, such as 400")
    graph = source if isinstance(source, ViewGraph) else from_readings(source)
    if focus is not None:
        graph = around(graph, focus, distance)
    picture = draw(graph, limit)
    return _filled(graph, picture, title or words(language)["title"], language, limit)


def write_page(
    path: str | os.PathLike[str],
    source: ViewGraph | Iterable[Reading],
    *,
    title: str | None = None,
    language: str = "fr",
    focus: str | None = None,
    distance: int = 1,
    limit: int = 400,
) -> None:
    """Write `page` to a file as UTF-8; MailleError where it cannot be written."""
    html = page(source, title=title, language=language, focus=focus, distance=distance, limit=limit)
    try:
        Path(path).write_bytes(html.encode("utf-8"))
    except OSError as error:
        raise MailleError(f"{path} cannot be written ({error.strerror})", "choose another file with -o") from error


def draw_store(
    store: Store,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    language: str = "fr",
    focus: str | None = None,
    distance: int = 1,
    limit: int = 400,
    construct: str | None = None,
) -> None:
    """Write the page of all that a store holds, or of what a SPARQL CONSTRUCT picks (`from_construct`)."""
    from maille.view.constructed import from_construct
    from maille.view.stored import from_store

    graph = from_construct(store, construct) if construct is not None else from_store(store)
    write_page(path, graph, title=title, language=language, focus=focus, distance=distance, limit=limit)


def json_block(value: Any) -> str:
    """JSON that cannot end a script element nor break a line of one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def sound(text: str) -> str:
    """Text that UTF-8 and HTML can hold: lone surrogates and controls are replaced."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(c if c in "\t\n" or (c >= " " and not "\x7f" <= c <= "\x9f") else "\ufffd" for c in whole)


def _filled(graph: ViewGraph, picture: Picture, title: str, language: str, limit: int) -> str:
    from markupsafe import Markup

    from maille.view.network import vis_script

    style = _file("page.css")
    scripts = [vis_script(), *map(_file, SCRIPTS)]
    said = words(language)
    rows = [c for c in graph.claims if c.sentence][:NO_SCRIPT_ROWS]
    cut = said["noScriptCut"].format(count=len(rows), all=len(graph.claims)) if len(rows) < len(graph.claims) else ""
    return picture.drawing.filled(
        language=language,
        title=sound(title),
        policy=_policy(scripts, [style]),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        data=Markup(json_block(_data(graph, picture, limit))),
        labels=Markup(json_block({name: {"terms": _terms(name), "words": words(name)} for name in LANGUAGES})),
        words=said,
        rows=_rows(graph, rows, language),
        cut=cut,
    )


def _terms(language: str) -> dict[str, str]:
    """The ontology's labels, and the word for what is none of its classes."""
    return {**terms(language), "Other": words(language)["Other"]}


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Nothing from anywhere, and no script or style but these."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(_hash, scripts)),
            "style-src " + " ".join(map(_hash, styles)),
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


@cache
def _file(name: str) -> str:
    return (files("maille.view") / name).read_text("utf-8").replace("\r\n", "\n")


def _data(graph: ViewGraph, picture: Picture, limit: int) -> dict[str, Any]:
    """What the scripts read; nodes, claims, sentences and articles are named by their positions."""
    nodes, edges, *_ = picture.drawing.get_network_data()
    numbers = {entity.id: number for number, entity in enumerate(graph.entities)}
    articles = {article.id: number for number, article in enumerate(graph.articles)}
    sentences: dict[str, int] = {}
    for claim in graph.claims:
        sentences.setdefault(claim.sentence, len(sentences))
    return {
        "limit": limit,
        "first": sorted(picture.first),
        "themes": picture.themes,
        "modalities": MODALITIES,
        "nodes": [
            {
                **node,
                "label": sound(node["label"]),
                "key": sound(entity.id),
                "kind": entity.kind,
                "top": entity.top,
                "event": entity.is_event,
                "name": sound(entity.label),
                "aliases": list(map(sound, entity.aliases)),
            }
            for node, entity in zip(nodes, graph.entities, strict=True)
        ],
        "edges": edges,
        "claims": [_claim(claim, numbers, articles, sentences) for claim in graph.claims],
        "sentences": list(map(sound, sentences)),
        "articles": [
            {"title": sound(a.title), "date": a.date, "publisher": sound(a.publisher), "url": _web(a.url)}
            for a in graph.articles
        ],
    }


def _claim(
    claim: ViewClaim, numbers: dict[str, int], articles: dict[str, int], sentences: dict[str, int]
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "s": numbers[claim.subject],
        "p": claim.property,
        "modality": claim.modality,
        "sure": round(claim.confidence, 3),
        "q": sentences[claim.sentence],
        "marks": [[mark.start, mark.end, mark.role[0]] for mark in claim.marks],
    }
    if claim.object:
        data["o"] = numbers[claim.object]
    else:
        data["value"] = sound(claim.value)
    if claim.period != "Current":
        data["period"] = claim.period
    if claim.article in articles:
        data["article"] = articles[claim.article]
    for name, text in (("by", claim.attributed), ("rule", claim.rule)):
        if text:
            data[name] = sound(text)
    return data


def _web(url: str) -> str:
    """The address if it is one of the web, else nothing."""
    try:
        return sound(url) if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _rows(graph: ViewGraph, claims: Iterable[ViewClaim], language: str) -> list[dict[str, str]]:
    """The table for readers without scripts."""
    said = terms(language)
    entities = {entity.id: entity for entity in graph.entities}
    articles = {article.id: article for article in graph.articles}

    def name(identity: str) -> str:
        entity = entities[identity]
        return sound(said.get(entity.kind, entity.kind) if entity.kind in EVENTS else entity.label)

    return [
        {
            "subject": name(claim.subject),
            "relation": said.get(claim.property, claim.property),
            "object": name(claim.object) if claim.object else sound(claim.value),
            "modality": said.get(claim.modality, claim.modality),
            "sentence": sound(claim.sentence),
            "article": sound(articles[claim.article].title) if claim.article in articles else "",
            "date": articles[claim.article].date if claim.article in articles else "",
            "who": sound(claim.attributed),
        }
        for claim in claims
    ]
