"""Triples -> RDF/XML and GEXF."""

from __future__ import annotations

import re

import pyoxigraph as ox

from maille.export.graphml import network, xml_text
from maille.rdf.names import PREFIXES

_DATED = re.compile(r' lastmodifieddate="[^"]*"')
_TOOL = re.compile(r"<creator>[^<]*</creator>")


def rdfxml(triples: list[ox.Triple]) -> str:
    """RDF/XML of one flat graph; what XML 1.0 cannot hold becomes U+FFFD."""
    written = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES)
    assert written is not None
    return xml_text(written.decode()).replace("\r", "&#xD;") + "\n"


def gexf(triples: list[ox.Triple]) -> str:
    """GEXF 1.2 for Gephi; without the day it was written, so that the same triples give the same bytes."""
    import networkx as nx

    text = "\n".join(nx.generate_gexf(network(triples)))
    return _TOOL.sub("<creator>maille</creator>", _DATED.sub("", text, count=1), count=1) + "\n"
