"""The cutting of an article's text: nothing is lost, passages overlap, names win in order."""

from __future__ import annotations

import random

from maille.serve.reader import Segment, Span, segments


def test_pieces_give_the_text_again() -> None:
    cut = segments("Nordhavn rachète Pixelune.\nFin.", [Span(0, 8, "n"), Span(17, 25, "p")], [Span(0, 25), Span(9, 31)])
    assert [(one.text, one.name, one.claimed) for one in cut] == [
        ("Nordhavn", "n", True),
        (" ", None, True),
        ("rachète ", None, True),
        ("Pixelune", "p", True),
        (".", None, True),
        ("\n", None, True),
        ("Fin.", None, True),
    ]
    assert [one.anchors for one in cut if one.anchors] == [("char=0,25",), ("char=9,31",)]


def test_of_names_within_names_the_longer_counts() -> None:
    cut = segments("la Banque Vauban", [Span(3, 16, "bank"), Span(10, 16, "town")], [])
    assert cut == [Segment(0, 3, "la "), Segment(3, 16, "Banque Vauban", "bank")]


def test_any_spans_at_all() -> None:
    chance = random.Random(7)
    for _ in range(200):
        text = "".join(chance.choice("ab \n") for _ in range(chance.randrange(40)))
        spans = [Span(a, a + chance.randrange(1, 9), n) for n in range(12) if (a := chance.randrange(50)) >= 0]
        cut = segments(text, spans[:6], [span for span in spans[6:] if span.end <= len(text)])
        assert "".join(one.text for one in cut) == text
        assert all(one.start < one.end and text[one.start : one.end] == one.text for one in cut)
        for one in cut:
            assert one.claimed == any(s.start <= one.start and one.end <= s.end <= len(text) for s in spans[6:])
