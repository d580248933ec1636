"""A folder on disk with one named graph per article, an entity graph and the ontology; endpoints elsewhere (maille.store.endpoint)."""

from __future__ import annotations

from maille.store.store import Info, Results, Store, StoredArticle, origin_of

__all__ = ["Info", "Results", "Store", "StoredArticle", "origin_of"]
