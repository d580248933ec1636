"""From a worker's answer to an HTTP response; errors as problem details (RFC 9457), in plain text for people."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from maille.serve.formats import choose
from maille.serve.pool import Lease, Pool
from maille.serve.worker import Job, Refused

STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may do: load our style and icon, send our forms."""

EAGER = 1 << 20
"""Bytes that are held back before an answer begins, so that a small one that fails is an error from its first line on."""

_FORMS = {"text": "text/plain", "html": "text/html", "problem": "application/problem+json", "json": "application/json"}
_LOG = logging.getLogger("maille.serve")


class Streamed(Response):
    """A response that a worker is still making.

    One that breaks off is not ended: the connection is closed, so that it does not look whole.
    """

    def __init__(self, lease: Lease, begun: list[bytes], headers: Mapping[str, str], seconds: float) -> None:
        super().__init__(status_code=lease.head["status"], headers=headers)
        del self.headers["content-length"]
        self._lease, self._begun, self._seconds = lease, begun, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            pieces = self._begun
            while pieces:
                body = b"".join(pieces)
                await asyncio.wait_for(
                    send({"type": "http.response.body", "body": body, "more_body": True}), self._seconds
                )
                following = await self._lease.piece()
                pieces = [following] if following is not None else []
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (Refused, TimeoutError) as error:
            _LOG.warning("an answer was cut off: %s", error or "the client reads too slowly")
        finally:
            self._lease.close()


async def answered(pool: Pool, request: Request, job: Job, **headers: str) -> Response:
    """The response to a request that a worker answers."""
    lease = await pool.run(job, request.is_disconnected)
    begun: list[bytes] = []
    size = 0
    try:
        if lease.head["media"]:
            headers["Content-Type"] = lease.head["media"]
        while size < EAGER:
            piece = await lease.piece()
            if piece is None:
                lease.close()
                return Response(b"".join(begun), status_code=lease.head["status"], headers=headers)
            begun.append(piece)
            size += len(piece)
    except BaseException:
        lease.close()
        raise
    return Streamed(lease, begun, headers, pool.settings.timeout)


def problem(request: Request, refused: Refused) -> Response:
    """What went wrong, as the client likes to read it."""
    form = choose(request.headers.get("accept", ""), _FORMS) or "text"
    headers = {"Cache-Control": "no-store"}
    if refused.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="maille"'
    if refused.status == 503:
        headers["Retry-After"] = "5"
    if form in ("problem", "json"):
        told = {"title": refused.message, "status": refused.status, "detail": refused.hint}
        headers["Content-Type"] = _FORMS["problem"]
        return Response(json.dumps(told, ensure_ascii=False), status_code=refused.status, headers=headers)
    if form == "html":
        from maille.serve.pages import failure

        headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": STRICT}
        told_page = failure(language_of(request), refused.status, refused.message, refused.hint)
        return Response(told_page, status_code=refused.status, headers=headers)
    text = refused.message + (f"\n{refused.hint}" if refused.hint else "") + "\n"
    headers["Content-Type"] = "text/plain; charset=utf-8"
    return Response(text, status_code=refused.status, headers=headers)


def language_of(request: Request) -> str:
    """French, unless the reader asks for English: `lang=en`, now or before (a cookie), else Accept-Language."""
    for asked in (request.query_params.get("lang", ""), request.cookies.get("lang", "")):
        if asked in ("fr", "en"):
            return asked
    wanted = request.headers.get("accept-language", "").lower()
    french, english = wanted.find("fr"), wanted.find("en")
    return "en" if english >= 0 and (french < 0 or english < french) else "fr"


async def body_of(request: Request, limit: int) -> bytes:
    """The body; Refused (413) where it is larger than `limit`, as soon as that is known."""
    told = request.headers.get("content-length", "")
    too_large = Refused(413, f"the request's body is larger than {limit} bytes", "send less at once")
    if told.isdigit() and int(told) > limit:
        raise too_large
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > limit:
            raise too_large
    return bytes(found)
