"""Which form of an answer a client wants (RFC 9110, Accept)."""

from __future__ import annotations

from collections.abc import Mapping

RESULTS: dict[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Forms of a table or a yes or no; the first is the usual one."""

GRAPHS: dict[str, str] = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
"""Forms of a graph; the first is the usual one."""

HTML = {"html": "text/html"}

_OTHER_NAMES = {
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/x-turtle": "turtle",
    "text/plain": "ntriples",
    "text/rdf+n3": "turtle",
}


def choose(accept: str, offered: Mapping[str, str]) -> str | None:
    """The offered form that fits an Accept header best; the first offered where all fit alike; None if none fits."""
    best: tuple[float, int, str] | None = None
    ranges = _ranges(accept)
    for place, (form, media) in enumerate(offered.items()):
        quality = max((q for q in (_quality(form, media, ranges),) if q is not None), default=0.0)
        if quality > 0 and (best is None or (-quality, place) < best[:2]):
            best = (-quality, place, form)
    return best[2] if best else None


def with_charset(media: str) -> str:
    """The media type as it is sent: text in UTF-8 says so."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not media:
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        found.append((media, quality))
    return found or [("*/*", 1.0)]


def _quality(form: str, media: str, ranges: list[tuple[str, float]]) -> float | None:
    """The quality of the most specific range that covers the form."""
    best: tuple[int, float] | None = None
    for wanted, quality in ranges:
        if wanted == media or _OTHER_NAMES.get(wanted) == form:
            rank = 2
        elif wanted.endswith("/*") and media.startswith(wanted[:-1]):
            rank = 1
        elif wanted == "*/*":
            rank = 0
        else:
            continue
        if best is None or rank > best[0] or (rank == best[0] and quality > best[1]):
            best = (rank, quality)
    return best[1] if best else None
