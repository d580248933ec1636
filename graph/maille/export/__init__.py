"""A graph in the formats of others: Turtle, TriG, N-Quads, JSON-LD, RDF/XML, GraphML, GEXF, CSV."""

from __future__ import annotations

from maille.export.export import FOLDERS, FORMS, TRIPLE_TERMS, Exportable, export, export_files, form_of

__all__ = ["FOLDERS", "FORMS", "TRIPLE_TERMS", "Exportable", "export", "export_files", "form_of"]
