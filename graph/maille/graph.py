"""The graph as Python objects: what `maille.build` and `maille.open` give.

>>> import maille
>>> graph = maille.open(folder)
>>> len(graph), graph
(2, <maille.Graph of 2 articles, 10 entities, 46 claims>)
>>> [person.name for person in graph.entities(kind="Person")]
['Claire Morel', 'Hugo Lambert', 'Ingrid Solheim']
>>> for claim in graph.claims(entity="Pixelune", property="acquires"):
...     print(claim, "|", claim.quote)
Aubelune -- acquires -> Pixelune [Planned] (0.85) | La société prévoit de racheter Pixelune en 2026
>>> for row in graph.ask("investments", who="Vauban"):
...     print(row["investor"], row["recipient"], row["amount"], row["currency"])
Banque Vauban Aubelune 40000000 EUR
>>> graph.close()
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from maille.query import ask
from maille.query.answer import Answer
from maille.query.claims import GraphClaim, GraphEntity
from maille.query.claims import claims as query_claims
from maille.query.claims import entities as query_entities
from maille.records import Article, Reading, Skipped
from maille.store import Store, StoredArticle

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import rdflib

Inputs = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


class Graph:
    """A graph of articles, in a folder or in memory; a context manager, closed at the end.

    >>> import maille
    >>> with maille.open(folder) as graph:
    ...     print(graph.articles()[0].title)
    Aubelune lève 40 millions d'euros auprès de la Banque Vauban
    """

    def __init__(self, store: Store, folder: Path | None = None, skipped: tuple[Skipped, ...] = ()) -> None:
        self.store = store
        self.folder = folder
        self.skipped = skipped
        """What `build` could not read, with the reasons."""

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.articles())

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        told = self.store.info()
        return f"<maille.Graph of {told.articles} articles, {told.entities} entities, {told.claims} claims>"

    def close(self) -> None:
        """Write all to disk and free the folder for others."""
        self.store.close()

    def add(self, reading: Reading) -> None:
        """Put a reading in, in the place of an earlier one of the same article."""
        self.store.add(reading)

    def articles(self) -> tuple[StoredArticle, ...]:
        """Every article, by date, title and key.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     for article in graph.articles():
        ...         print(article.published, article.claims, article.title)
        2025-04-02 37 Aubelune lève 40 millions d'euros auprès de la Banque Vauban
        2025-05-20 9 Nordhavn va supprimer 200 postes à Lyon
        """
        return self.store.articles()

    def entities(self, kind: str | None = None, name: str | None = None) -> tuple[GraphEntity, ...]:
        """The entities, of a class (an Organization may be a Company), called `name` or with its words in theirs.

        None of that name gives none; MailleError for an unknown class.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     graph.entities(name="vauban")
        ...     print(*graph.entities(kind="Organization"), sep=", ")
        (GraphEntity(iri='https://w3id.org/maille/data/entity/organization/banque-vauban', kind='Company', name='Banque Vauban', aliases=()),)
        Aubelune (Company), Banque Vauban (Company), Nordhavn (Company), Pixelune (Company)
        """
        return query_entities(self.store, kind, name)

    def claims(
        self,
        entity: str | None = None,
        property: str | None = None,
        modality: str | None = None,
        least_confidence: float = 0.0,
    ) -> tuple[GraphClaim, ...]:
        """The claims in the order of dates and texts: about an entity, of a property or role, of a modality.

        An entity no article names gives none; MailleError for a property or modality outside the vocabulary.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     for claim in graph.claims(modality="Denied"):
        ...         print(claim, claim.source)
        ...     (revenue,) = graph.claims("Aubelune", "revenue", least_confidence=0.9)
        ...     revenue.value, revenue.unit, revenue.quote
        Banque Vauban -- acquires -> Nordhavn [Denied] (0.77) Banque Vauban
        Acquisition -- buyer -> Banque Vauban [Denied] (0.77) Banque Vauban
        Acquisition -- target -> Nordhavn [Denied] (0.77) Banque Vauban
        (12500000.0, 'EUR', "réalise un chiffre d'affaires de 12,5 millions d'euros")
        """
        return query_claims(self.store, entity, property, modality, least_confidence)

    def query(self, sparql: str) -> Answer:
        """SPARQL over the union of all articles, with the prefixes declared; MailleError says where it is wrong.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     bool(graph.query("ASK { ?someone maille:leads ?something }"))
        True
        >>> with maille.open(folder) as graph:
        ...     graph.query("SELECT ?x WHERE { ?x foo:bar ?y }")
        Traceback (most recent call last):
        maille.errors.MailleError: the query uses the prefix 'foo' at line 1, column 22, which is not declared
        """
        return Answer(self.store.query(sparql), self.store.base)

    def ask(self, question: str, /, **arguments: str | float) -> Answer:
        """The answer to a named question (`maille ask` lists them); `from_` stands for a parameter called `from`.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     print(graph.ask("path", from_="Ingrid Solheim", to="Aubelune"))
        steps  path
        ─────  ───────────────────────────────────────────────────────────
        2      Ingrid Solheim → leads → Nordhavn → competesWith → Aubelune
        """
        given = {name.rstrip("_"): str(value) for name, value in arguments.items()}
        return Answer(ask(self.store, question, given), self.store.base)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """A directed multigraph: entities, events and values by IRI, an edge per claim with all that it says.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     network = graph.to_networkx()
        >>> network.number_of_edges()
        46
        >>> sorted({network.nodes[end]["label"] for _, end, said in network.edges(data="relation") if said == "develops"})
        ['Boréal']
        """
        from maille.export.graphml import network

        return network(self.store.triples())

    def to_rdflib(self, *, named: bool = False) -> rdflib.Graph | rdflib.Dataset:
        """An rdflib graph of everything, or with `named` a Dataset of a graph per article.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     flat, named = graph.to_rdflib(), graph.to_rdflib(named=True)
        >>> len(flat) == len({triple for triple in flat}), sum(1 for g in named.graphs() if len(g))
        (True, 3)
        """
        from maille.rdf.bridge import dataset, graph

        return dataset(self.store.quads()) if named else graph(self.store.triples())

    def to_pandas(
        self,
        entity: str | None = None,
        property: str | None = None,
        modality: str | None = None,
        least_confidence: float = 0.0,
    ) -> pd.DataFrame:
        """The claims, chosen as `claims` does, as a DataFrame of a row a claim.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     frame = graph.to_pandas()
        >>> frame.groupby("modality").size().to_dict()
        {'Asserted': 29, 'Conditional': 3, 'Denied': 3, 'Planned': 7, 'Possible': 4}
        >>> frame[frame.property == "employees"][["subject", "value", "unit"]].values.tolist()
        [['Aubelune', 320.0, 'salariés']]
        """
        from maille.query.frame import frame

        names = list(GraphClaim.__dataclass_fields__)
        chosen = self.claims(entity, property, modality, least_confidence)
        return frame(names, [[getattr(claim, name) for name in names] for claim in chosen])

    def export(self, form: str = "turtle", path: str | os.PathLike[str] | None = None) -> str:
        """The graph as turtle, trig, nquads, jsonld, rdfxml, graphml or gexf; written to `path` too where one is given.

        >>> import maille
        >>> with maille.open(folder) as graph:
        ...     graph.export("turtle").splitlines()[0]
        '@base <https://w3id.org/maille/data/> .'
        """
        from maille.export import export

        text = export(self.store, form)
        if path is not None:
            Path(path).write_text(text, "utf-8", newline="")
        return text


def open(folder: str | os.PathLike[str]) -> Graph:
    """The graph in a folder that `maille build` wrote; MailleError if there is none.

    >>> import maille
    >>> maille.open("nowhere")
    Traceback (most recent call last):
    maille.errors.MailleError: there is no store in nowhere/store
    """
    place = Path(folder)
    store = place / "store"
    return Graph(Store.open(store if store.is_dir() or not place.is_dir() else place, create=False), place)


def build(
    inputs: Inputs,
    folder: str | os.PathLike[str] | None = None,
    *,
    date: dt.date | None = None,
    model: str | None = None,
    base: str | None = None,
) -> Graph:
    """Read articles - texts, files, folders, one or many - into a graph in memory, or in `folder` as `maille build` does.

    A `str` with a line break or that names no file and holds a space is a text: a title line, a date line, a body.
    `date` is the publication date of articles that tell none. What cannot be read stands in `skipped` of the graph.
    """
    from maille.conduct import read_articles

    skipped: list[Skipped] = []
    readings = read_articles(
        _articles([inputs] if isinstance(inputs, str | os.PathLike) else inputs, date, skipped), model
    )
    if folder is None:
        store = Store.in_memory(base)
        store.add_all(readings)
        return Graph(store, None, tuple(skipped))
    from maille.export import export
    from maille.view import draw_store

    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    store = Store.open(place / "store", create=True, base=base)
    store.add_all(readings)
    (place / "graph.ttl").write_text(export(store, "turtle"), "utf-8")
    draw_store(store, place / "graph.html")
    return Graph(store, place, tuple(skipped))


def _articles(
    inputs: Iterable[str | os.PathLike[str]], date: dt.date | None, skipped: list[Skipped]
) -> Iterator[Article]:
    """Each article once; what cannot be read, and what was read before, is noted."""
    from maille.inputs import distinct, read_inputs, read_text

    def found() -> Iterator[Article | Skipped]:
        for given in inputs:
            yield from (
                [read_text(given, date=date)] if _is_text(given) else read_inputs([os.fspath(given)], date=date)
            )

    for article in distinct(found()):
        if isinstance(article, Skipped):
            skipped.append(article)
        else:
            yield article


def _is_text(given: str | os.PathLike[str]) -> TypeGuard[str]:
    """Whether a string is an article rather than the name of a file."""
    if not isinstance(given, str):
        return False
    if "\n" in given.strip():
        return True
    ends = given.rpartition(".")[2].lower()
    return (
        " " in given.strip() and ends not in ("txt", "text", "md", "html", "htm", "xhtml") and not Path(given).exists()
    )
