"""The store: Oxigraph in a folder, one named graph per article, queries over the union of all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from maille.errors import MailleError
from maille.rdf.build import date, quads
from maille.rdf.mint import DEFAULT_BASE, Minter, digest
from maille.rdf.names import CLASSIFIED, NAMED, ONTOLOGY_GRAPH, PREFIXES, TYPE, term
from maille.records import Article, Reading
from maille.store.changes import ORIGIN, ontology_update, replace
from maille.store.guard import bare, has_dataset, refuse_calls
from maille.store.inference import Inferred, infer
from maille.store.reasons import place as position
from maille.store.reasons import reason

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_ARTICLE_KEY = term("maille:articleKey")
_USED_PREFIX = re.compile(r"(?<![\w:<])([A-Za-z][\w-]*):(?=[A-Za-z_])")
_DECLARED_PREFIX = re.compile(r"\bprefix\s+([\w-]*):", re.I)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article of the store; `published` is an ISO date or empty, `triples` the size of its graph."""

    key: str
    iri: str
    title: str
    published: str
    source: str
    claims: int
    triples: int


@dataclass(frozen=True, slots=True)
class Info:
    """How much a store holds; `claims` are those of the articles, `triples` counts every graph but the ontology."""

    base: str
    articles: int
    entities: int
    events: int
    claims: int
    inferred: int
    triples: int


