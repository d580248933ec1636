"""spaCy's French tokenizer with what press text needs: `start-up` whole, `ex-PDG` and `d'1,2` split."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

_WHOLE = ("start-up", "start-ups", "Start-up", "Start-ups", "START-UP", "stock-options", "week-end", "week-ends")


def blank() -> Language:
    """A French `Language` without components, whose tokenizer suits press text."""
    nlp = spacy.blank("fr")
    tokenizer = nlp.tokenizer
    prefixes = [*(nlp.Defaults.prefixes or ()), r"[Ee]x-(?=\w)", r"[dlDL]['’](?=[0-9])", r"[«»\"“”]"]
    # "chez SpaceX." ends a sentence; "J. Dupont" keeps its initial
    suffixes = [*(nlp.Defaults.suffixes or ()), r"(?<=[A-Za-z0-9][A-Z0-9])\.", r"(?<=[a-z]/[a-z])\."]
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=[a-zà-ÿ0-9])\.(?=[A-ZÀ-Þ][a-zà-ÿ])"]
    tokenizer.prefix_search = compile_prefix_regex(prefixes).search  # type: ignore[union-attr]
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search  # type: ignore[union-attr]
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer  # type: ignore[union-attr]
    for word in _WHOLE:
        tokenizer.add_special_case(word, [{"ORTH": word}])  # type: ignore[union-attr]
    return nlp
