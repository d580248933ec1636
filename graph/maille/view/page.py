"""The page: data as JSON blocks, constant scripts and styles whose hashes stand in its Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import unicodedata
from collections.abc import Sequence
from importlib import resources
from typing import Any

from maille.errors import MailleError
from maille.view.layout import positions
from maille.view.records import ViewClaim, ViewEntity
from maille.vocabulary import CLASSES

VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
VIS_SHA256 = "1f20f0736f32cb9bedf8f6383b25cfea2f839e1abe80d6e8040b4d5bea378c69"
SHAPES = {"Person": "dot", "Organization": "square", "Place": "triangle", "Product": "hexagon", "Event": "diamond"}


def top(kind: str) -> str:
    """The top class that gives a node its shape and colour."""
    parent = CLASSES.get(kind)
    return parent or (kind if kind in CLASSES else "Event")


def visible(text: str) -> str:
    """Text for the canvas: no controls, no bidi marks, cut at 60 characters."""
    shown = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    return shown if len(shown) <= 60 else shown[:59] + "…"


def _file(name: str) -> str:
    return (resources.files("maille.view") / name).read_text("utf-8")


def _vis() -> str:
    """vis-network as pyvis bundles it; MailleError where it is another file than the one this page was tried with."""
    text = (resources.files("pyvis") / VIS).read_bytes()
    if hashlib.sha256(text).hexdigest() != VIS_SHA256:
        raise MailleError("pyvis bundles another vis-network than this page was made for", "pip install 'pyvis==0.3.2'")
    return text.decode("utf-8").replace("//# sourceMappingURL=vis-network.min.js.map", "")


def network(
    entities: Sequence[ViewEntity], claims: Sequence[ViewClaim]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes and edges as pyvis makes them, with positions, shapes and lanes for parallel ties."""
    from pyvis.network import Network

    drawn = Network(directed=True, notebook=False)
    linked = {x for c in claims if c.target for x in (c.subject, c.target)}
    shown = [e for e in entities if not e.event or e.id in linked]
    ties: dict[tuple[str, str], list[int]] = {}
    for i, c in enumerate(claims):
        if c.target and c.target != c.subject:
            ties.setdefault((c.subject, c.target), []).append(i)
    place = positions([e.id for e in shown], list(ties))
    for e in shown:
        x, y = place[e.id]
        size = (7 if e.event else 11) + min(18, 3 * (e.weight - 1) ** 0.5)
        drawn.add_node(
            e.id, label=visible(e.label), shape=SHAPES[top(e.kind)], size=round(size, 1), x=x, y=y, group=top(e.kind)
        )
    edges = []
    for (a, b), rows in ties.items():
        sure = any(claims[i].modality == "Asserted" for i in rows)
        edges.append(
            {
                "id": f"{a}\n{b}",
                "from": a,
                "to": b,
                "claims": rows,
                "dashes": not sure,
                "denied": all(claims[i].modality == "Denied" for i in rows),
            }
        )
    return list(drawn.nodes), edges


def _json(data: Any) -> str:
    """JSON that no HTML parser can mistake for markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _digest(text: str) -> str:
    """The source expression of an inline script or style in a Content-Security-Policy."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() + "'"


def page(
    entities: Sequence[ViewEntity],
    claims: Sequence[ViewClaim],
    *,
    limit: int = 400,
    language: str = "fr",
    title: str = "",
) -> str:
    """The whole page as one string; at most `limit` entities, the most spoken of, stand on the canvas at first."""
    nodes, edges = network(entities, claims)
    degree: dict[str, int] = {}
    for e in edges:
        for end in (e["from"], e["to"]):
            degree[end] = degree.get(end, 0) + len(e["claims"])
    ranked = sorted(nodes, key=lambda n: (-degree.get(n["id"], 0), n["label"], n["id"]))
    first = {n["id"] for n in ranked[:limit]}
    kinds = {e.id: e for e in entities}
    data = {
        "language": language,
        "labels": json.loads(_file("labels.json")),
        "nodes": [
            {
                **{k: n[k] for k in ("id", "label", "shape", "size", "x", "y", "group")},
                "first": n["id"] in first,
                "full": kinds[n["id"]].label,
                "kind": kinds[n["id"]].kind,
                "aliases": list(kinds[n["id"]].aliases),
            }
            for n in nodes
        ],
        "edges": edges,
        "claims": [
            {
                "s": c.subject,
                "p": c.property,
                "o": c.target,
                "v": c.value,
                "m": c.modality,
                "t": c.period,
                "by": c.source,
                "c": round(c.confidence, 2),
                "q": c.quote,
                "a": c.title,
                "d": c.published,
            }
            for c in claims
        ],
    }
    script, style, vis = _file("app.js"), _file("app.css"), _vis()
    policy = (
        f"default-src 'none'; script-src {_digest(vis)} {_digest(script)}; style-src {_digest(style)}; style-src-attr 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    articles = sorted({(c.published, c.title) for c in claims})
    heading = title or (articles[0][1] if len(articles) == 1 and articles[0][1] else f"{len(articles)} articles")
    parts = {
        "LANG": language,
        "POLICY": html.escape(policy, quote=True),
        "TITLE": html.escape(visible(heading)),
        "STYLE": style,
        "VIS": vis,
        "SCRIPT": script,
        "DATA": _json(data),
        "TABLE": _table(kinds, claims),
    }
    out = _file("page.html")
    for name, text in parts.items():
        out = out.replace("{{" + name + "}}", text, 1)
    return out


def _table(kinds: dict[str, ViewEntity], claims: Sequence[ViewClaim]) -> str:
    """The claims as a plain table, for print, screen readers and browsers without scripts."""

    def cell(text: str) -> str:
        return f"<td>{html.escape(text)}</td>"

    rows = [
        f"<tr>{cell(kinds[c.subject].label)}{cell(c.property)}{cell(c.value)}{cell(c.modality)}{cell(c.source)}{cell(c.quote)}{cell(c.published)}</tr>"
        for c in claims[:2000]
    ]
    return "".join(rows)
