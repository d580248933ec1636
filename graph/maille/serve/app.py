"""The application: routes, what every answer carries, start and end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket as sockets
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maille.errors import MailleError
from maille.serve import site
from maille.serve.answers import problem
from maille.serve.graphs import graphs
from maille.serve.pool import Pool
from maille.serve.protocol import sparql
from maille.serve.settings import Settings
from maille.serve.worker import Refused

_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"content-security-policy": site.DATA.encode(),
}


class Carried:
    """Adds the headers of safety to every answer that does not have its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _ALWAYS.items() if h[0] not in there)]
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def application(settings: Settings) -> Starlette:
    """The ASGI application; its worker processes start with it and end with it."""
    pool = Pool(settings)

    @contextlib.asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            await pool.stop()

    writing = ["PUT", "POST", "DELETE"]
    everything = ["GET", "HEAD", *writing]
    routes = [
        Route("/", site.page, name="home"),
        Route("/search", site.page, name="search"),
        Route("/articles", site.page, name="articles"),
        Route("/network", site.page, name="network"),
        Route("/editor", site.page, name="editor"),
        Route("/resource", site.resource, name="resource"),
        Route("/sparql", sparql, methods=["GET", "HEAD", "POST"]),
        Route("/sparql/", sparql, methods=["GET", "HEAD", "POST"]),
        Route("/graphs", graphs, methods=everything),
        Route("/graphs/{name:path}", graphs, methods=everything),
        Route("/static/{name:path}", site.static),
        *(Route(f"/{kind}/{{name:path}}", site.thing, name=kind) for kind in site.KINDS),
    ]
    middleware = [Middleware(Carried)]
    if "*" not in settings.allowed_hosts:
        middleware.append(
            Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts), www_redirect=False)
        )
    if settings.cors:
        middleware.append(Middleware(
            CORSMiddleware, allow_origins=list(settings.cors), allow_methods=["GET", "POST", *(writing if settings.updates else [])],
            allow_headers=["Accept", "Authorization", "Content-Type"], expose_headers=["Location"],
        ))  # fmt: skip
    handlers = {Refused: _refused, HTTPException: _http}
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=living)
    app.state.pool, app.state.kept, app.state.base = pool, {}, ""
    return app


def run(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until interrupted; MailleError where the address is taken or the store cannot be opened.

    `ready` is called with the address once the server answers.
    """
    asyncio.run(_serve(settings, ready))


async def _serve(settings: Settings, ready: Callable[[str], None] | None) -> None:
    import uvicorn

    app = application(settings)
    pool: Pool = app.state.pool
    config = uvicorn.Config(
        app, host=settings.host.strip("[]"), port=settings.port, log_level="warning", access_log=False, lifespan="off",
        server_header=False, h11_max_incomplete_event_size=256 << 10, timeout_graceful_shutdown=5,
    )  # fmt: skip
    try:
        socket = config.bind_socket()
    except SystemExit as error:
        raise MailleError(
            f"the address {settings.host}:{settings.port} is taken or not ours", "give another with --port"
        ) from error
    try:
        # Answers come as headers and body: without this the second part waits 40 ms for the first one's acknowledgement.
        socket.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
        await pool.start()
        port = socket.getsockname()[1]
        if ready is not None:
            ready(f"http://{_written(settings.host)}:{port}/")
        for number in (signal.SIGINT, signal.SIGTERM):  # the server hands them back when it has ended
            signal.signal(number, _interrupted)
        if hasattr(signal, "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, pool.reload)
        with contextlib.suppress(KeyboardInterrupt):
            await uvicorn.Server(config).serve(sockets=[socket])
    finally:
        await pool.stop()
        socket.close()


def _interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _written(host: str) -> str:
    bare = host.strip("[]")
    return f"[{bare}]" if ":" in bare else bare


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(request, error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    told = {404: "there is nothing at this address", 405: f"{request.method} is not for this address"}
    response = problem(request, Refused(error.status_code, told.get(error.status_code, error.detail)))
    response.headers.update(error.headers or {})
    return response
