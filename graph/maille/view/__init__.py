"""The graph as one HTML file: opens from disk, asks for nothing, shows the sentence behind every tie."""

from __future__ import annotations

from maille.view.draw import draw_store
from maille.view.page import page
from maille.view.records import ViewClaim, ViewEntity

__all__ = ["ViewClaim", "ViewEntity", "draw_store", "page"]
