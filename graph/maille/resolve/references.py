"""Descriptions and pronouns find the entity they mean: by learned probability, else by agreement and salience."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from maille.language import description_of, fold, place_key, places_of
from maille.language.tables import rows
from maille.resolve.clusters import Cluster
from maille.resolve.mentions import FoundMention

ENOUGH = 0.5
"""Least share of the learned probability for an entity to be chosen."""
MARGIN = 0.8
"""How far the most salient entity must lead the next where no probability was learned."""
DOUBTFUL = 1.0
"""The same where the learned probability is spread too thin to decide."""
OTHER_LABEL, OTHER_GENDER = 0.25, 0.1
"""What is left of a learned probability that speaks for an entity of another label, or a person of the other gender."""
LABELS = ("PER", "ORG", "LOC", "PROD", "EVENT")
SPEAKER, WE, SEVERAL = 1, 4, 6
_SENTENCE = re.compile(r"[.!?…»\"”]\s+(?=[«\"“A-ZÀ-ÝŒ])|\n+")
_PLAIN_OPENING = re.compile(
    r"(?:^|[.;:«»!?\n]\s*)(?:\w+\s+){0,2}(?:a|de|d'|du|en|pour|selon|chez|avec|apres|depuis|par)\s*$"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a description or pronoun asks of its antecedent.

    `labels` the likeliest first, `gender` m, f or mf, `person` as in pronouns.tsv, `noun` the head of a description,
    `places` the keys of places its adjectives name.
    """

    labels: tuple[str, ...] = LABELS
    gender: str = "mf"
    person: int = 3
    noun: str = ""
    places: frozenset[str] = frozenset()


@cache
def _pronouns() -> dict[str, Wanted]:
    return {
        form: Wanted(tuple(labels.split(",")), gender, int(person))
        for form, gender, person, labels in rows("pronouns.tsv")
    }


def wanted(mention: FoundMention) -> Wanted:
    """What `mention`, a description or pronoun, asks of its antecedent."""
    text = fold(mention.passage.text).strip()
    if text in _pronouns():
        return _pronouns()[text]
    words = re.findall(r"[\w-]+", text)
    places = frozenset(place_key(fact.name) for word in words for fact in places_of(word))
    gender = _article_gender(text)
    described = description_of(mention.passage.text)
    if described is None:
        return Wanted(gender=gender, places=places)
    noun = next((w for w in words if (d := description_of(w)) is not None and d.labels[0] == described.labels[0]), "")
    return Wanted(described.labels, described.gender if gender == "mf" else gender, noun=noun, places=places)


def _article_gender(text: str) -> str:
    """The gender that a determiner shows: le, un, ce m; la, une, cette f."""
    first = text.split(" ", 1)[0]
    return "m" if first in ("le", "un", "ce", "du", "au") else "f" if first in ("la", "une", "cette") else "mf"


def resolve_references(
    text: str, found: Sequence[FoundMention], clusters: Sequence[Cluster], home: list[int | None]
) -> list[float]:
    """Fill `home` for the descriptions and pronouns of `found`; how sure each mention's home is, in 0 to 1."""
    return _References(text, found, clusters, home).resolve()


