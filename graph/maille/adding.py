"""Articles into a graph that stays: read what is new, put it in, one transaction an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from maille.errors import MailleError
from maille.records import Article, Reading, Skipped

if TYPE_CHECKING:
    from maille.store import Store

AT_ONCE = 8
"""Articles that are read together: a stop loses the reading of so many, never one that was reported."""


@dataclass(frozen=True, slots=True)
class Added:
    """An article that is on disk: new in the graph, or there before; `claims` counts what was read in it."""

    article: Article
    status: Literal["added", "unchanged"]
    claims: int = 0


def folder_of(graph: Path) -> Path:
    """Where the store of a graph folder is, or is to be: the folder itself if it is a store, else store/ in it."""
    return graph if (graph / "CURRENT").exists() else graph / "store"


def add(
    store: Store,
    inputs: Sequence[str],
    *,
    model: str | None = None,
    date: dt.date | None = None,
    again: bool = False,
    jobs: int = 1,
) -> Iterator[Added | Skipped]:
    """Read files and folders into a store and tell of each article once it is safe on disk.

    A text that is there already is not read (unless `again`); a changed one takes the place of what was
    read from the same file or URL. `jobs` is the number of processes that read.
    """
    from maille.inputs import distinct, read_inputs

    told: list[Added | Skipped] = []

    def unread() -> Iterator[Article]:
        for found in distinct(read_inputs(inputs, date=date)):
            if isinstance(found, Skipped):
                told.append(found)
            elif store.has(found) and not again:
                told.append(Added(found, "unchanged"))
            else:
                yield found

    for reading in readings(unread(), model, jobs):
        store.add(reading)
        yield from told
        told.clear()
        yield Added(reading.article, "added", len(reading.claims))
    yield from told


def readings(articles: Iterable[Article], model: str | None = None, jobs: int = 1) -> Iterator[Reading]:
    """One Reading an article, in order, read by `jobs` processes; MailleError if one of these dies."""
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    left = iter(articles)
    batches = iter(lambda: list(islice(left, AT_ONCE)), [])
    if jobs <= 1:
        for batch in batches:
            yield from read_batch(batch, model)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        waiting: list[Future[list[Reading]]] = []
        try:
            for batch in batches:
                waiting.append(pool.submit(read_batch, batch, model))
                if len(waiting) > jobs:
                    yield from waiting.pop(0).result()
            for future in waiting:
                yield from future.result()
        except BrokenProcessPool as error:
            hint = "what was reported is in the graph; go on with fewer --jobs, or look at the memory"
            raise MailleError("a process that read articles was killed", hint) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def read_batch(articles: list[Article], model: str | None = None) -> list[Reading]:
    """The readings of a few articles; a process of its own loads the model once."""
    from maille.conduct import read_articles

    return list(read_articles(articles, model))
