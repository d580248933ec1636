"""The rules of ontology/rules: what follows from what the articles assert, each triple with its premises.

A rule is a SELECT of `?subject ?property ?object` and one or more `?premise...` over the claims; its header
gives its name and its meaning:

    # name: symmetric
    # meaning-fr: Une propriété symétrique vaut dans les deux sens.
    # meaning-en: A symmetric property holds both ways.

The rules see nothing but the asserted, current claims (of those that say the same, the surest), the classes
of events and the ontology, and then what they derived themselves, until nothing new follows. A derived triple is
a claim as well, in the graph of the inferred: `maille:rule` names the rule, `maille:inferredFrom` the
premises; its confidence is that of the least sure premise. It is left out where a triple of the articles says
it already, where the ontology does not allow it, and where an article of its premises says of the very same
that it is planned, possible, denied or over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from maille.errors import MailleError
from maille.rdf.mint import Minter
from maille.rdf.names import OBJECT, ONTOLOGY_GRAPH, PREDICATE, PREFIXES, SUBJECT, TYPE, term
from maille.vocabulary import CLASSES, EVENTS, NAMESPACE, RELATIONS, top_class

Node = ox.NamedNode
Value = ox.NamedNode | ox.Literal
Said = tuple[Node, Node, Value]

CLAIM, RULE, CONFIDENCE = term("maille:Claim"), term("maille:rule"), term("maille:confidence")
INFERRED_FROM, MODALITY, PERIOD = term("maille:inferredFrom"), term("maille:modality"), term("maille:period")
ASSERTED, CURRENT = term("maille:Asserted"), term("maille:Current")
MOST_ROUNDS = 50

_VALUES = {PREFIXES["schema"] + "MonetaryAmount": "money", PREFIXES["schema"] + "QuantitativeValue": "number"}
_HEADER = ("name", "meaning-fr", "meaning-en")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, its meaning in two languages, its SELECT."""

    name: str
    meaning_fr: str
    meaning_en: str
    sparql: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A triple that follows, by which rule, from which claims; `confidence` is that of the least sure of them."""

    said: Said
    rule: str
    premises: tuple[Node, ...]
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a run of the rules gave: triples by rule, how many are new, how many no longer follow, how many rounds."""

    by_rule: dict[str, int]
    added: int
    gone: int
    rounds: int


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule that ships with maille, by name."""
    folder = files("maille.ontology") / "rules"
    found = sorted((file.name, file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".rq"))
    return tuple(parse_rule(name.removesuffix(".rq"), text) for name, text in found)


def parse_rule(name: str, text: str) -> Rule:
    """Read a rule's file; MailleError where its header or its columns are not those of a rule."""
    header = dict(re.findall(r"^# ([a-z-]+): *(.*)$", text, re.M))
    if missing := [key for key in _HEADER if not header.get(key)]:
        raise MailleError(f"{name}.rq: the header lacks {', '.join(missing)}")
    if header["name"] != name:
        raise MailleError(f"{name}.rq: the header names the rule {header['name']!r}", "give both the same name")
    columns = re.findall(r"\?(\w+)", text.partition("WHERE")[0].partition("SELECT")[2])
    if columns[:3] != ["subject", "property", "object"] or not all(c.startswith("premise") for c in columns[3:] or "-"):
        raise MailleError(f"{name}.rq: a rule selects ?subject ?property ?object ?premise..., not {columns}")
    return Rule(name, header["meaning-fr"], header["meaning-en"], re.sub(r"\A(#[^\n]*\n)+", "", text))


def infer(store: ox.Store, mint: Minter) -> Inferred:
    """Put what follows from the articles in the graph of the inferred, and what no longer does out of it: one transaction."""
    graph = Node(mint.inferred)
    known = _Known(store, graph)
    rounds = 0
    while rounds < MOST_ROUNDS and known.grow(mint):
        rounds += 1
    wanted = {quad for node, derived in known.derived.items() for quad in _quads(node, derived, graph)}
    before = set(store.quads_for_pattern(None, None, None, graph))
    there = {quad.subject for quad in before if quad.predicate == INFERRED_FROM}
    update = _change("DELETE", before - wanted, graph), _change("INSERT", wanted - before, graph)
    if any(update):
        store.update(" ;\n".join(filter(None, update)))
    by_rule: dict[str, int] = {}
    for derived in known.derived.values():
        by_rule[derived.rule] = by_rule.get(derived.rule, 0) + 1
    return Inferred(
        dict(sorted(by_rule.items())), len(set(known.derived) - there), len(there - set(known.derived)), rounds
    )


