"""The graph as one HTML file: opens by double-click, asks for nothing, shows the sentence behind every tie."""

from __future__ import annotations

from maille.view.page import draw_store, page, write_page
from maille.view.readings import from_readings
from maille.view.records import Mark, ViewArticle, ViewClaim, ViewEntity, ViewGraph

__all__ = [
    "Mark",
    "ViewArticle",
    "ViewClaim",
    "ViewEntity",
    "ViewGraph",
    "draw_store",
    "from_readings",
    "page",
    "write_page",
]
