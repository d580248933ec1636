"""A graph in the formats of others: Turtle, TriG, N-Quads, JSON-LD, GraphML."""

from __future__ import annotations

from maille.export.export import FORMS, Exportable, export, form_of

__all__ = ["FORMS", "Exportable", "export", "form_of"]
