"""What axe-core finds in the page, in each of its states; and the page on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maille.records import Reading
from maille.view import write_page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "axe" / "axe.min.js"
STATES = {
    "overview": "",
    "entity": "#select=organization%2Fnordhavn",
    "tie": "#tie=organization%2Fbanque-vauban|acquires|organization%2Fnordhavn|Denied|Current",
    "around": "#around=organization%2Fnordhavn&steps=2&events=1",
    "path": "#path=person%2Fingrid-solheim&to=organization%2Fpixelune",
    "table": "#table=1&lang=en",
    "nothing": "#not=Asserted&not=Planned&not=Possible&not=Conditional&not=Denied&hide=Person",
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def sample(sample_reading: Reading, second_reading: Reading, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "page.html"
    write_page(file, [sample_reading, second_reading])
    return file


def violations(seen: Any) -> list[str]:
    """The rules that the page breaks, with the places and how grave that is."""
    seen(AXE.read_text("utf-8"))
    found = seen("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{rule['impact']} {rule['id']}: {[node['target'] for node in rule['nodes'][:4]]}" for rule in found]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Callable[..., Any], sample: Path, state: str, scheme: str) -> None:
    assert violations(visit(sample, STATES[state], color_scheme=scheme)) == []


@pytest.mark.parametrize("state", ["overview", "entity", "table"])
def test_axe_finds_nothing_on_a_phone(visit: Callable[..., Any], sample: Path, state: str) -> None:
    assert violations(visit(sample, STATES[state], **PHONE)) == []


def test_axe_finds_nothing_in_open_menus(visit: Callable[..., Any], sample: Path) -> None:
    seen = visit(sample)
    seen.page.click("#export > summary")
    seen.page.click("#relations > summary")
    seen.page.fill("#search", "no")
    seen("document.getElementById('export').open = true")
    assert violations(seen) == []


@pytest.mark.parametrize("hash_", ["", "#theme=dark", "#table=1&theme=dark"])
def test_paper_shows_the_network_and_the_sentences(visit: Callable[..., Any], sample: Path, hash_: str) -> None:
    seen = visit(sample, hash_)
    page = seen.page
    seen("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for hidden in ("#tools", "#network", "#panel"):
        assert page.is_hidden(hidden), hidden
    assert page.is_visible("#table") and page.is_visible("#paper svg")
    assert page.locator("#table tbody tr").count() == 44
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('#table blockquote')).color]"
    assert seen(colours) == ["rgb(255, 255, 255)", "rgb(31, 36, 41)"]
    assert seen("maille.palette().get('ink')") == "#1f2429"
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="screen")
    seen("dispatchEvent(new Event('afterprint'))")
    assert page.is_visible("#tools")
    assert seen("document.documentElement.dataset.theme") == ("dark" if "dark" in hash_ else None)
    assert page.is_visible("#table") == ("table" in hash_)
