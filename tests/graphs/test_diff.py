"""Two graphs compared: what came, what went, what is said otherwise."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from claimed import reading_of

from maille.cli import main
from maille.records import Claim, Reading
from maille.store import Store
from maille.store.diff import Diff, as_text, compare, read_claims

KINDS = {"A": "Company", "B": "Company", "C": "Company", "L": "City"}
LINES = ["A competesWith B", "A headquarteredIn L", "v:Acquisition buyer A", "v:Acquisition target C"]


def diff_of(before: list[Reading], after: list[Reading], base: str | None = None) -> Diff:
    with Store.in_memory() as one, Store.in_memory(base) as two:
        one.add_all(before)
        two.add_all(after)
        one.infer()  # what is inferred is no claim of an article
        return compare(read_claims(one), read_claims(two))


def with_claim(reading: Reading, number: int, **changes: object) -> Reading:
    claims: list[Claim] = list(reading.claims)
    claims[number] = dataclasses.replace(claims[number], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(reading, claims=tuple(claims))


def test_a_graph_is_like_itself(sample_reading: Reading, second_reading: Reading) -> None:
    both = [sample_reading, second_reading]
    found = diff_of(both, both[::-1], base="https://a.example/")
    assert found == Diff((), (), (), sum(len(reading.claims) for reading in both))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"modality": "Planned"}, ("modality",)),
        ({"period": "Former"}, ("period",)),
        ({"confidence": 0.5}, ("confidence",)),
        ({"modality": "Denied", "confidence": 0.25}, ("modality", "confidence")),
    ],
)
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_claim_said_otherwise(changes: dict[str, object], what: tuple[str, ...], number: int) -> None:
    """Also a role, whose event gets another IRI."""
    before = reading_of(LINES, KINDS)
    found = diff_of([before], [with_claim(before, number, **changes)])
    assert (found.added, found.gone, found.same) == ((), (), 3)
    assert [change.what for change in found.changed] == [what]
    assert found.changed[0].after.modality == changes.get("modality", "Asserted")


def test_what_came_and_what_went() -> None:
    before, more = reading_of(LINES, KINDS), reading_of(LINES, KINDS, "Autre titre")
    found = diff_of(
        [dataclasses.replace(before, claims=before.claims[1:])],
        [dataclasses.replace(before, claims=before.claims[:3]), more],
    )
    assert [(claim.subject, claim.property, claim.object) for claim in found.gone] == [
        ("Acquisition « v »", "target", "C")
    ]
    assert len(found.added) == 1 + len(more.claims) and found.same == 2
    text = as_text(found)
    assert text.count("  + ") == 5 and "  - Acquisition « v » -- target -> C  (0.90)" in text
    assert "« A competesWith B »" in text and "Autre titre" in text


def test_claims_about_the_same_at_two_places_stay_apart() -> None:
    before = reading_of(["A competesWith B", "A competesWith B"], KINDS)
    assert diff_of([before], [with_claim(before, 1, modality="Denied")]).changed[0].before.evidence == "32,48"
    found = diff_of([before], [dataclasses.replace(before, claims=before.claims[1:])])
    assert [claim.evidence for claim in found.gone] == ["12,28"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = reading_of(LINES, KINDS)
    for name, reading in {"one": before, "two": with_claim(before, 0, modality="Planned")}.items():
        with Store.open(tmp_path / name / "store") as store:
            store.add(reading)
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert main(["diff", one, one]) == 0
    assert capsys.readouterr().out == ""
    assert main(["diff", one, two]) == 1
    out, err = capsys.readouterr()
    assert "~ A -- competesWith -> B [Planned]  (0.90)  modality Asserted -> Planned" in out
    assert "0 added, 0 gone, 1 changed, 3 the same" in err
    assert main(["diff", one, two, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["changed"][0]["what"] == ["modality"] and told["same"] == 3
