"""The French pipeline: tokenizer, encoder, then sentences, tags, lemmas, heads and mentions in one pass.

As spaCy components: `maille_encoder` fills `doc.tensor` (n, 768: last and middle layer), `maille_parser` the linguistic attributes,
`maille_mentions` the span groups `doc.spans["maille_mentions"]` and `doc.spans["maille_texts"]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
import spacy
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS, SENT_START
from spacy.language import Language
from spacy.symbols import IDS
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from maille.annotate.decode import lemma, spans, tree
from maille.annotate.mend import mended
from maille.annotate.pieces import Pieces
from maille.annotate.tokenizer import blank
from maille.annotate.windows import token_vectors
from maille.errors import MailleError
from maille.model.nn import SIZE, gelu, linear, sigmoid
from maille.model.weights import Floats, Weights, default

NAMES = ("PER", "ORG", "LOC", "PROD", "EVENT")
MENTIONS, TEXTS = "maille_mentions", "maille_texts"
_FOREIGN = {
    "PER": "PER",
    "PERSON": "PER",
    "ORG": "ORG",
    "LOC": "LOC",
    "GPE": "LOC",
    "FAC": "LOC",
    "MISC": "PROD",
    "PRODUCT": "PROD",
    "WORK_OF_ART": "PROD",
    "EVENT": "EVENT",
}


@cache
def _pieces() -> Pieces:
    rows = default().pieces
    return Pieces([piece for piece, _ in rows], [score for _, score in rows])


@Language.component("maille_encoder")
def encoder(doc: Doc) -> Doc:
    """Fill `doc.tensor` with contextual token vectors; line breaks are paragraph ends."""
    words = [t.text for t in doc]
    breaks = [i > 0 and "\n" in words[i - 1] for i in range(len(words))]
    doc.tensor = token_vectors(default(), _pieces(), words, [bool(t.whitespace_) for t in doc], breaks)
    return doc


def _syntax(doc: Doc, weights: Weights) -> Floats:
    """What the syntactic heads see of each token, (n, 512)."""
    both = np.concatenate([doc.tensor[:, SIZE:], doc.tensor[:, :SIZE]], -1)
    return gelu(linear(weights, "heads.hidden", np.asarray(both, np.float32)))


def _sentences(doc: Doc, vectors: Floats, weights: Weights) -> list[list[int]]:
    """Token indices of each sentence, white space left out; a line break always ends one."""
    starts = sigmoid(linear(weights, "heads.start", vectors))[:, 0] > 0.5
    result: list[list[int]] = []
    fresh = True
    for token in doc:
        if token.is_space:
            fresh = fresh or "\n" in token.text
            continue
        if fresh or (starts[token.i] and token.text not in ".,;:!?)»"):
            result.append([])
        fresh = False
        result[-1].append(token.i)
    return result


def _one(x: Floats) -> Floats:
    return np.concatenate([x, np.ones_like(x[..., :1])], -1)


def _parse(x: Floats, weights: Weights) -> tuple[list[int], list[str]]:
    """Heads (indices in the sentence) and relations of one sentence's vectors (n, 512), biaffine."""
    dependent, head = (gelu(linear(weights, f"heads.arc_{side}", x)) for side in ("dep", "head"))
    heads = tree(_one(dependent) @ weights["heads.arc"] @ head.T)
    dependent, head = (_one(gelu(linear(weights, f"heads.lab_{side}", x))) for side in ("dep", "head"))
    relations = weights.labels["deps"]
    table = weights["heads.lab"]
    left = dependent @ table.transpose(1, 0, 2).reshape(dependent.shape[1], -1)
    scores = np.einsum("nke,ne->nk", left.reshape(len(x), len(relations), -1), head[heads])
    root = relations.index("ROOT")
    for i, h in enumerate(heads):
        scores[i, root] = 1e9 if h == i else -1e9
    return heads, [relations[k] for k in scores.argmax(1)]


