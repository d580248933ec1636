"""The web site and the IRIs: HTML or RDF by Accept, pages without scripts but for the editor and the network."""

from __future__ import annotations

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from maille.serve.answers import STRICT, answered, language_of
from maille.serve.formats import GRAPHS, HTML, choose
from maille.serve.pool import Pool
from maille.serve.worker import Page, Refused

ARTICLE = f"{STRICT}; script-src 'self'"
"""An article marks the passage that its address names."""

EDITOR = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The editor places its lines and menus with inline styles; it calls this server alone."""

NETWORK = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The rest stands in the page itself, with the hashes of its scripts."""

DATA = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Answers that are no pages: a browser that shows one runs nothing of it."""

KINDS = ("entity", "article", "event", "claim", "value", "graph")
"""The first part of an IRI after the base: each has its route."""

_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_STATIC = ("site.css", "article.js", "editor.js", "maille.svg", "yasgui/yasgui.min.js", "yasgui/yasgui.min.css", "yasgui/LICENSE.txt",
           "yasgui/yasgui.min.js.LICENSE.txt")  # fmt: skip


async def page(request: Request) -> Response:
    """A page of the site, by the name of its route."""
    name = request.scope["route"].name
    policy = {"editor": EDITOR, "network": NETWORK}.get(name, STRICT)
    return await _answered(request, name, policy, dict(request.query_params))


async def thing(request: Request) -> Response:
    """An entity, an article or whatever else has an IRI of the graph: a page for people, RDF for programs."""
    kind = request.scope["route"].name
    iri = f"{await _base(request)}{kind}/{request.path_params['name']}"
    return await _thing(request, iri, kind if kind in ("entity", "article") else "resource")


async def resource(request: Request) -> Response:
    """Any other IRI that the graph speaks of: `?iri=`."""
    iri = request.query_params.get("iri", "")
    return await _thing(request, iri, "resource")


async def static(request: Request) -> Response:
    """A file of the site."""
    name = request.path_params["name"]
    if name not in _STATIC:
        raise Refused(404, "there is no such file")
    body = (files("maille.serve") / "static").joinpath(*name.split("/")).read_bytes()
    media = _MEDIA["." + name.rpartition(".")[2]]
    headers = {"Content-Type": media, "Cache-Control": "max-age=3600", "Content-Security-Policy": DATA}
    return Response(body, headers=headers)


async def _thing(request: Request, iri: str, name: str) -> Response:
    if not _sound(iri):
        raise Refused(400, f"{iri[:200]!r} is not an absolute IRI", "give one such as https://example.org/thing")
    asked = request.query_params.get("format")
    accept = request.headers.get("accept", "")
    form = asked if asked in GRAPHS or asked == "html" else choose(accept, HTML | GRAPHS)
    if (asked is not None and form != asked) or form is None:
        raise Refused(406, f"no form of this fits {asked or accept!r}", "there are html, " + ", ".join(GRAPHS))
    arguments = {"iri": iri, "form": form}
    if form != "html":
        return await _answered(request, "data", DATA, arguments)
    return await _answered(request, name, ARTICLE if name == "article" else STRICT, arguments)


def _sound(iri: str) -> bool:
    import pyoxigraph as ox

    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True


async def _answered(request: Request, name: str, policy: str, arguments: dict[str, str]) -> Response:
    pool: Pool = request.app.state.pool
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    told = arguments | {"lang": language_of(request), "here": _other_language(request, here)}
    kept: dict[str, tuple[str, bytes]] = request.app.state.kept
    key = f"{name} {sorted(told.items())}" if name in ("home", "network") else ""
    headers = {
        "Vary": "Accept, Accept-Language, Cookie",
        "Cache-Control": "no-cache",
        "Content-Security-Policy": policy,
    }
    if request.query_params.get("lang") in ("fr", "en"):
        headers["Set-Cookie"] = f"lang={told['lang']}; Path=/; SameSite=Strict; HttpOnly"
    if key in kept and kept[key][0] == pool.state:
        return Response(kept[key][1], headers=headers | {"Content-Type": "text/html; charset=utf-8"})
    response = await answered(pool, request, Page(name, told), **headers)
    if key and response.status_code == 200 and type(response) is Response:
        if len(kept) >= 16:
            kept.clear()
        kept[key] = (pool.state, bytes(response.body))
    return response


async def _base(request: Request) -> str:
    """The IRI that those of the graph start with; it is asked of the store once."""
    if not request.app.state.base:
        lease = await request.app.state.pool.run(Page("base", {}))
        try:
            found = []
            while (piece := await lease.piece()) is not None:
                found.append(piece)
        finally:
            lease.close()
        request.app.state.base = b"".join(found).decode()
    return str(request.app.state.base)


def _other_language(request: Request, here: str) -> str:
    """The address of the same page in the other language."""
    other = "en" if language_of(request) == "fr" else "fr"
    return str(request.url.include_query_params(lang=other).replace(scheme="", netloc="")).removeprefix("//") or here