class Store:
    """A graph of many articles; open it with `Store.open` or `Store.in_memory`, close it after use."""

    def __init__(self, inner: ox.Store, base: str | None = None, writable: bool = True) -> None:
        self._inner = inner
        self._mint = Minter(_base(inner, base))
        self._writable = writable
        if writable and (update := ontology_update(inner)):
            inner.update(update)

    @classmethod
    def open(
        cls, path: str | os.PathLike[str], create: bool = True, base: str | None = None, read_only: bool = False
    ) -> Store:
        """The store in a folder, made if absent and `create`; MailleError if it is none or in use.

        A read-only store is a snapshot: use it where no other process writes to the folder.
        """
        folder = Path(path)
        _check_folder(folder, create and not read_only)
        try:
            if create and not read_only:
                folder.parent.mkdir(parents=True, exist_ok=True)
            inner = ox.Store.read_only(str(folder)) if read_only else ox.Store(str(folder))
        except OSError as error:
            raise _opening_error(folder, error) from error
        return cls(inner, base, writable=not read_only)

    @classmethod
    def in_memory(cls, base: str | None = None) -> Store:
        """A store that is gone when it is closed."""
        return cls(ox.Store(), base)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Write all to disk and free the folder for others; the store is empty to its holder from then on."""
        if self._writable:
            self._inner.flush()
        self._inner = ox.Store()

    def flush(self) -> None:
        """Write all to disk: what was added before survives a power cut."""
        self._inner.flush()

    @property
    def base(self) -> str:
        """The IRI that every IRI of the store's data starts with."""
        return self._mint.base

    def add(self, reading: Reading) -> None:
        """Put a reading in: whole, or not at all.

        It takes the place of what was read from the same text, the same URL or the same file.
        """
        self._replace(reading)
        self.flush()

    def has(self, article: Article) -> bool:
        """Is this very text there, with the same publication date?"""
        graph, node = ox.NamedNode(self._mint.graph(article.key)), ox.NamedNode(self._mint.article(article.key))
        if article.published is None:
            return next(iter(self._pattern(node, _ARTICLE_KEY, graph)), None) is not None
        return ox.Quad(node, term("dcterms:date"), date(article.published.isoformat()), graph) in self._inner

    def add_all(self, readings: Iterable[Reading]) -> int:
        """Put in each reading as it comes, flush once; how many there were."""
        count = 0
        for reading in readings:
            self._replace(reading)
            count += 1
        self.flush()
        return count

    def remove(self, article: str) -> StoredArticle:
        """Drop an article by its key, a unique beginning of it (4 digits or more) or its IRI; what it was."""
        self._check_writable()
        found = self.find(article)
        replace(self._inner, self._mint, {found.key})
        self.flush()
        return found

    def infer(self) -> Inferred:
        """Bring the graph of what the rules derive in step with the articles, in one transaction."""
        self._check_writable()
        done = infer(self._inner, self._mint)
        self.flush()
        return done

    def find(self, article: str) -> StoredArticle:
        """The article with this key, unique beginning of a key (4 digits or more), or IRI; MailleError for none."""
        keys = [q.object.value for q in self._pattern(None, _ARTICLE_KEY) if isinstance(q.object, ox.Literal)]
        fits = [k for k in keys if self._mint.article(k) == article or (len(article) >= 4 and k.startswith(article))]
        if len(fits) == 1:
            return self._article(fits[0])
        if fits:
            raise MailleError(f"{len(fits)} articles have a key that starts with {article!r}", "give more digits")
        raise MailleError(f"no article {article!r} in the graph", "`maille info` lists the keys")

    def articles(self) -> tuple[StoredArticle, ...]:
        """Every article, by date, title and key."""
        keys = [q.object.value for q in self._pattern(None, _ARTICLE_KEY) if isinstance(q.object, ox.Literal)]
        return tuple(sorted(map(self._article, keys), key=lambda a: (a.published, a.title, a.key)))

    def info(self) -> Info:
        """How much the store holds."""
        count = "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { %s }"
        beside = sum(1 for own in self._beside() for _ in self._pattern(None, None, own))
        numbers = {
            "articles": "?x maille:articleKey ?key",
            "entities": "?x skos:prefLabel ?name",
            "events": "?x maille:trigger ?words",
            "claims": "?x a maille:Claim ; maille:confidence ?sure MINUS { ?x maille:inferredFrom ?premise }",
            "inferred": "?x maille:inferredFrom ?premise",
        }
        counted = {name: self._count(count % pattern) for name, pattern in numbers.items()}
        return Info(self.base, **counted, triples=len(self._inner) - beside)

    def query(self, sparql: str) -> Results:
        """SELECT, ASK, CONSTRUCT or DESCRIBE over the union of all graphs (`GRAPH ?g` picks single ones, FROM names others).

        The prefixes of a graph are declared. MailleError says where and why a query is wrong, and
        refuses SERVICE: a question does not leave this machine.
        """
        refuse_calls(sparql)
        try:
            union = not has_dataset(sparql)
            return self._inner.query(sparql, prefixes=PREFIXES, use_default_graph_as_union=union)
        except SyntaxError as error:
            raise query_error(sparql, str(error)) from error

    def rows(self, sparql: str) -> Iterator[dict[str, str]]:
        """The answers to a SELECT as text by variable name, empty where unbound; MailleError for another form of query."""
        results = self.query(sparql)
        if not isinstance(results, ox.QuerySolutions):
            raise MailleError("only a SELECT answers in rows", "use query() for ASK, CONSTRUCT and DESCRIBE")
        names = [v.value for v in results.variables]
        for row in results:
            yield {name: "" if row[name] is None else str(getattr(row[name], "value", row[name])) for name in names}

    def quads(self, articles: Iterable[str] | None = None) -> Iterator[ox.Quad]:
        """The quads of all articles and what was inferred, or those of the articles with these keys, with their entities."""
        if articles is None:
            beside = self._beside()
            yield from (quad for quad in self._inner if quad.graph_name not in beside)
            return
        seen: set[ox.NamedNode] = set()
        for key in articles:
            graph, entities = self._graphs(self.find(key).key)
            for quad in self._pattern(None, None, graph):
                yield quad
                if quad.predicate == CLASSIFIED and isinstance(quad.subject, ox.NamedNode):
                    seen.add(quad.subject)
        for node in sorted(seen, key=str):
            yield from self._pattern(node, None, entities)

    def triples(self, articles: Iterable[str] | None = None) -> list[ox.Triple]:
        """The same as one flat graph, without what only the store needs; sorted."""
        every = {quad.triple for quad in self.quads(articles) if quad.predicate not in (NAMED, CLASSIFIED)}
        return sorted(every, key=str)

    def _replace(self, reading: Reading) -> None:
        self._check_writable()
        article, origin = reading.article, origin_of(reading.article)
        earlier = self._pattern(None, ORIGIN, ox.NamedNode(self._mint.catalog), ox.Literal(origin))
        gone = {q.subject.value.rpartition("/")[2] for q in earlier if isinstance(q.subject, ox.NamedNode)}
        gone |= {article.key[:20]}
        new = quads(reading, self.base)
        replace(self._inner, self._mint, gone, new, (article.key, origin))

    def _beside(self) -> tuple[ox.NamedNode, ox.NamedNode]:
        """The graphs that are no part of what the articles say: the ontology, the catalog."""
        return ONTOLOGY_GRAPH, ox.NamedNode(self._mint.catalog)

    def _graphs(self, key: str) -> tuple[ox.NamedNode, ox.NamedNode]:
        return ox.NamedNode(self._mint.graph(key)), ox.NamedNode(self._mint.entities)

    def _pattern(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        graph: ox.NamedNode | None = None,
        value: ox.Literal | None = None,
    ) -> Iterator[ox.Quad]:
        return iter(self._inner.quads_for_pattern(subject, predicate, value, graph))

    def _article(self, key: str) -> StoredArticle:
        graph, _ = self._graphs(key)
        node = ox.NamedNode(self._mint.article(key))
        said = {
            q.predicate: q.object.value for q in self._pattern(node, None, graph) if isinstance(q.object, ox.Literal)
        }
        kinds = self._inner.quads_for_pattern(None, TYPE, term("maille:Claim"), graph)
        return StoredArticle(
            key=key,
            iri=node.value,
            title=said.get(term("dcterms:title"), ""),
            published=said.get(term("dcterms:date"), ""),
            source=said.get(term("schema:url"), "") or said.get(term("dcterms:source"), ""),
            claims=sum(1 for _ in kinds),
            triples=sum(1 for _ in self._pattern(None, None, graph)),
        )

    def _count(self, sparql: str) -> int:
        found = self.query(sparql)
        assert isinstance(found, ox.QuerySolutions)
        value = next(iter(found))["n"]
        assert isinstance(value, ox.Literal)
        return int(value.value)

    def _check_writable(self) -> None:
        if not self._writable:
            raise MailleError("the store was opened for reading only", "open it without read_only")


