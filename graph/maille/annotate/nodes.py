"""The nodes of an annotated Doc: what claims can be made of, in text order."""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Doc

from maille.annotate.pipeline import MENTIONS, TEXTS
from maille.model.pairs import Node


def find_nodes(doc: Doc, is_place_adjective: Callable[[str], bool], floor: float = 0.0) -> tuple[Node, ...]:
    """All nodes of a Doc in text order; adjectives of place inside descriptions come from the lexicon."""
    nodes = [Node(m.start, m.end, m.label_, float(m.id_)) for m in doc.spans[MENTIONS] if float(m.id_) >= floor]
    taken = {i for n in nodes if n.label != "REF" for i in range(n.start, n.end)}
    nodes += [Node(m.start, m.end, m.label_, float(m.id_)) for m in doc.spans[TEXTS] if float(m.id_) >= floor]
    nodes += [
        Node(t.i, t.i + 1, "NORP", 0.9)
        for t in doc
        if t.i not in taken and t.pos_ in ("ADJ", "NOUN", "PROPN") and is_place_adjective(t.text)
    ]
    return tuple(sorted(nodes, key=lambda n: (n.start, n.end, n.label)))
