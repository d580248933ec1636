"""maille validate: our graphs and those of others, in two languages, with the words concerned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from claimed import reading_of

from maille.cli import main
from maille.errors import MailleError
from maille.rdf import Violation, triples, turtle, violations
from maille.rdf.bridge import graph
from maille.store import Store

pytest.importorskip("pyshacl")

KINDS = {"A": "Company", "B": "Company", "L": "City"}
LINES = ["A competesWith B", "A headquarteredIn L", "v:Acquisition buyer A", "v:Acquisition target B"]

FOREIGN = """\
@prefix ex: <http://example.org/> .
@prefix maille: <https://w3id.org/maille/ontology#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

ex:Startup rdfs:subClassOf maille:Company .
ex:a a ex:Startup ; skos:prefLabel "Boréal"@fr . ex:b a maille:Company ; skos:prefLabel "Aubelune" .
ex:text nif:isString "🚀 Boréal va racheter Aubelune." .
ex:span a nif:Phrase ; nif:beginIndex 2 ; nif:endIndex 30 ; nif:anchorOf "Boréal va racheter Aubelune." ; nif:referenceContext ex:text .
ex:c a maille:Claim ; rdf:subject ex:a ; rdf:predicate maille:acquires ; rdf:object ex:b ; maille:modality maille:Planned ;
    maille:period maille:Current ; maille:confidence 0.9 ; prov:wasDerivedFrom ex:span .
"""


def checked(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str], *more: str, ending: str = "ttl"
) -> tuple[int, str, str]:
    file = tmp_path / f"foreign.{ending}"
    file.write_text(text, "utf-8")
    code = main(["validate", str(file), *more])
    return code, *capsys.readouterr()


def test_a_graph_of_others_conforms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path, FOREIGN, capsys)[:2] == (0, "")


FAULTS = {
    "a plan as a fact": (FOREIGN + "ex:a maille:acquires ex:b .", "Boréal maille:acquires Aubelune est affirmé tel quel"),
    "no modality": (FOREIGN.replace("maille:modality maille:Planned ;", ""), "une modalité : Asserted, Planned"),
    "a wrong quote": (FOREIGN.replace('anchorOf "Boréal va', 'anchorOf "Boréal veut'), "le texte dit « Boréal va racheter"),
    "shifted by one": (FOREIGN.replace("nif:beginIndex 2", "nif:beginIndex 3"), "cite d'autres mots"),
    "no text": (FOREIGN.replace("ex:text nif:isString", "ex:text rdfs:label"), "la citation ne se vérifie pas"),
    "a misspelt property": (FOREIGN.replace("maille:acquires", "maille:aquires"), "maille:aquires n'est pas du vocabulaire"),
    "a misspelt class": (FOREIGN.replace("ex:b a maille:Company", "ex:b a maille:Compagny"), "maille:Compagny, que le vocabulaire"),
    "a wrong subject": (FOREIGN.replace("ex:a a ex:Startup", "ex:a a maille:City"), "Boréal n'est pas d'une classe"),
    "a wrong object": (FOREIGN.replace("ex:b a maille:Company", "ex:b a maille:Person"), "Aubelune n'est rien que maille:acquires"),
    "a text for an entity": (FOREIGN.replace("rdf:object ex:b", 'rdf:object "Aubelune"'), "type de données"),
    "a premise that is a plan": (
        FOREIGN + "ex:d a maille:Claim ; rdf:subject ex:a ; rdf:predicate maille:competesWith ; rdf:object ex:b ; maille:modality"
        " maille:Denied ; maille:period maille:Current ; maille:confidence 0.9 ; maille:inferredFrom ex:c .",
        "est déduit de",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_french_with_the_sentence(
    fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, message = FAULTS[fault]
    code, out, err = checked(tmp_path, text, capsys, "--language", "fr")
    assert code == 1 and message in out, out
    assert "va racheter Aubelune" in out or "veut racheter" in out
    assert "défaut" in err and "{" not in out


def test_english_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = FOREIGN.replace("maille:modality maille:Planned ;", "")
    code, out, _ = checked(tmp_path, text, capsys, "--format", "json")
    found = json.loads(out)
    assert code == 1 and len(found) == 1
    assert (
        found[0]["message"].startswith("a claim has one modality")
        and found[0]["quote"] == "Boréal va racheter Aubelune."
    )


@pytest.mark.parametrize(("text", "ending"), [("ex:a ex:b", "ttl"), ("x", "docx"), ("{", "jsonld")])
def test_a_file_that_is_no_graph(text: str, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = checked(tmp_path, text, capsys, ending=ending)
    assert (code, out) == (2, "") and "Traceback" not in err


def test_our_own_graph_with_what_was_inferred(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(tmp_path / "g" / "store") as store:
        store.add(reading_of(LINES, KINDS))
        assert store.infer().added
    assert main(["validate", str(tmp_path / "g")]) == 0
    assert main(["validate", "-g", str(tmp_path / "g"), "--language", "fr"]) == 0
    assert "est conforme" in capsys.readouterr().err
    assert main(["validate", str(tmp_path / "none")]) == 2


def test_an_article_whose_text_was_changed() -> None:
    written = turtle(triples(reading_of(LINES, KINDS))).replace("Un titre\\n", "Ün titre\\n")
    import pyoxigraph as ox

    found = violations(graph(q.triple for q in ox.parse(written, format=ox.RdfFormat.TURTLE)), "fr")
    assert any("le texte a changé" in each.message for each in found)


def test_an_unknown_language() -> None:
    with pytest.raises(MailleError, match="'de'"):
        violations(graph([]), "de")
    assert violations(graph([])) == ()
    assert Violation("n", "", "m", "s").quote == ""
