"""The second look at a link: does the sentence speak of such a thing? A small logistic model over the pair score,
the words around and the distance, trained on press pieces that the pair scores had not seen."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from spacy.tokens import Doc

from maille.extract.learned import Link
from maille.language import fold

FEATURES = (
    "bias",
    "odds",
    "word",
    "words",
    "no_word",
    "same_sentence",
    "far",
    "left_reference",
    "right_reference",
    "certainty",
    "event",
    "verb_between",
)


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of the features, one intercept a label, and for each label the words that go with it."""

    weights: Mapping[str, float]
    labels: Mapping[str, float]
    words: Mapping[str, Mapping[str, float]]

    def probability(self, label: str, features: Mapping[str, float]) -> float:
        """The probability that a link with these features holds."""
        total = self.labels.get(label, 0.0) + sum(self.weights[name] * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def default() -> Scorer:
    """The scorer shipped with the package."""
    data = json.loads((resources.files("maille.extract") / "scorer.json").read_text("utf-8"))
    return Scorer(data["weights"], data["labels"], data["words"])


def context(doc: Doc, link: Link) -> list[str]:
    """Folded lemmas of the content words in the sentences that hold both ends."""
    start, end = min(link.left.start, link.right.start), max(link.left.end, link.right.end)
    first, last = doc[start].sent.start, doc[end - 1].sent.end
    return [fold(t.lemma_) for t in doc[first:last] if t.pos_ in ("VERB", "NOUN", "ADJ", "ADV", "ADP")]


def features(doc: Doc, link: Link, words: Mapping[str, float]) -> dict[str, float]:
    """The feature values of a link; `words` are those of its label with their weights."""
    hits = sorted((words[w] for w in set(context(doc, link)) if w in words), reverse=True)
    lo, hi = sorted((link.left, link.right), key=lambda a: a.start)
    gap = max(0, hi.start - lo.end)
    p = min(max(link.confidence, 1e-4), 1 - 1e-4)
    return {
        "bias": 1.0,
        "odds": math.log(p / (1 - p)),
        "word": hits[0] if hits else 0.0,
        "words": sum(hits[:4]),
        "no_word": float(not hits),
        "same_sentence": float(doc[lo.start].sent == doc[hi.end - 1].sent),
        "far": math.log1p(gap),
        "left_reference": float(link.left.label == "REF"),
        "right_reference": float(link.right.label == "REF"),
        "certainty": min(link.left.certainty, link.right.certainty),
        "event": float(bool(link.event)),
        "verb_between": float(any(t.pos_ == "VERB" for t in doc[lo.end : hi.start])),
    }


def rescored(doc: Doc, links: Iterable[Link], scorer: Scorer) -> list[Link]:
    """The links with the probability of the second look."""
    none: Mapping[str, float] = {}
    return [
        replace(x, confidence=scorer.probability(x.label, features(doc, x, scorer.words.get(x.label, none))))
        for x in links
    ]


def weighted_words(
    contexts: Sequence[tuple[str, Sequence[str]]], least: int = 3, most: int = 40
) -> dict[str, dict[str, float]]:
    """For each label the words that its contexts hold more often than all contexts do, with their log ratio."""
    total: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {}
    sizes: dict[str, int] = {}
    for label, lemmas in contexts:
        sizes[label] = sizes.get(label, 0) + 1
        for word in set(lemmas):
            total[word] = total.get(word, 0) + 1
            own = counts.setdefault(label, {})
            own[word] = own.get(word, 0) + 1
    result: dict[str, dict[str, float]] = {}
    for label in sorted(counts):
        scored = []
        for word, n in counts[label].items():
            ratio = math.log((n + 0.5) / (sizes[label] + 1)) - math.log((total[word] + 0.5) / (len(contexts) + 1))
            if n >= least and ratio > 0.8:
                scored.append((ratio, n, word))
        scored.sort(key=lambda x: (-x[0] * math.log1p(x[1]), x[2]))
        result[label] = {word: round(ratio, 2) for ratio, _, word in scored[:most]}
    return result
