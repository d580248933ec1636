"""Sub-word pieces: best segmentation, marks of white space, unknown characters."""

from __future__ import annotations

from maille.annotate.pieces import UNKNOWN, Pieces

VOCABULARY = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁ra", "chat", "▁rachat", "s", "l", "'", "▁l", "a", "▁a"]
PIECES = Pieces(VOCABULARY, [0, 0, 0, 0, -3.0, -4.0, -4.0, -5.0, -2.0, -3.0, -3.0, -3.0, -3.0, -3.0])


def shown(ids: tuple[int, ...]) -> list[str]:
    return [VOCABULARY[i] for i in ids]


def test_the_segmentation_of_highest_score_wins() -> None:
    assert shown(PIECES.token("rachats", spaced=True)) == ["▁rachat", "s"]


def test_only_tokens_after_white_space_bear_the_mark() -> None:
    assert [shown(p) for p in PIECES.tokens(["l'", "a"], [False, True])] == [["▁l", "'"], ["a"]]


def test_what_follows_a_line_break_or_a_no_break_space_bears_the_mark() -> None:
    for white in ("\n", "\u00a0", "\u202f"):
        assert shown(PIECES.tokens(["a", white, "rachat"], [False, False, False])[2]) == ["▁rachat"]


def test_curly_and_straight_apostrophes_are_one() -> None:
    assert PIECES.token("l’", spaced=True) == PIECES.token("l'", spaced=True)


def test_unknown_characters_become_one_unknown_piece() -> None:
    assert PIECES.token("漢字", spaced=False) == (UNKNOWN,)
    assert PIECES.token("a漢s", spaced=False)[1] == UNKNOWN
