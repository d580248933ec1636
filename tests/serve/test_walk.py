"""A newcomer's walk through the site in Chromium: search, an entity, an article, the editor, the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Running

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(chromium: Any, reading_server: Running) -> Iterator[Any]:
    """A page of a French reader; at the end nothing was asked of others and nothing was complained of."""
    context = chromium.new_context(locale="fr-FR", base_url=reading_server.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`))"
    )
    yield page
    context.close()
    assert [url for url in requests if not url.startswith((reading_server.url, "data:", "blob:"))] == []
    assert complaints == []


def test_a_walk_from_a_name_to_the_sentence(visitor: Any) -> None:
    visitor.goto("/")
    visitor.fill("#q", "vauban")
    visitor.keyboard.press("Enter")
    visitor.click("#entities a:has-text('Banque Vauban')")
    assert visitor.inner_text("h1") == "Banque Vauban"
    denied = visitor.locator("li.claim.Denied").first
    assert "démenti" in denied.inner_text()
    assert denied.locator("mark").inner_text() == "La Banque Vauban dément avoir racheté Nordhavn"
    denied.locator(".about a").click()
    assert visitor.inner_text("#text h1") == "Aubelune lève 40 millions d'euros auprès de la Banque Vauban"
    visitor.wait_for_selector(".here")
    marked = "".join(visitor.locator("#text .here").all_inner_texts())
    assert marked == "La Banque Vauban dément avoir racheté Nordhavn"
    assert visitor.locator("#text .here").first.evaluate("e => e.getBoundingClientRect().top < innerHeight")
    visitor.click("#claims .place:has-text('320 salariés')")
    visitor.wait_for_selector("#text .here:has-text('320 salariés')")  # marked once the page hears of its new address
    assert "".join(visitor.locator("#text .here").all_inner_texts()) == "Aubelune emploie 320 salariés à Lyon"
    visitor.click("#text .body a.name:has-text('Nordhavn') >> nth=0")
    assert visitor.inner_text("h1") == "Nordhavn"


def test_the_other_language_stays(visitor: Any) -> None:
    visitor.goto("/entity/organization/aubelune")
    assert "Ce qu'en disent les articles" in visitor.inner_text("main")
    visitor.click("nav a[hreflang=en]")
    assert "What the articles say" in visitor.inner_text("main")
    visitor.click("#own a:has-text('Pixelune')")
    assert "What relates to it" in visitor.inner_text("main")


def test_the_editor_answers(visitor: Any) -> None:
    visitor.goto("/editor")
    visitor.wait_for_selector("#editor[data-ready]", state="attached")
    visitor.click(".yasqe_queryButton")
    visitor.wait_for_selector(".yasr_results table tbody tr")
    assert "16 results" in visitor.inner_text(".yasr")
    visitor.click("#examples summary")
    visitor.click("#examples button:has-text('investit')")
    visitor.wait_for_selector(".yasr_results td:has-text('Nordhavn')")
    editor = visitor.evaluate("maille.getTab().getYasqe().getValue()")
    assert "PREFIX maille:" in editor and "investsIn" in editor


def test_the_editor_shows_a_query_of_the_address_and_its_error(visitor: Any, reading_server: Running) -> None:
    visitor.goto("/editor?query=SELECT%20*%20%7B%20%3Fa%20unknown%3Ax%20%3Fb%20%7D")
    visitor.wait_for_selector("#editor[data-ready]", state="attached")
    assert "unknown:x" in visitor.evaluate("maille.getTab().getYasqe().getValue()")


def test_the_network(visitor: Any) -> None:
    visitor.goto("/entity/organization/nordhavn")
    visitor.click("main a:has-text('réseau')")
    visitor.wait_for_selector("html[data-ready]", state="attached")
    assert visitor.evaluate("maille.vertices.length") >= 5


def test_without_scripts(chromium: Any, reading_server: Running) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=reading_server.url, locale="fr-FR")
    page = context.new_page()
    page.goto("/search?q=Aubelune")
    page.click("#found a >> nth=0")
    assert page.locator("#text a.name").count() > 5
    page.goto("/editor")
    page.click("noscript button") if page.locator("noscript button").count() else page.click(
        "button:has-text('Exécuter')"
    )
    context.close()
