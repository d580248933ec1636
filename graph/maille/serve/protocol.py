"""SPARQL 1.1 Protocol at /sparql: query by GET and POST, update by POST with a token, service description."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from maille.serve.answers import answered, body_of
from maille.serve.description import described
from maille.serve.formats import GRAPHS, HTML, choose, with_charset
from maille.serve.pool import Pool
from maille.serve.worker import Query, Refused, Update

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"

Fields = list[tuple[str, str]]


async def sparql(request: Request) -> Response:
    """One operation of the protocol; Refused with what is wrong in the request."""
    pool: Pool = request.app.state.pool
    fields = _fields(request.scope["query_string"])
    if request.method in ("GET", "HEAD"):
        if _one(fields, "update") is not None:
            raise Refused(400, "an update is sent by POST", "a GET changes nothing")
        text = _one(fields, "query")
        return await _query(pool, request, text, fields) if text is not None else _description(request)
    body = await body_of(request, pool.settings.max_body)
    match _media(request):
        case "application/x-www-form-urlencoded":
            fields += _fields(body)
            query, update = _one(fields, "query"), _one(fields, "update")
        case "application/sparql-query":
            query, update = _text(body), _one(fields, "update")
        case "application/sparql-update":
            query, update = _one(fields, "query"), _text(body)
        case other:
            raise Refused(415, f"a {other or 'body without a media type'} is neither a query nor an update",
                          f"send {FORM}, {QUERY} or {UPDATE}")  # fmt: skip
    if (query is None) == (update is None):
        raise Refused(400, "the request has no query and no update" if query is None
                      else "the request has both a query and an update", "send one of them")  # fmt: skip
    if query is not None:
        return await _query(pool, request, query, fields)
    assert update is not None
    return await _update(pool, request, update, fields)


def authorize(request: Request) -> None:
    """Refused unless this server may be changed and the request has its token."""
    pool: Pool = request.app.state.pool
    if not pool.settings.updates:
        raise Refused(403, "this server only reads", "start it with --update to allow changes")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = pool.settings.token.encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), known):
        raise Refused(401, "a change needs the server's token", "send the header Authorization: Bearer TOKEN")


async def _query(pool: Pool, request: Request, text: str, fields: Fields) -> Response:
    if _all(fields, "using-graph-uri") or _all(fields, "using-named-graph-uri"):
        raise Refused(400, "using-graph-uri belongs to an update", "a query takes default-graph-uri")
    job = Query(
        text,
        accept=_wanted(request, fields),
        base=_base(request),
        default=_all(fields, "default-graph-uri"),
        named=_all(fields, "named-graph-uri"),
    )
    return await answered(pool, request, job, **{"Vary": "Accept", "Cache-Control": "no-cache"})


async def _update(pool: Pool, request: Request, text: str, fields: Fields) -> Response:
    authorize(request)
    if _all(fields, "default-graph-uri") or _all(fields, "named-graph-uri"):
        raise Refused(400, "default-graph-uri belongs to a query", "an update takes using-graph-uri")
    job = Update(text, _base(request), _all(fields, "using-graph-uri"), _all(fields, "using-named-graph-uri"))
    return await answered(pool, request, job)


def _description(request: Request) -> Response:
    accept = request.headers.get("accept", "")
    form = choose(accept, GRAPHS | HTML)
    if form == "html":
        return RedirectResponse(request.url_for("editor"), status_code=303, headers={"Vary": "Accept"})
    if form is None:
        raise Refused(
            406, f"no form of the service description fits {accept!r}", "there is " + ", ".join(GRAPHS.values())
        )
    body = described(_base(request), form, updates=request.app.state.pool.settings.updates)
    return Response(body, headers={"Content-Type": with_charset(GRAPHS[form]), "Vary": "Accept"})


def _base(request: Request) -> str:
    """The endpoint's own IRI, against which relative IRIs are read."""
    return str(request.url.replace(query="", fragment=""))


def _wanted(request: Request, fields: Fields) -> str:
    """The Accept header, unless the request names a form: `format=csv` or a media type."""
    asked = _one(fields, "format")
    if asked is None:
        return request.headers.get("accept", "")
    from maille.serve.formats import RESULTS

    return (RESULTS | GRAPHS).get(asked, asked)


def _media(request: Request) -> str:
    media, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip('" ') not in ("utf-8", "utf8", "us-ascii"):
            raise Refused(415, f"a body in {value} is not read", "send it in UTF-8")
    return media


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(400, "the body is not UTF-8", "send it in UTF-8") from error


def _fields(encoded: bytes) -> Fields:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise Refused(400, "the parameters are not URL-encoded UTF-8") from error


def _all(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in fields if key == name)


def _one(fields: Fields, name: str) -> str | None:
    """The value of a parameter that may stand once."""
    values = _all(fields, name)
    if len(values) > 1:
        raise Refused(400, f"the request has {len(values)} parameters {name}", "send one")
    return values[0] if values else None
