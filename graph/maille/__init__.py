"""French press articles become a knowledge graph with the sentence behind every claim.

`maille.build(texts_or_paths)` and `maille.open(folder)` give a `maille.Graph`: articles, entities, claims, SPARQL and
named questions, and the same graph for networkx, rdflib and pandas. Nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maille.errors import MailleError
    from maille.graph import Graph, build, open
    from maille.query.answer import Answer
    from maille.query.claims import GraphClaim, GraphEntity

__version__ = "0.1.0"
__all__ = ["Answer", "Graph", "GraphClaim", "GraphEntity", "MailleError", "build", "open"]

_HOMES = {
    "Answer": "maille.query.answer",
    "Graph": "maille.graph",
    "GraphClaim": "maille.query.claims",
    "GraphEntity": "maille.query.claims",
    "MailleError": "maille.errors",
    "build": "maille.graph",
    "open": "maille.graph",
}


def __getattr__(name: str) -> object:
    """What the package offers, imported when it is asked for."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'maille' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
