"""IRIs: the same thing gets the same one, different things get different ones."""

from __future__ import annotations

import pytest

from maille.errors import MailleError
from maille.rdf.mint import DEFAULT_BASE, Minter
from maille.records import Passage

MINT = Minter()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Company", "Banque Vauban"), ("Organization", "BANQUE VAUBAN")),
        (("Company", "L’Orée"), ("Company", "L'Orée")),
        (("Person", "Éléonore Vidal"), ("Person", "Eléonore  Vidal")),
    ],
)
def test_same_entity(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert MINT.entity(*one) == MINT.entity(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Person", "Lorient"), ("City", "Lorient")),
        (("Product", "C"), ("Product", "C++")),
        (("Product", "Vireo 2"), ("Product", "Vireo 2+")),
        (("Person", "王明"), ("Person", "王芳")),
        (("Company", "A&B"), ("Company", "A B")),
    ],
)
def test_different_entities(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert MINT.entity(*one) != MINT.entity(*other)


def test_readable() -> None:
    assert MINT.entity("Company", "Banque Vauban") == f"{DEFAULT_BASE}entity/organization/banque-vauban"
    assert MINT.entity("AIModel", "Boréal-3.5").endswith("entity/product/boreal-3.5")


def test_span_is_a_fragment_of_the_article() -> None:
    key = "ab" * 32
    assert MINT.span(key, Passage(3, 7, "mots")) == f"{MINT.article(key)}#char=3,7"


def test_content_depends_on_article_and_content() -> None:
    same = MINT.content("event", "k1", "Merger", "1,2")
    assert same == MINT.content("event", "k1", "Merger", "1,2")
    others = {MINT.content("event", "k2", "Merger", "1,2"), MINT.content("event", "k1", "Merger1", ",2")}
    assert len(others | {same}) == 3


@pytest.mark.parametrize(
    "base", ["graph/", "https://a.org/data", "https://a.org/data#", "https://a.org/?x/", "https://a.org/a b/", ""]
)
def test_bad_base_is_refused(base: str) -> None:
    with pytest.raises(MailleError, match="absolute IRI"):
        Minter(base)
