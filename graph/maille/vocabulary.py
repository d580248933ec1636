"""The closed vocabulary of a graph: classes, properties, event types, roles, modalities, periods.

The same names stand in ontology/maille.ttl; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

NAMESPACE = "https://w3id.org/maille/ontology#"

CLASSES: dict[str, str | None] = {
    "Person": None,
    "Organization": None,
    "Company": "Organization",
    "GovernmentBody": "Organization",
    "Party": "Organization",
    "Media": "Organization",
    "University": "Organization",
    "Place": None,
    "Country": "Place",
    "Region": "Place",
    "City": "Place",
    "Product": None,
    "AIModel": "Product",
    "Software": "Product",
    "CreativeWork": "Product",
    "Event": None,
}
"""Entity class -> the class it narrows, None for the five top classes."""

MODALITIES = ("Asserted", "Planned", "Possible", "Conditional", "Denied")
PERIODS = ("Current", "Former")


@dataclass(frozen=True, slots=True)
class Property:
    """What may stand on either side: top classes, or the value kinds `date`, `money`, `number`, `text`."""

    subjects: tuple[str, ...]
    objects: tuple[str, ...]


def _property(subjects: str, objects: str) -> Property:
    short = {"P": "Person", "O": "Organization", "L": "Place", "X": "Product", "E": "Event"}
    return Property(tuple(short.get(n, n) for n in subjects.split()), tuple(short.get(n, n) for n in objects.split()))


RELATIONS: dict[str, Property] = {
    "chiefExecutiveOf": _property("P", "O"),
    "leads": _property("P", "O L"),
    "worksFor": _property("P", "O"),
    "jobTitle": _property("P", "text"),
    "founderOf": _property("P O", "O X"),
    "memberOf": _property("P O L", "O"),
    "educatedAt": _property("P", "O"),
    "nationality": _property("P", "L"),
    "bornIn": _property("P", "L"),
    "birthDate": _property("P", "date"),
    "diedIn": _property("P", "L"),
    "deathDate": _property("P", "date"),
    "livesIn": _property("P", "L"),
    "spouse": _property("P", "P"),
    "relative": _property("P", "P"),
    "awarded": _property("P O X", "text"),
    "headquarteredIn": _property("O", "L"),
    "country": _property("O X", "L"),
    "locatedIn": _property("L", "L"),
    "subsidiaryOf": _property("O", "O"),
    "shareholderOf": _property("P O", "O"),
    "investsIn": _property("P O L", "O L X"),
    "acquires": _property("P O", "O X"),
    "mergesWith": _property("O", "O"),
    "partnersWith": _property("O", "O"),
    "competesWith": _property("O", "O"),
    "supplies": _property("O", "O"),
    "sues": _property("P O", "P O"),
    "develops": _property("P O", "X"),
    "uses": _property("P O", "X"),
    "basedOn": _property("X", "X"),
    "sector": _property("O", "text"),
    "alternateName": _property("P O L X E", "text"),
    "foundedOn": _property("O", "date"),
    "releasedOn": _property("X", "date"),
    "valuation": _property("O X", "money"),
    "revenue": _property("O X", "money"),
    "netIncome": _property("O X", "money"),
    "funding": _property("O X", "money"),
    "price": _property("O X", "money"),
    "employees": _property("O X", "number"),
    "users": _property("O X", "number"),
    "stake": _property("O P", "text"),
}
"""Relation -> what it may join."""

SYMMETRIC = frozenset({"mergesWith", "partnersWith", "competesWith", "spouse", "relative"})

EVENTS: dict[str, dict[str, tuple[str, ...]]] = {
    event: {role: _property("", kinds).objects for role, kinds in roles.items()}
    for event, roles in {
        "FundingRound": {
            "recipient": "O X",
            "amount": "money",
            "valuation": "money",
            "investor": "P O L",
            "leadInvestor": "P O",
            "series": "text",
            "date": "date",
        },
        "Investment": {
            "investor": "P O L",
            "target": "O L X",
            "amount": "money",
            "purpose": "text",
            "date": "date",
        },
        "Acquisition": {
            "buyer": "P O",
            "target": "O X",
            "seller": "P O L",
            "amount": "money",
            "date": "date",
        },
        "Merger": {"party": "O", "amount": "money", "date": "date"},
        "PublicOffering": {"company": "O", "place": "O L", "amount": "money", "date": "date"},
        "ProductRelease": {"agent": "P O", "product": "X", "date": "date", "place": "L"},
        "Appointment": {"person": "P", "organization": "O L", "position": "text", "date": "date"},
        "Departure": {"person": "P", "organization": "O L", "position": "text", "date": "date"},
        "Partnership": {"party": "P O L", "subject": "text", "amount": "money", "date": "date"},
        "LegalAction": {
            "plaintiff": "P O L",
            "defendant": "P O",
            "subject": "text",
            "amount": "money",
            "court": "O",
            "date": "date",
        },
        "Layoff": {"organization": "O", "count": "number", "place": "L", "date": "date"},
        "Gathering": {
            "organizer": "P O L",
            "participant": "P O L",
            "name": "text",
            "place": "L",
            "date": "date",
        },
        "Statement": {"speaker": "P O L", "medium": "O X", "date": "date", "subject": "text"},
    }.items()
}
"""Event type -> role -> what may fill it."""

ANCHORS: dict[str, tuple[str, ...]] = {
    "FundingRound": ("recipient", "amount", "investor"),
    "Investment": ("target", "investor", "amount"),
    "Acquisition": ("target", "buyer", "seller"),
    "Merger": ("party",),
    "PublicOffering": ("company", "place"),
    "ProductRelease": ("product", "agent"),
    "Appointment": ("person", "organization"),
    "Departure": ("person", "organization"),
    "Partnership": ("party",),
    "LegalAction": ("defendant", "plaintiff", "court"),
    "Layoff": ("organization", "count"),
    "Gathering": ("name", "place", "organizer", "participant"),
    "Statement": ("speaker",),
}
"""Event type -> the roles whose filler may stand for the event, best first (the same order as in training)."""

ROLES: tuple[str, ...] = tuple(sorted({role for roles in EVENTS.values() for role in roles}))


def top_class(kind: str) -> str:
    """The top class of `kind`: "Company" -> "Organization"; KeyError for a name outside the vocabulary."""
    parent = CLASSES[kind]
    return kind if parent is None else top_class(parent)