def origin_of(article: Article) -> str:
    """What tells where an article came from: its URL, or a digest of its file's path; empty for other texts."""
    if urlsplit(article.url).path.strip("/"):  # the bare address of a site is that of many articles
        return article.url
    if article.source and os.path.isfile(article.source):
        return digest(os.path.realpath(article.source), length=32)
    return ""


def query_error(sparql: str, told: str) -> MailleError:
    """What is wrong in a query: an unknown prefix by name, else the parser's position, line and reason."""
    known = "the known prefixes are " + ", ".join(sorted(PREFIXES))
    plain = bare(sparql)
    declared = {*PREFIXES, *_DECLARED_PREFIX.findall(sparql), "_"}
    for used in _USED_PREFIX.finditer(_DECLARED_PREFIX.sub(lambda found: " " * len(found[0]), plain)):
        if used[1] not in declared:
            at = "line {}, column {}".format(*position(sparql, used.start()))
            return MailleError(f"the query uses the prefix {used[1]!r} at {at}, which is not declared", known)
    place = re.match(r"error at (\d+):(\d+): (.*)", told, re.S)
    if re.match(r"\s*(prefix[^>]*>\s*)*(insert|delete|load|clear|drop|create|add|move|copy|with)\b", plain, re.I):
        return MailleError("the query is an update", "ask with SELECT, ASK, CONSTRUCT or DESCRIBE")
    if not place:
        return MailleError(f"the query is wrong: {told}", known)
    line, column = int(place[1]), int(place[2])
    lines = sparql.splitlines() or [""]
    shown = lines[min(line, len(lines)) - 1].strip()
    why = reason(place[3], sparql, line, column)
    return MailleError(f"the query is wrong at line {line}, column {column}: {why}: {shown}", known)


def _base(inner: ox.Store, wanted: str | None) -> str:
    """The base of the articles in the store, else the one asked for; MailleError if they differ."""
    first = next(iter(inner.quads_for_pattern(None, _ARTICLE_KEY, None, None)), None)
    if first is None or not isinstance(first.subject, ox.NamedNode):
        return wanted or DEFAULT_BASE
    base = first.subject.value.rpartition("article/")[0]
    if wanted not in (None, base):
        raise MailleError(f"the store's IRIs start with {base}, not with {wanted}", "leave the base out")
    return base


def _check_folder(folder: Path, create: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise MailleError(f"{folder} is a file, not a store's folder", "give the folder that `maille build` made")
    empty = not folder.exists() or not any(folder.iterdir())
    if empty and not create:
        raise MailleError(f"there is no store in {folder}", "make one with `maille build ARTICLES -o DIR`")
    if not empty and not (folder / "CURRENT").exists():
        raise MailleError(f"{folder} holds something else than a store", "give an empty or a new folder")


def _opening_error(folder: Path, error: OSError) -> MailleError:
    if "lock" in str(error).lower():
        return MailleError(f"the store {folder} is in use by another process", "stop it, or give another folder")
    return MailleError(f"the store {folder} cannot be opened: {error}", "is the folder whole, and may it be written?")