class _References:
    """What is known of each entity while a text is gone through in order."""

    def __init__(
        self, text: str, found: Sequence[FoundMention], clusters: Sequence[Cluster], home: list[int | None]
    ) -> None:
        self.text, self.found, self.clusters, self.home = text, found, clusters, home
        self.order = sorted(range(len(found)), key=lambda i: (found[i].passage, i))
        starts = [0, *(m.end() for m in _SENTENCE.finditer(text))]
        self.sentence = [bisect_right(starts, m.passage.start) for m in found]
        self.first: dict[int, int] = {}
        for i in self.order:
            self.first.setdefault(self.sentence[i], i)
        self.members = [sorted(c.members, key=lambda i: found[i].passage) for c in clusters]
        self.genders = [c.gender for c in clusters]
        self.nouns: list[set[str]] = [set() for _ in clusters]
        self.places: list[set[str]] = [set() for _ in clusters]
        for i, k in enumerate(home):
            if k is not None:
                self._neighbourhood(i, k)

    def resolve(self) -> list[float]:
        certainty = [m.certainty for m in self.found]
        for i in self.order:
            if self.found[i].label != "REF":
                continue
            what = wanted(self.found[i])
            k, certainty[i] = self._referent(i, what)
            self.home[i] = k
            if k is not None:
                self.members[k].append(i)
                self._learn(k, what)
        return certainty

    def _neighbourhood(self, i: int, k: int) -> None:
        """Learn what the words right before a name say of it: "le constructeur japonais Suzuki"."""
        start = self.found[i].passage.start
        for token in reversed(re.findall(r"[\w-]+|[^\w\s]", self.text[max(0, start - 60) : start])[-4:]):
            if not re.match(r"[\w-]", token):
                break
            word = fold(token)
            described = description_of(word)
            if described is not None:
                if self.clusters[k].label in described.labels:
                    self.nouns[k].add(word)
                break
            self.places[k].update(place_key(fact.name) for fact in places_of(word))

    def _learn(self, k: int, what: Wanted) -> None:
        """Remember how an entity was described."""
        if what.noun:
            self.nouns[k].add(what.noun)
        self.places[k].update(what.places)
        if self.clusters[k].label == "PER" and not self.genders[k] and what.gender in ("m", "f"):
            self.genders[k] = what.gender

    def _agrees(self, what: Wanted, k: int) -> bool:
        """Whether entity `k` may be what is wanted: one of its labels, and for a person its gender."""
        return self.clusters[k].label in what.labels and not self._other_gender(what, k)

    def _other_gender(self, what: Wanted, k: int) -> bool:
        return self.clusters[k].label == "PER" and {what.gender, self.genders[k]} == {"m", "f"}

    def _fit(self, what: Wanted, k: int) -> float:
        if self._other_gender(what, k):
            return OTHER_GENDER
        return 1.0 if self.clusters[k].label in what.labels else OTHER_LABEL

    def _referent(self, i: int, what: Wanted) -> tuple[int | None, float]:
        if not self.found[i].antecedents:
            return self._salient(i, what, MARGIN)
        k, share = self._learned(i, what)
        return (k, share) if k is not None else self._salient(i, what, DOUBTFUL)

    def _learned(self, i: int, what: Wanted) -> tuple[int | None, float]:
        """The entity with most of the learned probability, which counts less where it does not agree."""
        mass: dict[int, float] = {}
        total = 0.0
        for j, probability in self.found[i].antecedents:
            k = self.home[j]
            weight = probability if k is None else probability * self._fit(what, k)
            total += weight
            if k is not None:
                mass[k] = mass.get(k, 0.0) + weight
        if not mass:
            return None, 0.0
        best = max(sorted(mass), key=mass.__getitem__)
        share = mass[best] / max(total, 0.3)  # little probability in sight is doubt, too
        return (best, round(share, 3)) if share >= ENOUGH else (None, 0.0)

    def _salient(self, i: int, what: Wanted, margin: float) -> tuple[int | None, float]:
        """The entity that agrees and stands out clearly, None where two come near each other."""
        if what.person == SEVERAL:
            return None, 0.0
        if what.person == SPEAKER:
            return self._speaker(i)
        apposed = self._apposed(i, what)
        if apposed is not None:
            return apposed, 0.8
        agreeing = [k for k in range(len(self.clusters)) if self._agrees(what, k)]
        scores = sorted((-s, k) for k in agreeing if (s := self._salience(i, what, k)) is not None)
        if not scores or (len(scores) > 1 and scores[1][0] - scores[0][0] < margin):
            return None, 0.0
        return scores[0][1], 0.55

    def _salience(self, i: int, what: Wanted, k: int) -> float | None:
        """How much entity `k` stands out at mention `i`: how near, how often, in what place; None if not named yet."""
        at = self.found[i].passage
        earlier = [j for j in self.members[k] if self.found[j].passage.end <= at.start]
        if not earlier:
            return None
        last = max(earlier, key=lambda j: self.found[j].passage)
        score = -0.9 * min(self.sentence[i] - self.sentence[last], 5) + 0.12 * min(len(earlier), 6)
        score += 0.7 if self.first[self.sentence[last]] == last else 0.0  # its sentence's subject, as a rule
        score -= 0.5 * what.labels.index(self.clusters[k].label)
        score += 2.0 if what.noun in self.nouns[k] else 0.0
        if what.places and self.places[k]:
            score += 1.5 if what.places & self.places[k] else -1.5
        if self.clusters[k].label == "PER" and what.gender != "mf" and self.genders[k] == what.gender:
            score += 0.4
        return score

    def _apposed(self, i: int, what: Wanted) -> int | None:
        """The entity that a description is set beside: "X, filiale de" or "son père, X"."""
        if self.found[i].form != "NOMINAL":
            return None
        at = self.found[i].passage
        place = self.order.index(i)
        before = self.order[place - 1] if place else i
        after = self.order[place + 1] if place + 1 < len(self.order) else i
        k = self.home[before]
        if before != i and k is not None and self._agrees(what, k):
            gap = self.text[self.found[before].passage.end : at.start].strip()
            if gap in (",", "(", "—", "–") and not self._opens_clause(before, i):
                return k
        k = self.home[after]
        if after != i and k is not None and self._agrees(what, k):
            gap = self.text[at.end : self.found[after].passage.start]
            if gap.strip() in (",", "") and len(gap) < 4:
                return k
        return None

    def _opens_clause(self, j: int, i: int) -> bool:
        """Whether a definite description after a comma is a clause's subject: "Selon X, le groupe va"."""
        at = self.found[i].passage
        if not fold(at.text).startswith(("le ", "la ", "l'")) or self.text[at.end : at.end + 2].strip()[:1] in (
            ",",
            ")",
        ):
            return False
        start = self.found[j].passage.start
        return bool(_PLAIN_OPENING.search(fold(self.text[max(0, start - 12) : start])))

    def _speaker(self, i: int) -> tuple[int | None, float]:
        """Who says "je": the person named right after the closing quotation mark, else the one mentioned last."""
        at = self.found[i].passage
        people = [
            (self.found[j].passage, k) for k, c in enumerate(self.clusters) if c.label == "PER" for j in self.members[k]
        ]
        close = self.text.find("»", at.end)
        if close >= 0:
            after = [
                (p, k) for p, k in people if close <= p.start <= close + 80 and "." not in self.text[close : p.start]
            ]
            if after:
                return min(after)[1], 0.7
        before = [(p, k) for p, k in people if p.end <= at.start]
        return (max(before)[1], 0.55) if before else (None, 0.0)
