"""A graph over HTTP: the SPARQL 1.1 protocols, the IRIs of its entities and articles, and a web site to read it."""

from __future__ import annotations

from maille.serve.settings import Settings

__all__ = ["Settings"]