@Language.component("maille_parser")
def parser(doc: Doc) -> Doc:
    """Sentences, UPOS and features, lemmas, heads and relations (Universal Dependencies) from `doc.tensor`."""
    weights = default()
    if not len(doc):
        return doc
    vectors = _syntax(doc, weights)
    tags = linear(weights, "heads.tag", vectors).argmax(1)
    rules = linear(weights, "heads.lemma", vectors).argmax(1)
    rows = np.zeros((len(doc), 6), np.uint64)
    strings = doc.vocab.strings
    for token in doc:
        upos, _, features = weights.labels["tags"][tags[token.i]].partition("|")
        if token.is_space or upos == "SPACE":
            upos, features = ("SPACE" if token.is_space else "X"), "_"
        plain = token.is_space or upos == "PROPN"
        word = token.text.strip() if plain else lemma(token.text, weights.labels["lemmas"][rules[token.i]])
        rows[token.i, 0] = IDS[upos]
        rows[token.i, 1] = doc.vocab.morphology.add("" if features == "_" else features)
        rows[token.i, 2] = strings.add(word or token.text)
        rows[token.i, 3] = 0
        rows[token.i, 4] = strings.add("dep")
        rows[token.i, 5] = np.int64(-1).view(np.uint64)
    sentences = _sentences(doc, vectors, weights)
    for sentence in sentences:
        heads, relations = _parse(vectors[sentence], weights)
        for k, (i, relation) in enumerate(zip(sentence, relations, strict=True)):
            rows[i, 3] = np.int64(sentence[heads[k]] - i).view(np.uint64)
            rows[i, 4] = strings.add(relation)
        rows[sentence[0], 5] = 1
    _hang_spaces(doc, rows, strings.add("dep"), strings.add("ROOT"))
    doc.from_array([POS, MORPH, LEMMA, HEAD, DEP, SENT_START], rows)  # type: ignore[arg-type]
    return doc


def _hang_spaces(doc: Doc, rows: np.ndarray, dep: int, root: int) -> None:
    """White space hangs on the token before it (or after, at the start), so that it opens no sentence."""
    for token in doc:
        if not token.is_space:
            continue
        other = next((j for j in range(token.i - 1, -1, -1) if not doc[j].is_space), None)
        if other is None:
            other = next((j for j in range(token.i + 1, len(doc)) if not doc[j].is_space), token.i)
        rows[token.i, 3] = np.int64(other - token.i).view(np.uint64)
        rows[token.i, 4] = root if other == token.i else dep
    first = next((t.i for t in doc if not t.is_space), 0)
    if first:
        rows[0, 5], rows[first, 5] = 1, np.int64(-1).view(np.uint64)


def _bio(labels: Sequence[str]) -> list[str]:
    return ["O", *(f"{side}-{label}" for label in labels for side in "BI")]


def _groups(doc: Doc, name: str, labels: Sequence[str]) -> list[Span]:
    weights = default()
    keep = [t.i for t in doc if not t.is_space]
    found = spans(linear(weights, f"heads.{name}", doc.tensor[keep, :SIZE]), _bio(labels))
    result = []
    for start, end, label, certainty in found:
        span = Span(doc, keep[start], keep[end - 1] + 1, label=label)
        if not any(t.is_space and "\n" in t.text for t in span):
            span.id_ = f"{certainty:.3f}"
            result.append(span)
    return result


@Language.component("maille_mentions")
def mentions(doc: Doc) -> Doc:
    """Names, descriptions, pronouns and values as spans; the names are `doc.ents` too, unless a model before named some."""
    weights = default()
    found = mended(doc, _groups(doc, "mention", weights.labels["mentions"]))
    if doc.ents:
        own = [Span(doc, e.start, e.end, label=_FOREIGN.get(e.label_, "PROD")) for e in doc.ents]
        for span in own:
            span.id_ = "0.800"
        found = filter_spans([*own, *(m for m in found if m.label_ not in NAMES)])
        found.sort(key=lambda m: m.start)
    else:
        doc.ents = tuple(m for m in found if m.label_ in NAMES)
    doc.spans[MENTIONS] = found
    doc.spans[TEXTS] = _groups(doc, "extra", weights.labels["texts"])
    return doc


@cache
def load(name: str | None = None) -> Language:
    """Our own pipeline, or the installed spaCy French pipeline `name` with our encoder and mentions behind it.

    Raises MailleError where no such pipeline is installed, or where it is not French.
    """
    if name is None:
        nlp = blank()
        for component in ("maille_encoder", "maille_parser", "maille_mentions"):
            nlp.add_pipe(component)
        return nlp
    try:
        nlp = spacy.load(name)
    except OSError as error:
        raise MailleError(
            f"no spaCy pipeline called {name!r} is installed",
            f"python -m spacy download {name}, or leave --model out to use the model that ships with maille",
        ) from error
    if nlp.lang != "fr":
        raise MailleError(
            f"the pipeline {name!r} reads {nlp.lang!r}, not French", "give a fr_* pipeline, or leave --model out"
        )
    nlp.add_pipe("maille_encoder")
    if not nlp.has_pipe("parser"):
        nlp.add_pipe("maille_parser")
    nlp.add_pipe("maille_mentions")
    return nlp


def annotate(texts: Iterable[str], model: str | None = None) -> Iterator[Doc]:
    """One annotated Doc a text, in order."""
    yield from load(model).pipe(texts)