class _Known:
    """What the rules may see, in a store of its own, and what they derived so far."""

    def __init__(self, store: ox.Store, inferred: Node) -> None:
        self.seen = ox.Store()
        self.source = store
        self.derived: dict[Node, Derived] = {}
        self.confidence: dict[Node, Decimal] = {}
        self.home: dict[Node, frozenset[Node]] = {}
        self.stated: set[Said] = set()
        self.otherwise: set[tuple[Node, Said]] = set()
        self.kinds: dict[Node, set[str]] = {}
        self._read(inferred)

    def grow(self, mint: Minter) -> bool:
        """Apply every rule once; did anything new follow?"""
        found: dict[Said, Derived] = {}
        for rule in rules():
            for derived in self._apply(rule):
                other = found.get(derived.said)
                if other is None or _rank(derived) < _rank(other):
                    found[derived.said] = derived
        for said, derived in found.items():
            premises = map(str, derived.premises)
            node = Node(mint.content("claim", "inferred", derived.rule, *map(str, said), *premises))
            self.derived[node] = derived
            self.home[node] = frozenset().union(*(self.home[premise] for premise in derived.premises))
            self._show(node, said, derived.confidence)
        return bool(found)

    def _apply(self, rule: Rule) -> Iterator[Derived]:
        """What the rule gives that is new, allowed, and not said otherwise by an article of its premises."""
        rows = self.seen.query(rule.sparql, prefixes=PREFIXES)
        assert isinstance(rows, ox.QuerySolutions)
        names = [variable.value for variable in rows.variables if variable.value.startswith("premise")]
        for row in rows:
            subject, prop, value = row["subject"], row["property"], row["object"]
            premises = tuple(row[name] for name in names)
            if not isinstance(subject, Node) or not isinstance(prop, Node) or not isinstance(value, Node | ox.Literal):
                continue
            said = (subject, prop, value)
            if said in self.stated or not self._allowed(said):
                continue
            known = tuple(premise for premise in premises if isinstance(premise, Node))
            if any((article, said) in self.otherwise for premise in known for article in self.home[premise]):
                continue
            yield Derived(said, rule.name, known, min(self.confidence[premise] for premise in known))

    def _allowed(self, said: Said) -> bool:
        """May the property join these? What the vocabulary does not define may."""
        subject, prop, value = said
        allowed = RELATIONS.get(prop.value.removeprefix(NAMESPACE)) if prop.value.startswith(NAMESPACE) else None
        if allowed is None:
            return True
        fits = bool(self._tops(subject) & set(allowed.subjects))
        return fits and (not isinstance(value, Node) or bool(self._tops(value) & set(allowed.objects)))

    def _tops(self, node: Node) -> set[str]:
        if node not in self.kinds:
            self.kinds[node] = set()
            for quad in self.source.quads_for_pattern(node, TYPE, None, None):
                kind = _local(quad.object)
                self.kinds[node].add(_VALUES.get(kind) or (top_class(kind) if kind in CLASSES else kind))
        return self.kinds[node]

    def _read(self, inferred: Node) -> None:
        """The claims of the articles: the asserted, current ones to the rules, the others as what must not be inferred."""
        for quad in self.source.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH):
            self.seen.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        best: dict[Said, tuple[Decimal, str, Node, Node]] = {}
        for node, said, fact, sure, article in self._claims(inferred):
            if not fact:
                self.otherwise.add((article, said))
                continue
            rank = (-sure, node.value, node, article)
            best[said] = min(best.get(said, rank), rank, key=lambda each: each[:2])
        for said, (less, _, node, article) in best.items():
            self.home[node] = frozenset({article})
            self._show(node, said, -less)
        for subject in {said[0] for said in best}:
            for quad in self.source.quads_for_pattern(subject, TYPE, None, None):
                if _local(quad.object) in EVENTS:
                    self.seen.add(ox.Quad(quad.subject, quad.predicate, quad.object))

    def _claims(self, inferred: Node) -> Iterator[tuple[Node, Said, bool, Decimal, Node]]:
        """Every claim of an article: its node, what it says, whether as a fact of now, how surely, in which graph."""
        for quad in self.source.quads_for_pattern(None, TYPE, CLAIM, None):
            if quad.graph_name == inferred or not isinstance(quad.graph_name, Node):
                continue
            about = {
                q.predicate: q.object for q in self.source.quads_for_pattern(quad.subject, None, None, quad.graph_name)
            }
            subject, prop, value = about.get(SUBJECT), about.get(PREDICATE), about.get(OBJECT)
            node = quad.subject
            if not isinstance(node, Node) or not isinstance(subject, Node) or not isinstance(prop, Node):
                continue
            if isinstance(value, Node | ox.Literal):
                fact = about.get(MODALITY) == ASSERTED and about.get(PERIOD) == CURRENT
                sure = about.get(CONFIDENCE)
                yield node, (subject, prop, value), fact, Decimal(getattr(sure, "value", "1")), quad.graph_name

    def _show(self, node: Node, said: Said, confidence: Decimal) -> None:
        """Let the rules see a claim."""
        self.stated.add(said)
        self.confidence[node] = confidence
        for predicate, value in zip((SUBJECT, PREDICATE, OBJECT), said, strict=True):
            self.seen.add(ox.Quad(node, predicate, value))


def _local(node: object) -> str:
    """The name of a class without the vocabulary's namespace."""
    return str(getattr(node, "value", "")).removeprefix(NAMESPACE)


def _rank(derived: Derived) -> tuple[Decimal, int, str, tuple[str, ...]]:
    """The surer derivation first, then the shorter, then by name."""
    return -derived.confidence, len(derived.premises), derived.rule, tuple(map(str, derived.premises))


def _quads(node: Node, derived: Derived, graph: Node) -> Iterator[ox.Quad]:
    subject, prop, value = derived.said
    confidence = ox.Literal(format(derived.confidence.normalize(), "f"), datatype=term("xsd:decimal"))
    yield ox.Quad(subject, prop, value, graph)
    about: list[tuple[Node, Value]] = [
        (TYPE, CLAIM), (SUBJECT, subject), (PREDICATE, prop), (OBJECT, value), (MODALITY, ASSERTED),
        (PERIOD, CURRENT), (CONFIDENCE, confidence), (RULE, ox.Literal(derived.rule)),
        *((INFERRED_FROM, premise) for premise in derived.premises),
    ]  # fmt: skip
    yield from (ox.Quad(node, predicate, told, graph) for predicate, told in about)


def _change(how: str, quads: Iterable[ox.Quad], graph: Node) -> str:
    lines = sorted(f"{quad.triple} ." for quad in quads)
    return f"{how} DATA {{ GRAPH {graph} {{\n" + "\n".join(lines) + "\n} }" if lines else ""
