"""SPARQL 1.1 Graph Store HTTP Protocol at /graphs: one graph by `?graph=IRI`, `?default`, or its own address below."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urljoin

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from maille.serve.answers import answered, body_of
from maille.serve.pool import Pool
from maille.serve.protocol import authorize
from maille.serve.worker import ReadGraph, Refused, WriteGraph


async def graphs(request: Request) -> Response:
    """One operation on one graph; Refused with what is wrong in the request."""
    pool: Pool = request.app.state.pool
    name = _graph(request)
    if request.method in ("GET", "HEAD"):
        if name is None:
            raise Refused(400, "the request names no graph", "add ?graph=IRI, or ?default")
        job = ReadGraph(name, request.headers.get("accept", ""))
        return await answered(pool, request, job, **{"Vary": "Accept", "Cache-Control": "no-cache"})
    authorize(request)
    made = ""
    if name is None:
        if request.method != "POST":
            raise Refused(400, "the request names no graph", "add ?graph=IRI, or ?default")
        name = made = f"{str(request.url.replace(query='')).rstrip('/')}/{uuid.uuid4()}"
    parts = () if request.method == "DELETE" else await _parts(request, pool.settings.max_body)
    response = await answered(pool, request, WriteGraph(request.method, name, parts))
    if made:
        response.headers["Location"] = made
    return response


def _graph(request: Request) -> str | None:
    """The graph's IRI, empty for the default graph, None where the request names none."""
    fields: list[tuple[str, str]] = parse_qsl(
        request.scope["query_string"].decode("ascii", "replace"), keep_blank_values=True
    )
    asked = [(key, value) for key, value in fields if key in ("graph", "default")]
    here = str(request.url.replace(query=""))
    direct: str | None = request.path_params.get("name")
    if len(asked) + bool(direct) > 1:
        raise Refused(400, "the request names more than one graph", "name one")
    if direct:
        return here
    if not asked:
        return None
    key, value = asked[0]
    if key == "default":
        return ""
    if not value:
        raise Refused(400, "the graph has no name", "add ?graph=IRI, or ?default")
    try:
        return value if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value) else urljoin(here, value)
    except ValueError as error:
        raise Refused(400, f"{value!r} is no IRI", "give one such as https://example.org/graph") from error


async def _parts(request: Request, limit: int) -> tuple[tuple[str, bytes], ...]:
    """Media types and bodies: one, or those of a form with files."""
    media = request.headers.get("content-type", "")
    body = await body_of(request, limit)
    if not media.lower().startswith("multipart/form-data"):
        return ((media, body),)

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, stream()).parse()
    except (MultiPartException, KeyError) as error:
        raise Refused(400, "the form's parts cannot be told apart") from error
    parts = []
    for _, part in form.multi_items():
        if isinstance(part, str):
            raise Refused(400, "a part of the form is no file", "give each part a file name and a media type")
        parts.append((part.content_type or "", await part.read()))
    return tuple(parts)
