"""The pipeline on press sentences of our own: what a reader relies on, not what a score measures."""

from __future__ import annotations

import pytest
from spacy.language import Language

from maille.annotate.pipeline import MENTIONS, load
from maille.annotate.tokenizer import blank
from maille.errors import MailleError

pytestmark = pytest.mark.model
TEXT = "Aubelune lève 40 millions\nLa start-up Aubelune, fondée par Claire Morel à Lyon, a levé 40 millions d’euros mardi. Elle compte 120 salariés."


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def test_tokens_of_press_text() -> None:
    assert [t.text for t in blank()("La start-up d’OpenAI, l'IA et GPT-3.5 ; d'1,2 point.")] == [
        "La", "start-up", "d’", "OpenAI", ",", "l'", "IA", "et", "GPT-3.5", ";", "d'", "1,2", "point", ".",
    ]  # fmt: skip


def test_a_line_break_ends_a_sentence_and_hangs_on_nothing(nlp: Language) -> None:
    sentences = [s.text.strip() for s in nlp(TEXT).sents]
    assert sentences[0] == "Aubelune lève 40 millions"
    assert len(sentences) == 3


def test_syntax_of_a_passive_participle(nlp: Language) -> None:
    doc = nlp(TEXT)
    word = next(t for t in doc if t.text == "fondée")
    assert (word.lemma_, word.pos_, word.dep_) == ("fonder", "VERB", "acl")
    assert any(c.text == "Claire" for c in word.children)


def test_names_and_values(nlp: Language) -> None:
    doc = nlp(TEXT)
    found = {(m.text, m.label_) for m in doc.spans[MENTIONS]}
    assert {
        ("Claire Morel", "PER"),
        ("Lyon", "LOC"),
        ("40 millions d’euros", "MONEY"),
        ("mardi", "DATE"),
        ("120 salariés", "QTY"),
    } <= found


def test_every_sentence_has_one_root_inside_it(nlp: Language) -> None:
    for sentence in nlp(TEXT * 3).sents:
        assert sum(t.head == t for t in sentence) == 1
        assert all(t.head.sent == sentence for t in sentence)


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "«", "12", "🙂 漢字", "a" * 3000, "mot " * 1500])
def test_odd_text_is_read(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text


def test_vectors_do_not_depend_on_what_comes_far_behind(nlp: Language) -> None:
    short, long = nlp(TEXT), nlp(TEXT + "\n" + "Une autre phrase suit ici. " * 200)
    assert [t.pos_ for t in short[:20]] == [t.pos_ for t in long[:20]]


def test_a_missing_pipeline_is_named() -> None:
    with pytest.raises(MailleError, match="fr_nowhere"):
        load("fr_nowhere")
