"""A SPARQL 1.1 endpoint somewhere else: asked like a store, and written to in batches.

Who asks is said by environment variables, never by arguments that a process list shows:
MAILLE_ENDPOINT_TOKEN (bearer), or MAILLE_ENDPOINT_USER and MAILLE_ENDPOINT_PASSWORD (basic; digest where
the server wants it).
"""

from __future__ import annotations

import base64
import http.client
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import IO, NoReturn
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from maille import __version__
from maille.errors import MailleError
from maille.rdf.mint import DEFAULT_BASE
from maille.rdf.names import PREFIXES
from maille.store.store import Results, query_error

BATCH = 1000
"""Quads an update: more make some servers refuse."""
TRIES = 5
TIMEOUT = 60.0
"""Seconds to wait for an answer."""
LONGEST_WAIT = 30.0
"""Seconds between two tries at most."""

_PASSING = frozenset({429, 502, 503, 504})
_ANSWERS = "application/sparql-results+json, application/sparql-results+xml;q=0.8, text/turtle;q=0.7, application/n-triples;q=0.9"
_USED = re.compile(r"(?<![\w:<])([A-Za-z][\w-]*):")


class Endpoint:
    """A SPARQL endpoint by its URL; `query` answers like a store's, `push` writes quads."""

    def __init__(
        self,
        url: str,
        *,
        environment: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
        tries: int = TRIES,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MailleError(f"{url!r} is no endpoint", "give its URL, such as http://localhost:7878/query")
        if parts.username or parts.password:
            raise MailleError(
                "a name or password stands in the endpoint's URL",
                "set MAILLE_ENDPOINT_USER and MAILLE_ENDPOINT_PASSWORD instead",
            )
        self.url = url
        said = os.environ if environment is None else environment
        self._authorization = _authorization(said)
        self._opener = _opener(url, said)
        self._timeout, self._tries, self._wait = timeout, max(1, tries), wait
        self._base: str | None = None

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nothing is held open."""

    @property
    def base(self) -> str:
        """The IRI that the IRIs of the endpoint's articles start with; the usual one where it holds none."""
        if self._base is None:
            found = self.query("SELECT ?article WHERE { ?article maille:articleKey ?key } LIMIT 1")
            first = next(iter(found), None) if isinstance(found, ox.QuerySolutions) else None
            iri = first["article"] if first is not None else None
            self._base = iri.value.rpartition("article/")[0] if isinstance(iri, ox.NamedNode) else DEFAULT_BASE
        return self._base

    def query(self, sparql: str) -> Results:
        """SELECT, ASK, CONSTRUCT or DESCRIBE, with the prefixes of a graph declared.

        What the default graph holds is the endpoint's matter. MailleError where it refuses or cannot be reached.
        """
        body = urlencode({"query": _declared(sparql)}).encode()
        kind, answer = self._post(body, "application/x-www-form-urlencoded", _ANSWERS, sparql)
        return _results(kind, answer, self.url)

    def update(self, sparql: str) -> None:
        """A SPARQL update; MailleError where it is refused."""
        self._post(sparql.encode(), "application/sparql-update; charset=utf-8", "*/*")

    def push(
        self,
        quads: Iterable[ox.Quad],
        *,
        batch: int = BATCH,
        replace: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Write quads, `batch` an update, each graph replaced unless `replace` is false; how many were written.

        An update that is sent twice says the same twice: a try after a lost answer does no harm. A graph is
        emptied before its first batch; where a push breaks off, push again.
        """
        done = 0
        for graph, inside in groupby(sorted(quads, key=_graph_first), key=lambda quad: quad.graph_name):
            name = "" if isinstance(graph, ox.DefaultGraph) else str(graph)
            if replace and name:
                self.update(f"DROP SILENT GRAPH {name}")
            while some := list(islice(inside, batch)):
                lines = "\n".join(f"{quad.triple} ." for quad in some)
                self.update(
                    f"INSERT DATA {{ GRAPH {name} {{\n{lines}\n}} }}" if name else f"INSERT DATA {{\n{lines}\n}}"
                )
                done += len(some)
                if progress is not None:
                    progress(done)
        return done

    def _post(self, body: bytes, kind: str, accept: str, sparql: str = "") -> tuple[str, bytes]:
        """Content type and body of the answer; tries again, later each time, where the trouble may pass."""
        for attempt in range(self._tries):
            request = urllib.request.Request(self.url, data=body, method="POST")
            request.add_header("Content-Type", kind)
            request.add_header("Accept", accept)
            request.add_header("User-Agent", f"maille/{__version__}")
            if self._authorization:
                request.add_unredirected_header("Authorization", self._authorization)
            pause = min(LONGEST_WAIT, 0.5 * 2**attempt)
            last = attempt == self._tries - 1
            try:
                with self._opener.open(request, timeout=self._timeout) as answer:
                    return answer.headers.get("Content-Type") or "", answer.read()
            except urllib.error.HTTPError as error:
                if error.code == 401 and self._authorization.startswith("Basic "):
                    self._authorization = ""  # it may want a digest, which it asks for only where nothing is said
                    return self._post(body, kind, accept, sparql)
                if error.code not in _PASSING or last:
                    _refused(self.url, error, sparql)
                pause = _asked_for(error, pause)
            except TimeoutError as error:  # it was reached and thinks: asking again would only make it think more
                raise MailleError(
                    f"the endpoint {self.url} did not answer within {self._timeout:g} s", "ask for less (LIMIT)"
                ) from error
            except (OSError, http.client.HTTPException) as error:
                if last:
                    why = getattr(error, "reason", None) or error
                    raise MailleError(
                        f"the endpoint {self.url} cannot be reached ({why}), {self._tries} times tried",
                        "is the server running, and is this its URL?",
                    ) from error
            self._wait(pause)
        raise AssertionError("the last try returns or raises")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a POST would become a GET, and a password might go elsewhere."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def _opener(url: str, said: Mapping[str, str]) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    user = said.get("MAILLE_ENDPOINT_USER")
    if user and not said.get("MAILLE_ENDPOINT_TOKEN"):
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, url, user, said.get("MAILLE_ENDPOINT_PASSWORD", ""))
        handlers.append(urllib.request.HTTPDigestAuthHandler(known))
    return urllib.request.build_opener(*handlers)


def _authorization(said: Mapping[str, str]) -> str:
    """The header that says who asks; empty for nobody."""
    if token := said.get("MAILLE_ENDPOINT_TOKEN"):
        return f"Bearer {token}"
    if user := said.get("MAILLE_ENDPOINT_USER"):
        pair = f"{user}:{said.get('MAILLE_ENDPOINT_PASSWORD', '')}"
        return "Basic " + base64.b64encode(pair.encode()).decode()
    return ""


def _asked_for(error: urllib.error.HTTPError, otherwise: float) -> float:
    """The seconds that the server asks to wait (Retry-After), within bounds."""
    after = error.headers.get("Retry-After", "") if error.headers else ""
    return min(LONGEST_WAIT, float(after)) if after.isdigit() else otherwise


def _refused(url: str, error: urllib.error.HTTPError, sparql: str) -> NoReturn:
    """The MailleError for an answer that says no; a wrong query is explained as a store explains it."""
    said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
    if error.code in (401, 403):
        hint = "set MAILLE_ENDPOINT_TOKEN, or MAILLE_ENDPOINT_USER and MAILLE_ENDPOINT_PASSWORD"
        raise MailleError(f"the endpoint {url} refuses access ({error.code})", hint) from error
    if 300 <= error.code < 400:
        place = error.headers.get("Location", "elsewhere") if error.headers else "elsewhere"
        raise MailleError(f"the endpoint {url} has moved to {place}", "give that URL, if you trust it") from error
    if error.code == 400 and sparql:
        try:
            ox.Store().query(sparql, prefixes=PREFIXES)
        except SyntaxError as wrong:
            raise query_error(sparql, str(wrong)) from error
    hint = "is this the URL for queries, or for updates where you push?"
    raise MailleError(f"the endpoint {url} answers {error.code}{': ' + said if said else ''}", hint) from error


def _declared(sparql: str) -> str:
    """The query after the declarations of the known prefixes that it uses and does not declare."""
    declared = {name.lower() for name in re.findall(r"\bprefix\s+([\w-]*):", sparql, re.I)}
    used = {name for name in _USED.findall(sparql) if name in PREFIXES and name not in declared}
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(used)) + sparql


def _results(kind: str, answer: bytes, url: str) -> Results:
    """An answer in whatever format it came; a graph as the answer to a CONSTRUCT."""
    plain = kind.partition(";")[0].strip().lower()
    table = ox.QueryResultsFormat.from_media_type(plain)
    written = ox.RdfFormat.from_media_type(plain)
    try:
        if table is not None:
            return ox.parse_query_results(answer, format=table)
        if written is not None:
            held = ox.Store()
            held.bulk_extend(
                ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(answer, format=written, base_iri=url)
            )
            return held.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    except (SyntaxError, ValueError) as error:
        raise MailleError(
            f"the endpoint {url} answers what cannot be read: {error}", "was the answer cut off?"
        ) from error
    raise MailleError(f"the endpoint {url} answers {plain or 'without a type'}, not SPARQL results", "is this its URL?")


def _graph_first(quad: ox.Quad) -> str:
    return f"{'' if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name} {quad}"


def flat(triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    """Triples as quads of the default graph, for endpoints whose queries do not see named graphs."""
    return (ox.Quad(t.subject, t.predicate, t.object) for t in triples)
