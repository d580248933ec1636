"""The page in a browser: one request, no complaint, and what a reader does with it."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maille.records import Reading
from maille.view import ViewGraph, write_page

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def sample(sample_reading: Reading, second_reading: Reading, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "sample page.html"
    write_page(file, [sample_reading, second_reading], title="Aubelune et les autres")
    return file


@pytest.fixture(scope="module")
def large(star: Callable[[int], ViewGraph], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "large.html"
    write_page(file, star(300), limit=40)
    return file


def select(page: Any, name: str) -> None:
    page.fill("#search", name)
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel.open h2")


def test_the_first_picture_says_what_it_shows(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    assert seen.page.inner_text("h1") == "Aubelune et les autres"
    assert seen.page.inner_text("#summary").startswith("10 entités, 16 liens et 44 affirmations, d'après 2 articles")
    panel = seen.page.inner_text("#panel")
    assert "Nordhavn — Aubelune" in panel  # the strongest tie
    assert "La Banque Vauban dément avoir racheté Nordhavn." in panel  # what is denied, with its sentence
    assert seen("maille.vertices.length") == 10


def test_search_opens_the_sentences_of_a_name(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    seen.page.fill("#search", "VAUBÀN")  # neither case nor accents matter
    assert seen.page.locator("#results [role=option]").first.inner_text().startswith("Banque Vauban")
    seen.page.keyboard.press("Enter")
    panel = seen.page.locator("#panel")
    assert panel.locator("h2").inner_text() == "Banque Vauban"
    denial = panel.locator("li.claim.Denied").first
    assert denial.locator("blockquote").inner_text() == "La Banque Vauban dément avoir racheté Nordhavn."
    assert denial.locator("mark.subject").inner_text() == "Banque Vauban"
    assert denial.locator("mark.object").inner_text() == "Nordhavn"
    assert denial.locator(".badge").inner_text() == "nié ou démenti"
    source = denial.locator(".source").inner_text()
    for part in ("Aubelune lève 40 millions", "Le Quotidien", "2 avr. 2025", "selon Banque Vauban", "Confiance 77"):
        assert part in source


def test_search_finds_words_of_sentences(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    seen.page.fill("#search", "régulateur accord")
    seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("Enter")
    assert "Si le régulateur donne son accord" in seen.page.inner_text("#panel")
    seen.page.fill("#search", "zzzz")
    assert "Rien de tel" in seen.page.inner_text("#results")


def test_a_click_on_a_shape_and_on_a_tie(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    box = seen.page.locator("#network").bounding_box()

    def click(script: str) -> None:
        at = seen(script)
        seen.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
        seen.page.wait_for_timeout(400)  # vis-network waits for a second click

    click("maille.network.canvasToDOM(maille.places.get(maille.nodes.findIndex((n) => n.name === 'Pixelune')))")
    assert seen.page.inner_text("#panel h2") == "Pixelune"
    click("maille.network.canvasToDOM(maille.middle(maille.links().find((e) => e.property === 'leads')))")
    assert "Ingrid Solheim dirige Nordhavn" in seen.page.inner_text("#panel h2")


def test_toggles_and_filters_drive_everything(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    page = seen.page
    before = seen("[maille.shown().size, maille.links().length, maille.inView().size]")
    page.uncheck("#type-Place")
    assert seen("maille.shown().size") == before[0] - 2
    page.check("#type-Place")
    assert seen("[maille.shown().size, maille.links().length, maille.inView().size]") == before
    page.uncheck("#modality-Denied")
    assert seen("maille.links().some((edge) => edge.modality === 'Denied')") is False
    page.click("#relations > summary")
    page.uncheck("#relation-founderOf")
    assert seen("maille.links().some((edge) => edge.property === 'founderOf')") is False
    page.fill("#from", "2025-05-01")
    page.dispatch_event("#from", "change")
    assert seen("[...maille.inView()].every((c) => maille.dateOf(maille.claims[c]) === '2025-05-20')")
    assert "1 article" in page.inner_text("#summary")
    page.click("#reset")
    assert seen("[maille.shown().size, maille.links().length, maille.inView().size]") == before
    page.check("#events")
    assert seen("[...maille.shown()].filter((i) => maille.nodes[i].event).length") == 7  # statements stay out
    assert seen("maille.links().some((edge) => edge.sort === 'role')")


def test_planned_and_denied_ties_look_different(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    looks = seen(
        "maille.links().map((e) => [e.modality, JSON.stringify([maille.ties.get(e.id).dashes, maille.ties.get(e.id).color.color])])"
    )
    by_modality = {modality: {look for found, look in looks if found == modality} for modality, _ in looks}
    assert set(by_modality) == {"Asserted", "Planned", "Possible", "Conditional", "Denied"}
    assert all(len(found) == 1 for found in by_modality.values())
    assert len({next(iter(found)) for found in by_modality.values()}) == 5
    labels = seen("maille.links().map(maille.tieLabel)")
    assert {"rachète (prévu)", "rachète (nié ou démenti)", "travaille pour (passé)"} <= set(labels)
    assert "investit dans · 40 millions d'euros" in labels


def test_isolate_widen_expand_and_path(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    page = seen.page
    names = "[...maille.shown()].map((i) => maille.nodes[i].name).sort()"
    select(page, "Ingrid Solheim")
    page.click("#isolate")
    assert seen(names) == ["Ingrid Solheim", "Nordhavn"]
    page.click("#wider")
    assert {"Aubelune", "Banque Vauban", "Lyon"} <= set(seen(names))
    page.click("#narrower")
    select(page, "Nordhavn")
    page.click("#expand")
    assert {"Ingrid Solheim", "Hugo Lambert"} <= set(seen(names))
    page.click("#home")
    select(page, "Ingrid Solheim")
    page.click("#path")
    page.keyboard.type("Pixelune")
    page.keyboard.press("Enter")
    assert seen(names) == ["Aubelune", "Ingrid Solheim", "Nordhavn", "Pixelune"]
    assert "3 pas" in page.inner_text("#caption")
    assert page.locator("#panel ol.claims blockquote").count() >= 3


def test_the_first_sight_tells_the_themes(visit: Opener, circles: ViewGraph, tmp_path: Path) -> None:
    write_page(tmp_path / "circles.html", circles, language="en")
    seen = visit(tmp_path / "circles.html")
    rows = seen.page.locator("#panel .theme")
    assert rows.count() == 4
    assert rows.first.inner_text().startswith("Cercle 0 membre 0, ")
    rows.nth(2).click()
    assert seen("[...maille.shown()].every((i) => maille.nodes[i].name.startsWith('Cercle 2'))")
    assert seen("maille.shown().size") == 12
    assert "Cercle 2 membre 0" in seen.page.inner_text("#caption")
    again = visit(tmp_path / "circles.html", "#" + seen.page.url.partition("#")[2])
    assert again("maille.shown().size") == 12
    again.page.click("#home")
    assert again("maille.shown().size") == 48


def test_shapes_are_seen_from_afar(visit: Opener, large: Path) -> None:
    seen = visit(large)
    least = "Math.min(...maille.vertices.get().map((one) => one.size)) * maille.network.getScale()"
    for _ in range(9):
        seen.page.click("#zoom-out")
    assert seen("maille.network.getScale()") < 0.2
    assert seen(least) >= 2.5
    for _ in range(12):
        seen.page.click("#zoom-in")
    assert seen("maille.vertices.get().every((one) => one.size === maille.nodes[Number(one.id.slice(1))].size)")


def test_what_is_not_drawn_is_reached(visit: Opener, large: Path) -> None:
    seen = visit(large)
    assert seen("maille.shown().size") == 40
    assert "40 sur 301 entités" in seen.page.inner_text("#summary")
    select(seen.page, "Maison 299")
    assert seen("[...maille.shown()].some((i) => maille.nodes[i].name === 'Maison 299')")
    seen.page.click("#expand")
    assert seen("[...maille.shown()].some((i) => maille.nodes[i].name === 'Maison 298')")


def test_places_never_coincide_when_more_is_drawn(visit: Opener, large: Path) -> None:
    seen = visit(large)
    select(seen.page, "Maison 0")
    seen.page.click("#expand")
    nearest = seen(
        "(() => { const all = [...maille.shown()].map((i) => maille.places.get(i)); let least = 1e9;"
        " all.forEach((p, i) => all.slice(i + 1).forEach((q) => { least = Math.min(least, Math.hypot(p.x - q.x, p.y - q.y)); }));"
        " return least; })()"
    )
    assert nearest > 25


def test_labels_do_not_cover_one_another(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    labels = seen(
        "(() => { const pen = document.createElement('canvas').getContext('2d');"
        " const measure = (t, s, b) => { pen.font = `${b ? '600 ' : ''}${s}px ${maille.FONT}`; return pen.measureText(t).width; };"
        " return maille.chooseLabels((p) => maille.network.canvasToDOM(p), maille.network.getScale(), measure, 880, 700)"
        ".map((l) => ({ x: l.x, y: l.y, w: measure(l.text, l.size, l.strong), node: l.node !== undefined })); })()"
    )
    assert sum(label["node"] for label in labels) == 10
    for i, one in enumerate(labels):
        for two in labels[i + 1 :]:
            assert abs(one["x"] - two["x"]) >= (one["w"] + two["w"]) / 2 or abs(one["y"] - two["y"]) >= 11


def test_exports(visit: Opener, sample: Path) -> None:
    seen = visit(sample)

    def saved(button: str) -> bytes:
        seen.page.click("#export > summary")
        with seen.page.expect_download() as waiting:
            seen.page.click(button)
        return Path(waiting.value.path()).read_bytes()

    assert saved("#png")[:8] == b"\x89PNG\r\n\x1a\n"
    drawing = ET.fromstring(saved("#svg"))
    texts = [node.text for node in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Aubelune et les autres", "Aubelune", "Banque Vauban", "rachète (nié ou démenti)"} <= set(texts)
    rows = list(csv.reader(io.StringIO(saved("#csv").decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:6] == ["Sujet", "Relation", "Objet", "Modalité", "Période", "Phrase"]
    assert len(rows) == seen("maille.inView().size") + 1
    assert ["Banque Vauban", "rachète", "Nordhavn", "Nié"] in [row[:4] for row in rows]


def test_a_link_brings_back_what_was_seen(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    page = seen.page
    select(page, "Nordhavn")
    page.click("#isolate")
    page.click("#wider")
    page.uncheck("#modality-Possible")
    page.uncheck("#type-Product")
    page.click("#theme")
    page.click("#language")
    told = "[maille.toHash(), [...maille.shown()], maille.links().map((e) => e.id), document.getElementById('panel').innerText]"
    before = seen(told)
    hash_ = "#" + page.url.partition("#")[2]
    again = visit(sample, hash_)
    assert again(told) == before
    assert "asserted" not in hash_ and "select=" in hash_ and "steps=2" in hash_
    again.page.evaluate("location.hash = 'select=person%2Fclaire-morel'")  # a link pasted into an open page
    again.page.wait_for_selector("#panel h2:has-text('Claire Morel')")


@pytest.mark.parametrize(
    "hash_", ["#around=nobody&steps=x", "#tie=%E0%A4%A&hide=%00", "#__proto__=1&path=a&to=b", "#from=9&sure=zz"]
)
def test_a_broken_link_shows_the_overview(visit: Opener, sample: Path, hash_: str) -> None:
    assert visit(sample, hash_)("maille.shown().size") == 10


def test_the_keyboard_alone(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    page = seen.page
    page.keyboard.press("Tab")
    assert seen("document.activeElement.id") == "skip"
    for _ in range(30):
        page.keyboard.press("Tab")
        if seen("document.activeElement.id") == "network":
            break
    assert seen("document.activeElement.id") == "network"
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#panel h2") == "Aubelune"  # the most cited
    assert "Aubelune, Entreprise" in page.text_content("#said")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#panel h2") != "Aubelune"
    page.keyboard.press("Enter")
    assert seen("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert seen("document.activeElement.id") == "network"
    assert seen("maille.state.selected") is None
    page.keyboard.press("/")
    assert seen("document.activeElement.id") == "search"
    page.keyboard.type("lyon")
    page.keyboard.press("Escape")
    assert page.is_hidden("#results")


def test_the_table_says_the_same(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    seen.page.click("#show-table")
    assert seen.page.locator("#table tbody tr").count() == seen("maille.inView().size") == 44
    assert seen.page.is_hidden("#stage")
    seen.page.click("#show-network")
    seen("dispatchEvent(new Event('beforeprint'))")
    assert seen.page.locator("#table tbody tr").count() == 44


def test_without_scripts_the_table_stands(visit: Opener, sample: Path) -> None:
    seen = visit(sample, java_script_enabled=False)
    assert seen.page.locator("table.claims tbody tr").count() == 46
    assert seen.page.is_hidden("#main")
    assert seen.page.locator("table.claims td", has_text="dément avoir racheté").first.is_visible()


def test_a_phone_has_no_side_scroll(visit: Opener, sample: Path, hostile: ViewGraph, tmp_path: Path) -> None:
    write_page(tmp_path / "hostile.html", hostile)
    wide = "document.documentElement.scrollWidth"
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    for file, name in ((sample, "Nordhavn"), (tmp_path / "hostile.html", "long")):
        seen = visit(file, **phone)
        assert seen(wide) <= 390
        select(seen.page, name)
        assert seen(wide) <= 390
        seen.page.click("#panel .close")
        seen.page.click("#show-table")
        assert seen(wide) <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_can_be_read(visit: Opener, sample: Path, scheme: str) -> None:
    seen = visit(sample, color_scheme=scheme)
    contrast = """(() => {
      const style = getComputedStyle(document.documentElement);
      const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      const light = (name) => {
        const c = style.getPropertyValue(name).trim();
        const h = c.length === 4 ? c.replace(/[0-9a-f]/gi, "$&$&") : c;
        return [1, 3, 5].map((k) => linear(parseInt(h.slice(k, k + 2), 16) / 255))
          .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0); };
      return ["--ink", "--muted", "--accent", "--Planned", "--Possible", "--Conditional", "--Denied"].map((name) => {
        const [a, b] = [light(name), light("--surface")].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); });
    })()"""
    assert min(seen(contrast)) >= 3.8
    dark = seen("getComputedStyle(document.body).backgroundColor")
    seen.page.click("#theme")
    assert seen("getComputedStyle(document.body).backgroundColor") != dark


def test_both_languages(visit: Opener, sample: Path) -> None:
    seen = visit(sample)
    seen.page.click("#language")
    assert seen.page.inner_text("#summary").startswith("10 entities, 16 ties and 44 claims, from 2 articles")
    assert "acquires (denied)" in seen("maille.links().map(maille.tieLabel)")
    assert seen("document.documentElement.lang") == "en"


def test_hostile_names_do_nothing(visit: Opener, hostile: ViewGraph, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    write_page(file, hostile, title="</title><script>window.hit=10</script>")
    seen = visit(file)
    seen("for (const node of maille.nodes) maille.select({ kind: 'node', i: node.i })")
    seen("for (const edge of maille.edges) maille.select({ kind: 'edge', i: edge.i })")
    seen(
        "for (const node of maille.nodes) { const hash = maille.toHash(); maille.fromHash('#' + hash); maille.search(node.name); }"
    )
    for text in ("<script", "__proto__", "constructor", "\"'>", "\\", "{{"):
        seen.page.fill("#search", text)
    seen.page.fill("#search", "")
    seen.page.click("#show-table")
    assert seen("window.hit") is None
    assert seen("Object.keys(Object.prototype).length") == 0
    elements = "document.querySelectorAll('#panel script, #table script, #table img, #table iframe, #table a[href^=javascript]').length"
    assert seen(elements) == 0
    assert seen.page.locator("#table tbody tr").count() == 42
    ET.fromstring(seen("maille.svgText()"))
    labels = seen("maille.chooseLabels((p) => p, 1, () => 1, 1e6, 1e6).map((label) => label.text)")
    assert not any(
        len(label) > 80 or set(label) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        for label in labels
    )
    rows = list(csv.reader(io.StringIO(seen("maille.csv()").lstrip("\ufeff")), delimiter=";"))
    cells = [cell for row in rows for cell in row]
    assert '\'=HYPERLINK("https://example.org")' in cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
