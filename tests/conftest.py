"""Shared fixtures: two hand-made readings with claims of every modality and exact offsets."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from maille.records import (
    Article,
    Attribution,
    Claim,
    Date,
    Entity,
    EntityRef,
    Event,
    EventRef,
    Form,
    Mention,
    Money,
    Passage,
    Quantity,
    Reading,
    Text,
)

TITLE = "Aubelune lève 40 millions d'euros auprès de la Banque Vauban"
BODY = """\
La start-up lyonnaise Aubelune a levé 40 millions d'euros auprès de la Banque Vauban, \
a annoncé mardi sa PDG, Claire Morel.
Claire Morel a fondé Aubelune en 2021 avec Hugo Lambert, ancien directeur technique de Nordhavn.
Aubelune a lancé le modèle Boréal le 31 mars 2025. « Boréal comprend vingt-quatre langues », affirme Mme Morel.
La société prévoit de racheter Pixelune en 2026. Nordhavn pourrait investir 1,5 milliard d'euros dans Aubelune, \
selon des documents internes.
Si le régulateur donne son accord, Aubelune fusionnera avec Nordhavn. La Banque Vauban dément avoir racheté Nordhavn.
Aubelune emploie 320 salariés à Lyon et réalise un chiffre d'affaires de 12,5 millions d'euros, \
contre 8 millions un an plus tôt."""

SECOND_TITLE = "Nordhavn va supprimer 200 postes à Lyon"
SECOND_BODY = """\
Nordhavn, dirigée par Ingrid Solheim, va supprimer 200 postes à Lyon, en France. L'entreprise concurrence Aubelune.
Hugo Lambert, qui avait cofondé Aubelune, utilise le modèle Boréal. Ingrid Solheim est née en mai 1975."""


def make_article(title: str, body: str, published: dt.date, **more: str) -> Article:
    """An article whose text is the title, a line break, the body."""
    text = f"{title}\n{body}"
    return Article(
        key=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        title=title,
        body=len(title) + 1,
        published=published,
        **more,
    )


def passage_in(text: str, quote: str, nth: int = 0) -> Passage:
    """The `nth` place where `quote` stands in `text`; an AssertionError where there is none."""
    starts = [found.start() for found in re.finditer(re.escape(quote), text)]
    assert len(starts) > nth, f"{quote!r} stands {len(starts)} times in the text"
    return Passage(starts[nth], starts[nth] + len(quote), quote)


def make_entity(text: str, key: str, kind: str, *names: str, also: dict[str, Form] | None = None) -> Entity:
    """An entity with a mention at every place of each of its names, and of each wording in `also`."""
    spans: dict[tuple[int, int], Mention] = {}
    wordings: list[tuple[str, Form]] = [(name, "NAME") for name in names] + list((also or {}).items())
    for wording, form in wordings:
        for found in re.finditer(rf"\b{re.escape(wording)}\b", text):
            start, end = found.span()
            if not any(start < e and s < end for s, e in spans):
                spans[start, end] = Mention(Passage(start, end, wording), form)
    mentions = tuple(spans[span] for span in sorted(spans))
    return Entity(key=key, kind=kind, name=names[0], aliases=names[1:], mentions=mentions)


def make_sample_reading() -> Reading:
    """Aubelune: a funding round, a release, a plan, a rumour, a condition, a denial, figures of two years."""
    article = make_article(
        TITLE, BODY, dt.date(2025, 4, 2), byline="Anne Petit", publisher="Le Quotidien", url="https://example.org/a1"
    )
    text = article.text

    def at(quote: str, nth: int = 0) -> Passage:
        return passage_in(text, quote, nth)

    entities = (
        make_entity(text, "aubelune", "Company", "Aubelune", also={"La start-up lyonnaise": "NOMINAL"}),
        make_entity(text, "vauban", "Company", "Banque Vauban"),
        make_entity(text, "morel", "Person", "Claire Morel", "Morel"),
        make_entity(text, "lambert", "Person", "Hugo Lambert"),
        make_entity(text, "nordhavn", "Company", "Nordhavn"),
        make_entity(text, "pixelune", "Company", "Pixelune"),
        make_entity(text, "boreal", "AIModel", "Boréal"),
        make_entity(text, "lyon", "City", "Lyon"),
    )
    a, vauban, morel, lambert, nordhavn, pixelune, boreal, lyon = (EntityRef(entity.key) for entity in entities)
    round_ = Event("v1", "FundingRound", at("levé"))
    release = Event("v2", "ProductRelease", at("lancé"))
    said = Event("v3", "Statement", at("affirme"))
    plan = Event("v4", "Acquisition", at("racheter"))
    rumour = Event("v5", "Investment", at("investir"))
    merger = Event("v6", "Merger", at("fusionnera"))
    denied = Event("v7", "Acquisition", at("racheté"))

    raised = at("Aubelune a levé 40 millions d'euros auprès de la Banque Vauban")
    by_morel = Attribution(morel, at("a annoncé mardi sa PDG, Claire Morel"))
    head = at("sa PDG, Claire Morel")
    founded = at("Claire Morel a fondé Aubelune en 2021 avec Hugo Lambert")
    former = at("Hugo Lambert, ancien directeur technique de Nordhavn")
    launched = at("Aubelune a lancé le modèle Boréal le 31 mars 2025")
    statement = at("« Boréal comprend vingt-quatre langues », affirme Mme Morel")
    buying = at("La société prévoit de racheter Pixelune en 2026")
    rumoured = at("Nordhavn pourrait investir 1,5 milliard d'euros dans Aubelune")
    internal = Attribution(Text("documents internes"), at("selon des documents internes"))
    merging = at("Aubelune fusionnera avec Nordhavn")
    denial = at("La Banque Vauban dément avoir racheté Nordhavn")
    by_vauban = Attribution(vauban, at("La Banque Vauban dément"))
    staff = at("Aubelune emploie 320 salariés à Lyon")
    sales = at("réalise un chiffre d'affaires de 12,5 millions d'euros")
    earlier = at("contre 8 millions un an plus tôt")
    money = Money(40_000_000, "EUR", "40 millions d'euros")
    offer = Money(1_500_000_000, "EUR", "1,5 milliard d'euros")

    claims = (
        Claim(a, "headquarteredIn", lyon, at("La start-up lyonnaise Aubelune"), confidence=0.82, rule="adjective.city"),
        Claim(EventRef("v1"), "recipient", a, raised, attribution=by_morel, confidence=0.95, rule="raise.recipient"),
        Claim(EventRef("v1"), "amount", money, raised, attribution=by_morel, confidence=0.97, rule="raise.amount"),
        Claim(EventRef("v1"), "investor", vauban, raised, attribution=by_morel, confidence=0.9, rule="raise.investor"),
        Claim(EventRef("v1"), "date", Date("2025-04-01", "mardi"), raised, attribution=by_morel, confidence=0.7),
        Claim(vauban, "investsIn", a, raised, attribution=by_morel, confidence=0.9, rule="raise.investor"),
        Claim(morel, "chiefExecutiveOf", a, head, confidence=0.98, rule="apposition.post"),
        Claim(morel, "jobTitle", Text("PDG"), head, confidence=0.98, rule="apposition.post"),
        Claim(morel, "founderOf", a, founded, confidence=0.96, rule="found.founder"),
        Claim(lambert, "founderOf", a, founded, confidence=0.71, rule="found.founder"),
        Claim(a, "foundedOn", Date("2021", "en 2021"), founded, confidence=0.93, rule="found.date"),
        Claim(lambert, "worksFor", nordhavn, former, period="Former", confidence=0.88, rule="apposition.post"),
        Claim(lambert, "jobTitle", Text("directeur technique"), former, period="Former", confidence=0.88),
        Claim(EventRef("v2"), "agent", a, launched, confidence=0.94, rule="launch.agent"),
        Claim(EventRef("v2"), "product", boreal, launched, confidence=0.94, rule="launch.product"),
        Claim(EventRef("v2"), "date", Date("2025-03-31", "le 31 mars 2025"), launched, confidence=0.94),
        Claim(a, "develops", boreal, launched, confidence=0.94, rule="launch.maker"),
        Claim(boreal, "releasedOn", Date("2025-03-31", "le 31 mars 2025"), launched, confidence=0.9),
        Claim(EventRef("v3"), "speaker", morel, statement, confidence=0.99, rule="say.speaker"),
        Claim(EventRef("v3"), "subject", Text("Boréal"), statement, confidence=0.4, rule="say.subject"),
        Claim(EventRef("v4"), "buyer", a, buying, "Planned", confidence=0.85, rule="buy.buyer"),
        Claim(EventRef("v4"), "target", pixelune, buying, "Planned", confidence=0.85, rule="buy.target"),
        Claim(EventRef("v4"), "date", Date("2026", "en 2026"), buying, "Planned", confidence=0.8, rule="buy.date"),
        Claim(a, "acquires", pixelune, buying, "Planned", confidence=0.85, rule="buy.buyer"),
        Claim(EventRef("v5"), "investor", nordhavn, rumoured, "Possible", attribution=internal, confidence=0.8),
        Claim(EventRef("v5"), "target", a, rumoured, "Possible", attribution=internal, confidence=0.8),
        Claim(EventRef("v5"), "amount", offer, rumoured, "Possible", attribution=internal, confidence=0.8),
        Claim(nordhavn, "investsIn", a, rumoured, "Possible", attribution=internal, confidence=0.8),
        Claim(EventRef("v6"), "party", a, merging, "Conditional", confidence=0.66, rule="merge.party"),
        Claim(EventRef("v6"), "party", nordhavn, merging, "Conditional", confidence=0.66, rule="merge.party"),
        Claim(a, "mergesWith", nordhavn, merging, "Conditional", confidence=0.66, rule="merge.party"),
        Claim(EventRef("v7"), "buyer", vauban, denial, "Denied", attribution=by_vauban, confidence=0.77),
        Claim(EventRef("v7"), "target", nordhavn, denial, "Denied", attribution=by_vauban, confidence=0.77),
        Claim(vauban, "acquires", nordhavn, denial, "Denied", attribution=by_vauban, confidence=0.77),
        Claim(a, "employees", Quantity(320, "salariés", "320 salariés"), staff, confidence=0.97, rule="staff.count"),
        Claim(a, "revenue", Money(12_500_000, "EUR", "12,5 millions d'euros"), sales, confidence=0.92),
        Claim(a, "revenue", Money(8_000_000, "EUR", "8 millions"), earlier, period="Former", confidence=0.45),
    )
    events = (round_, release, said, plan, rumour, merger, denied)
    return Reading(article, entities, events, claims)


def make_second_reading() -> Reading:
    """Nordhavn: a planned layoff; shares the entities Aubelune, Nordhavn, Hugo Lambert, Boréal and Lyon."""
    article = make_article(SECOND_TITLE, SECOND_BODY, dt.date(2025, 5, 20), publisher="La Gazette")
    text = article.text

    def at(quote: str, nth: int = 0) -> Passage:
        return passage_in(text, quote, nth)

    entities = (
        make_entity(text, "e1", "Company", "Nordhavn", also={"L'entreprise": "NOMINAL"}),
        make_entity(text, "e2", "Person", "Ingrid Solheim"),
        make_entity(text, "e3", "City", "Lyon"),
        make_entity(text, "e4", "Country", "France"),
        make_entity(text, "e5", "Company", "Aubelune"),
        make_entity(text, "e6", "Person", "Hugo Lambert"),
        make_entity(text, "e7", "AIModel", "Boréal"),
    )
    nordhavn, solheim, lyon, france, aubelune, lambert, boreal = (EntityRef(entity.key) for entity in entities)
    cut = at("Nordhavn, dirigée par Ingrid Solheim, va supprimer 200 postes à Lyon")
    claims = (
        Claim(solheim, "leads", nordhavn, at("Nordhavn, dirigée par Ingrid Solheim"), confidence=0.9, rule="lead.head"),
        Claim(EventRef("v1"), "organization", nordhavn, cut, "Planned", confidence=0.91, rule="cut.organization"),
        Claim(EventRef("v1"), "count", Quantity(200, "postes", "200 postes"), cut, "Planned", confidence=0.91),
        Claim(EventRef("v1"), "place", lyon, cut, "Planned", confidence=0.83, rule="cut.place"),
        Claim(lyon, "locatedIn", france, at("Lyon, en France"), confidence=0.95, rule="place.in"),
        Claim(nordhavn, "competesWith", aubelune, at("L'entreprise concurrence Aubelune"), confidence=0.86),
        Claim(lambert, "founderOf", aubelune, at("Hugo Lambert, qui avait cofondé Aubelune"), confidence=0.89),
        Claim(lambert, "uses", boreal, at("Hugo Lambert, qui avait cofondé Aubelune, utilise le modèle Boréal")),
        Claim(solheim, "birthDate", Date("1975-05", "en mai 1975"), at("Ingrid Solheim est née en mai 1975")),
    )
    return Reading(article, entities, (Event("v1", "Layoff", at("supprimer", 1)),), claims)


THIRD_TITLE = "Aubelune s'allie à Pixelune et attaque Nordhavn"
THIRD_BODY = """\
Aubelune et Pixelune ont signé lundi un partenariat dans la traduction.
Aubelune poursuit Nordhavn pour contrefaçon et réclame 5 millions d'euros.
Claire Morel est nommée présidente de Pixelune le 1er juillet 2025. Hugo Lambert a quitté Nordhavn.
La Banque Vauban détient 12 % d'Aubelune. Pixelune est une filiale d'Aubelune.
Ingrid Solheim, née en 1976 à Lyon, n'a rien dit. Hugo Lambert n'a pas fondé Aubelune, assure Claire Morel.
Aubelune emploie 350 salariés."""


def make_third_reading() -> Reading:
    """A partnership, a suit, an arrival, a departure, shares; three claims contradict the two other readings."""
    article = make_article(THIRD_TITLE, THIRD_BODY, dt.date(2025, 6, 10), publisher="Le Quotidien")
    text = article.text

    def at(quote: str, nth: int = 0) -> Passage:
        return passage_in(text, quote, nth)

    names = {
        "a": ("Company", "Aubelune"),
        "p": ("Company", "Pixelune"),
        "n": ("Company", "Nordhavn"),
        "b": ("Company", "Banque Vauban"),
        "m": ("Person", "Claire Morel"),
        "l": ("Person", "Hugo Lambert"),
        "s": ("Person", "Ingrid Solheim"),
        "c": ("City", "Lyon"),
    }
    entities = tuple(make_entity(text, key, kind, name) for key, (kind, name) in names.items())
    a, p, n, b, m, lambert, s, lyon = (EntityRef(key) for key in names)
    ally, suit, arrival, leaving = (EventRef(f"v{number}") for number in range(1, 5))
    signed = at("Aubelune et Pixelune ont signé lundi un partenariat dans la traduction")
    sued = at("Aubelune poursuit Nordhavn pour contrefaçon et réclame 5 millions d'euros")
    named = at("Claire Morel est nommée présidente de Pixelune le 1er juillet 2025")
    left = at("Hugo Lambert a quitté Nordhavn")
    share = at("La Banque Vauban détient 12 % d'Aubelune")
    denied = at("Hugo Lambert n'a pas fondé Aubelune")
    by_morel = Attribution(m, at("assure Claire Morel"))
    claims = (
        Claim(ally, "party", a, signed),
        Claim(ally, "party", p, signed),
        Claim(ally, "subject", Text("la traduction"), signed),
        Claim(ally, "date", Date("2025-06-09", "lundi"), signed),
        Claim(a, "partnersWith", p, signed),
        Claim(suit, "plaintiff", a, sued),
        Claim(suit, "defendant", n, sued),
        Claim(suit, "subject", Text("contrefaçon"), sued),
        Claim(suit, "amount", Money(5_000_000, "EUR", "5 millions d'euros"), sued),
        Claim(a, "sues", n, sued),
        Claim(arrival, "person", m, named, "Planned"),
        Claim(arrival, "organization", p, named, "Planned"),
        Claim(arrival, "position", Text("présidente"), named, "Planned"),
        Claim(arrival, "date", Date("2025-07-01", "le 1er juillet 2025"), named, "Planned"),
        Claim(leaving, "person", lambert, left),
        Claim(leaving, "organization", n, left),
        Claim(b, "shareholderOf", a, share),
        Claim(b, "stake", Text("12 % d'Aubelune"), share),
        Claim(p, "subsidiaryOf", a, at("Pixelune est une filiale d'Aubelune")),
        Claim(s, "birthDate", Date("1976", "en 1976"), at("Ingrid Solheim, née en 1976")),
        Claim(s, "bornIn", lyon, at("Ingrid Solheim, née en 1976 à Lyon")),
        Claim(lambert, "founderOf", a, denied, "Denied", attribution=by_morel),
        Claim(a, "employees", Quantity(350, "salariés", "350 salariés"), at("Aubelune emploie 350 salariés")),
    )
    events = (
        Event("v1", "Partnership", at("partenariat")),
        Event("v2", "LegalAction", at("poursuit")),
        Event("v3", "Appointment", at("nommée")),
        Event("v4", "Departure", at("quitté")),
    )
    return Reading(article, entities, events, claims)


@pytest.fixture(scope="session")
def third_reading() -> Reading:
    """A reading that shares seven entities with the two others, and contradicts them."""
    return make_third_reading()


@pytest.fixture(scope="session")
def sample_reading() -> Reading:
    """A reading with seven events and claims of every modality and both periods."""
    return make_sample_reading()


@pytest.fixture(scope="session")
def second_reading() -> Reading:
    """A reading that shares five entities with `sample_reading`."""
    return make_second_reading()


@pytest.fixture(scope="session")
def passage_of() -> Callable[..., Passage]:
    """`passage_of(text, quote, nth=0)`: the passage where a quote stands."""
    return passage_in


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium; the test is skipped where none is on the PATH."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("NO BROWSER: put chromium or chromium-browser on the PATH to try the pages")
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER DRIVER: pip install playwright")
    with playwright.sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
