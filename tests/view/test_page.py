"""The page as text: what stands in it, what cannot get out of it, the same bytes in every run."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from maille.errors import MailleError
from maille.records import Reading
from maille.store import Store
from maille.view import ViewClaim, ViewEntity, ViewGraph, draw_store, from_readings, page, write_page
from maille.view.labels import terms, words
from maille.view.network import plain
from maille.view.page import SCRIPTS, json_block
from maille.vocabulary import CLASSES, EVENTS, MODALITIES, RELATIONS, ROLES


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": [], "json": []}
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inside = "json" if dict(attrs).get("type") == "application/json" else tag
            self.raw[self.inside].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.raw[self.inside][-1] += data


def data_of(html: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Elements(html).raw["json"][0])
    return found


def test_nothing_is_asked_from_elsewhere(sample_reading: Reading) -> None:
    elements = Elements(page([sample_reading]))
    for tag, attributes in elements.found:
        assert tag not in ("iframe", "object", "embed", "base", "img")
        assert "src" not in attributes
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        assert attributes.get("href") in (None, "data:,", "#table")
    assert "sourceMappingURL" not in "".join(elements.raw["script"])


def test_the_policy_knows_every_script_and_style(sample_reading: Reading) -> None:
    elements = Elements(page([sample_reading]))
    policy = next(a["content"] for t, a in elements.found if t == "meta" and "http-equiv" in a) or ""
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for text in elements.raw["script"] + elements.raw["style"]:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert len(elements.raw["script"]) == len(SCRIPTS) + 1


def test_scripts_and_styles_are_constant(sample_reading: Reading, hostile: ViewGraph) -> None:
    one, two = Elements(page([sample_reading])), Elements(page(hostile, title="</title><script>x</script>"))
    assert one.raw["script"] == two.raw["script"]
    assert one.raw["style"] == two.raw["style"]


def test_hostile_names_stay_text(hostile: ViewGraph) -> None:
    html = page(hostile, title="</title><script>window.hit=9</script>")
    html.encode("utf-8")
    elements = Elements(html)
    assert len(elements.raw["script"]) == len(SCRIPTS) + 1
    assert len(elements.raw["json"]) == 2
    assert not any(tag in ("svg", "img", "b") for tag, _ in elements.found)
    for block in elements.raw["json"]:
        assert not set("<>&\u2028\u2029") & set(block)
    data = data_of(html)
    assert data["nodes"][0]["name"] == hostile.entities[0].label
    assert {article["url"] for article in data["articles"]} == {"", "https://example.org/?<&\"'"}


def test_the_scripts_use_no_way_to_markup() -> None:
    for script in SCRIPTS:
        text = (files("maille.view") / script).read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(", text
        )
        assert "</script" not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("ligne\u2028une\ndeux\x00", "ligne une deux"),
        ("x" * 100, "x" * 59 + "…"),
        ("\ud83d", ""),
        ("L’Oréal", "L’Oréal"),
    ],
)
def test_canvas_text_is_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_json_blocks_cannot_end_their_element() -> None:
    value = ["</script><!--", "\u2028\u2029", "&amp;", "é"]
    assert json.loads(json_block(value)) == value
    assert not set("<>&\u2028\u2029") & set(json_block(value))


def test_few_entities_come_first_and_all_are_there(star: Callable[[int], ViewGraph]) -> None:
    data = data_of(page(star(60), limit=20))
    assert len(data["first"]) == 20
    assert len(data["nodes"]) == 61
    assert 0 in data["first"]  # the hub
    assert {n for n, node in enumerate(data["nodes"]) if "x" in node} == set(data["first"])


def test_themes_are_what_hangs_together(circles: ViewGraph, sample_reading: Reading) -> None:
    themes = data_of(page(circles))["themes"]
    assert sorted(sorted(theme) for theme in themes) == [list(range(c * 12, c * 12 + 12)) for c in range(4)]
    assert all(theme[0] % 12 == 0 for theme in themes)  # the most cited stands first
    assert data_of(page(ViewGraph()))["themes"] == []
    assert all(len(theme) >= 4 for theme in data_of(page([sample_reading]))["themes"])


def test_what_has_no_tie_to_the_others_waits(star: Callable[[int], ViewGraph]) -> None:
    graph = star(60)
    pair = (ViewEntity("organization/x", "Company", "Aile"), ViewEntity("organization/y", "Company", "Bord"))
    claim = ViewClaim("x", "organization/x", "supplies", "organization/y", sentence="Aile fournit Bord.")
    shown = ViewGraph((*graph.entities, *pair), (*graph.claims, claim, claim, claim, claim), ())
    data = data_of(page(shown, limit=20))
    assert 20 >= len(data["first"]) >= 10
    tied = {end for edge in data["edges"] for end in (edge["from"], edge["to"])}
    assert all(f"n{n}" in tied for n in data["first"])


def test_events_fold_into_ties_that_are_not_said_anyway(sample_reading: Reading, second_reading: Reading) -> None:
    data = data_of(page([sample_reading, second_reading]))
    folded = {edge["property"] for edge in data["edges"] if edge["sort"] == "event"}
    assert folded == {"Layoff"}  # all others go with a relation of the same sentence
    invests = next(e for e in data["edges"] if e["property"] == "investsIn" and e["modality"] == "Asserted")
    said = {data["claims"][c]["p"] for c in invests["claims"]}
    assert said == {"investsIn", "recipient", "investor", "amount", "date"}


def test_one_tie_per_modality(sample_reading: Reading) -> None:
    edges = data_of(page([sample_reading]))["edges"]
    assert {e["modality"] for e in edges if e["property"] == "acquires"} == {"Planned", "Denied"}


@pytest.mark.parametrize(
    ("focus", "distance", "names"),
    [
        ("Pixelune", 0, {"Pixelune"}),
        ("vauban", 1, {"Banque Vauban", "Aubelune", "Nordhavn"}),  # part of a name
        ("organization/pixelune", 1, {"Pixelune", "Aubelune"}),  # an id
        ("Boréal", 1, {"Boréal", "Aubelune"}),
    ],
)
def test_focus_keeps_a_neighbourhood(sample_reading: Reading, focus: str, distance: int, names: set[str]) -> None:
    nodes = data_of(page([sample_reading], focus=focus, distance=distance))["nodes"]
    assert {node["name"] for node in nodes if not node["event"]} == names


def test_a_wrong_call_is_told(sample_reading: Reading, tmp_path: Path) -> None:
    with pytest.raises(MailleError, match="no entity of the graph is called 'Absente'"):
        page([sample_reading], focus="Absente")
    with pytest.raises(MailleError, match="does not speak 'de'"):
        page([sample_reading], language="de")
    with pytest.raises(MailleError, match="draws nothing"):
        page([sample_reading], limit=0)
    with pytest.raises(MailleError, match="negative"):
        page([sample_reading], focus="Lyon", distance=-1)
    with pytest.raises(MailleError, match="cannot be written"):
        write_page(tmp_path / "absent" / "page.html", [sample_reading])


def test_an_empty_graph_is_a_page() -> None:
    assert data_of(page(ViewGraph()))["nodes"] == []
    assert data_of(page(ViewGraph((ViewEntity("a", "Person", "Seule"),))))["first"] == []


def test_another_vis_network_is_refused(sample_reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maille.view.network.VIS_SHA256", "0" * 64)
    with pytest.raises(MailleError, match="another vis-network"):
        page([sample_reading])


def test_every_word_of_the_vocabulary_has_two_labels() -> None:
    names = {*CLASSES, *EVENTS, *RELATIONS, *ROLES, *MODALITIES, "Current", "Former"}
    for language in ("fr", "en"):
        assert names <= set(terms(language))


def test_the_page_has_its_words_in_both_languages() -> None:
    rows = list(csv.DictReader((files("maille.view") / "words.tsv").read_text("utf-8").splitlines(), delimiter="\t"))
    assert len(rows) == len({row["key"] for row in rows}) > 80
    for row in rows:
        assert row["fr"] and row["en"]
        assert set(re.findall(r"\{\w+\}", row["fr"])) == set(re.findall(r"\{\w+\}", row["en"])), row["key"]
    asked = set(re.findall(r"data-(?:word|title)=\"(\w+)\"", (files("maille.view") / "page.html").read_text("utf-8")))
    for script in SCRIPTS:
        asked |= set(re.findall(r"\bword\(\"([\w.]+)\"", (files("maille.view") / script).read_text("utf-8")))
    assert len(asked) > 50
    assert asked <= set(words("fr")), asked - set(words("fr"))


def test_the_table_for_readers_without_scripts(sample_reading: Reading) -> None:
    html = page([sample_reading], language="fr")
    table = html[html.index("<noscript>") : html.index("</noscript>")]
    assert table.count("<tr>") == len(sample_reading.claims) + 1
    assert "La Banque Vauban dément avoir racheté Nordhavn." in table
    assert "<bdi>Nié</bdi>" in table


def test_a_file_is_utf8_whatever_the_locale(sample_reading: Reading, tmp_path: Path) -> None:
    with Store.in_memory() as store:
        store.add(sample_reading)
        draw_store(store, tmp_path / "page.html")
    assert "Boréal" in (tmp_path / "page.html").read_text("utf-8")


SCRIPT = """
import sys
from maille.view import ViewClaim, ViewEntity, ViewGraph, page
names = [f"Maison {n}" for n in range(40)]
entities = tuple(ViewEntity(f"organization/{n}", "Company", name) for n, name in enumerate(names))
claims = tuple(
    ViewClaim(f"c{n}", f"organization/{n}", ["supplies", "sues"][n % 2], f"organization/{n * 7 % 40}", sentence="Oui.")
    for n in range(40)
)
sys.stdout.buffer.write(page(ViewGraph(entities, claims)).encode())
"""


def test_the_same_bytes_under_every_hash_seed() -> None:
    pages = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True)
        pages.add(hashlib.sha256(done.stdout).hexdigest())
    assert len(pages) == 1


def test_readings_and_their_graph_give_one_page(sample_reading: Reading) -> None:
    assert page([sample_reading]) == page(from_readings([sample_reading]))
