"""The lexicons: adjectives of place and their forms, kinds of places, posts, descriptions, given names."""

from __future__ import annotations

import pytest

from maille.language import (
    description_of,
    gender_of_given_name,
    organization_kind,
    place_key,
    place_kind,
    places_of,
    post_class,
)
from maille.language.places import inflected
from maille.language.tables import fold, rows
from maille.vocabulary import CLASSES


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("français", "français française françaises"),
        ("tchadien", "tchadien tchadiens tchadienne tchadiennes"),
        ("libyen", "libyen libyens libyenne libyennes"),
        ("breton", "breton bretons bretonne bretonnes"),
        ("provençal", "provençal provençaux provençale provençales"),
        ("manceau/mancelle", "manceau manceaux mancelle mancelles"),
        ("belge", "belge belges"),
        ("turc/turque", "turc turcs turque turques"),
        ("carioca=", "carioca cariocas"),
    ],
)
def test_inflection(lemma: str, forms: str) -> None:
    assert set(inflected(lemma)) == set(forms.split())


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("américaine", "États-Unis"),
        ("Britanniques", "Royaume-Uni"),
        ("sud-coréenne", "Corée du Sud"),
        ("nippone", "Japon"),
        ("helvétique", "Suisse"),
        ("hellènes", "Grèce"),
        ("Emiratis", "Émirats arabes unis"),
        ("burkinabè", "Burkina Faso"),
        ("Egyptien", "Égypte"),
        ("tchèque", "Tchéquie"),
        ("californienne", "Californie"),
        ("texans", "Texas"),
        ("bavaroise", "Bavière"),
        ("vaudois", "Vaud"),
        ("wallonne", "Wallonie"),
        ("québécoises", "Québec"),
        ("parisiens", "Paris"),
        ("new-yorkaise", "New York"),
        ("pékinois", "Pékin"),
        ("trévisane", "Trévise"),
        ("franc-comtoise", "Franche-Comté"),
        ("franco-britannique", "France, Royaume-Uni"),
        ("italo-suisse", "Italie, Suisse"),
        ("sino-américains", "Chine, États-Unis"),
        ("franco-germano-italien", "France, Allemagne, Italie"),
        ("européenne", ""),
        ("africain", ""),
        ("asiatiques", ""),
        ("nord-américain", ""),
        ("anglo-saxonne", ""),
        ("table", ""),
        ("grand-père", ""),
        ("", ""),
    ],
)
def test_places_of(word: str, places: str) -> None:
    assert ", ".join(fact.name for fact in places_of(word)) == places


def test_place_named_in_the_text_wins() -> None:
    assert places_of("congolais")[0].name == "Congo"
    assert places_of("congolais", ["RDC"])[0].name == "République démocratique du Congo"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Lyon", "City"),
        ("le Texas", "Region"),
        ("Etats-Unis", "Country"),
        ("L’Hexagone", "Country"),
        ("Gotham", "Place"),
    ],
)
def test_place_kind(name: str, kind: str) -> None:
    assert place_kind(name) == kind


def test_place_key() -> None:
    assert place_key("les États-Unis") == place_key("USA") == place_key("Etats‑Unis")
    assert place_key("Guinée") != place_key("Guinée-Bissau")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("PDG", "chief"),
        ("P-DG", "chief"),
        ("directrice générale", "chief"),
        ("administrateur délégué", "chief"),
        ("ancien patron", "chief"),
        ("présidente du directoire", "chief"),
        ("président", "head"),
        ("Maire", "head"),
        ("ministre de l'Intérieur", "head"),
        ("secrétaire générale", "head"),
        ("directeur", "head"),
        ("directeur général adjoint", "other"),
        ("PDG par intérim", "other"),
        ("vice-présidente", "other"),
        ("directrice financière", "other"),
        ("porte-parole", "other"),
        ("ministre déléguée", "other"),
        ("économiste", "occupation"),
        ("chercheuse", "occupation"),
        ("avocat", "occupation"),
        ("égyptologue", "occupation"),
        ("chercheurs", "occupation"),
        ("bidule", "other"),
    ],
)
def test_post_class(title: str, kind: str) -> None:
    assert post_class(title) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Université de Genève", "University"),
        ("Commission européenne", "GovernmentBody"),
        ("AFP", "Media"),
        ("ministère de la Culture", "GovernmentBody"),
        ("Parti socialiste", "Party"),
        ("Banque centrale européenne", "GovernmentBody"),
        ("Verdane SA", "Company"),
        ("Verdane", None),
    ],
)
def test_organization_kind(name: str, kind: str | None) -> None:
    assert organization_kind(name) == kind


@pytest.mark.parametrize(
    ("phrase", "label", "sector"),
    [
        ("le constructeur automobile allemand", "ORG", "automobile"),
        ("la banque", "ORG", "banque"),
        ("le semencier", "ORG", "semences"),
        ("l'avionneur", "ORG", "aéronautique"),
        ("une start-up", "ORG", ""),
        ("la patronne", "PER", ""),
        ("la ville", "LOC", ""),
        ("ce modèle", "PROD", ""),
        ("l’opérateur télécoms", "ORG", "télécoms"),
    ],
)
def test_description(phrase: str, label: str, sector: str) -> None:
    found = description_of(phrase)
    assert found is not None
    assert (found.labels[0], found.sector) == (label, sector)


def test_unknown_description() -> None:
    assert description_of("le bidule") is None


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Élodie", "f"),
        ("jean-luc", "m"),
        ("Camille", "mf"),
        ("HUBERT", "m"),
        ("Xyzzy", ""),
    ],
)
def test_given_names(name: str, gender: str) -> None:
    assert gender_of_given_name(name) == gender


def test_data_files_are_well_formed() -> None:
    for name, kind, adjectives in rows("demonyms.tsv"):
        assert kind in ("Country", "Region", "City") and name and adjectives
    for row in rows("descriptions.tsv"):
        noun, labels, gender, _, kind = (*row, "", "")[:5]
        assert noun and gender in ("m", "f", "mf") and set(labels.split(",")) <= {"PER", "ORG", "LOC", "PROD", "EVENT"}
        assert not kind or kind in CLASSES
    assert {kind for _, kind in rows("organization_kinds.tsv")} <= set(CLASSES)
    assert {kind for kind, _ in rows("posts.tsv")} == {"chief", "head", "other", "occupation"}
    assert {gender for _, gender in rows("given_names.tsv")} == {"m", "f", "mf"}


def test_fold() -> None:
    assert fold("Émirati’s Œuvre") == "emirati's oeuvre"
