"""Hostile names, small generated graphs, and a Chromium to open pages with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from maille.view import Mark, ViewArticle, ViewClaim, ViewEntity, ViewGraph

HOSTILE = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=2</script>",
    "<!--<script>window.hit=3",
    "<img src=x onerror=window.hit=4>",
    "<a href='https://example.org/'>href</a>",
    '"\'><svg onload="window.hit=5">',
    "javascript:window.hit=6",
    "ligne\u2028suivante\u2029fin",
    "\u202egnirtS\u202c \u2066isolé\u2069",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "{{ 7*7 }} {% raw %} ${window.hit=7} [[x]]",
    "&lt;b&gt;&amp;#39;",
    "nul\x00bel\x07esc\x1b[31m",
    "moitié\ud83d",
    "long " + "x" * 10_000,
    '=HYPERLINK("https://example.org")',
    "@SUM(1)",
    "   ",
    "",
)


def hostile_graph() -> ViewGraph:
    """A ring of hostile names, which also stand in titles, sentences, sources, rules and values."""
    kinds = ("Person", "Company", "City", "Software")
    entities = tuple(
        ViewEntity(f"x/{name[:40]}/{n}" if n % 2 else name[:60] + str(n), kinds[n % 4], name, (name,))
        for n, name in enumerate(HOSTILE)
    )
    articles = tuple(
        ViewArticle(
            f"a{n}", name, "2025-01-02", name, "javascript:window.hit=8" if n % 2 else "https://example.org/?<&\"'"
        )
        for n, name in enumerate(HOSTILE)
    )
    claims = []
    for n, name in enumerate(HOSTILE):
        sentence = f"{name} — {HOSTILE[(n + 1) % len(HOSTILE)]}."
        marks = (Mark(0, len(name), "subject"),) if name else ()
        more: dict[str, Any] = {
            "sentence": sentence,
            "article": f"a{n}",
            "attributed": name,
            "rule": name,
            "confidence": 0.5,
        }
        claims.append(
            ViewClaim(f"c{n}", entities[n].id, "investsIn", entities[(n + 1) % len(entities)].id, marks=marks, **more)
        )
        claims.append(ViewClaim(f"v{n}", entities[n].id, "jobTitle", value=name, **more))
    return ViewGraph(entities, tuple(claims), articles)


def star_graph(leaves: int) -> ViewGraph:
    """One company with `leaves` suppliers, each of which knows the next."""
    entities = tuple(ViewEntity(f"organization/{n}", "Company", f"Maison {n}") for n in range(leaves + 1))
    claims = [
        ViewClaim(f"s{n}", f"organization/{n}", "supplies", "organization/0", sentence=f"Maison {n} fournit Maison 0.")
        for n in range(1, leaves + 1)
    ]
    claims += [
        ViewClaim(
            f"c{n}", f"organization/{n}", "competesWith", f"organization/{n + 1}", sentence="Ils se concurrencent."
        )
        for n in range(1, leaves)
    ]
    return ViewGraph(entities, tuple(claims), ())


def circles_graph(circles: int = 4, size: int = 12) -> ViewGraph:
    """Circles of people who all know the one that stands first, each circle tied to the next by one sentence."""
    entities = tuple(
        ViewEntity(f"person/{c}-{n}", "Person", f"Cercle {c} membre {n}") for c in range(circles) for n in range(size)
    )
    claims = []
    for c in range(circles):
        pairs = [(n, 0) for n in range(1, size)] + [(n, n % (size - 1) + 1) for n in range(1, size)]
        for n, m in pairs:
            ends = f"person/{c}-{n}", f"person/{c}-{m}"
            claims.append(
                ViewClaim(f"c{len(claims)}", ends[0], "relative", ends[1], sentence=f"{ends[0]} et {ends[1]}.")
            )
        if c:
            claims.append(
                ViewClaim(f"c{len(claims)}", f"person/{c}-3", "spouse", f"person/{c - 1}-5", sentence=f"Mariage {c}.")
            )
    return ViewGraph(entities, tuple(claims), ())


@pytest.fixture(scope="session")
def circles() -> ViewGraph:
    return circles_graph()


@pytest.fixture(scope="session")
def hostile() -> ViewGraph:
    return hostile_graph()


@pytest.fixture(scope="session")
def star() -> Callable[[int], ViewGraph]:
    return star_graph


class Visit:
    """A page that is open, and what it asked for and complained of."""

    def __init__(self, browser: Any, file: Path, hash_: str = "", **context: Any) -> None:
        self.context = browser.new_context(
            accept_downloads=True, **{"viewport": {"width": 1280, "height": 800}, **context}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        self.page.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`))"
        )
        self.url = file.as_uri()
        self.page.goto(self.url + hash_)
        if context.get("java_script_enabled", True):
            self.page.wait_for_selector("html[data-ready]", state="attached")

    def check(self) -> None:
        """One request in all, and no complaint."""
        assert [url.partition("#")[0] for url in self.requests] == [self.url]
        assert self.complaints == []

    def __call__(self, script: str) -> Any:
        return self.page.evaluate(script)


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """`visit(file, hash="", **context)` opens a page; every visit is checked and closed at the end."""
    open_now: list[Visit] = []

    def opened(file: Path, hash_: str = "", **context: Any) -> Visit:
        open_now.append(Visit(chromium, file, hash_, **context))
        return open_now[-1]

    yield opened
    for one in open_now:
        one.check()
        one.context.close()
