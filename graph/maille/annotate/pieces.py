"""Sub-word pieces: unigram segmentation (Kudo 2018) over a fixed vocabulary, one token at a time.

The vocabulary is the part of XLM-R's that French and European names need; ids are our own, in file order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

MARK = "▁"
START, PAD, END, UNKNOWN = 0, 1, 2, 3


class Pieces:
    """Segments tokens into vocabulary ids; results are remembered per token."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._ids = {piece: i for i, piece in enumerate(pieces) if i > UNKNOWN}
        self._scores = list(scores)
        self._longest = max(map(len, self._ids), default=1)
        self._floor = min(self._scores, default=0.0) - 10.0
        self._known: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._scores)

    def token(self, text: str, *, spaced: bool) -> tuple[int, ...]:
        """Ids of one token; `spaced` says that white space (or nothing) stands before it. Never empty."""
        word = unicodedata.normalize("NFKC", text).replace("’", "'").replace(" ", MARK)
        word = MARK + word if spaced else word
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._best(word) or (UNKNOWN,)
        return found

    def tokens(self, words: Iterable[str], spaces: Iterable[bool]) -> list[tuple[int, ...]]:
        """Ids per token; `spaces` tells of each token whether a space follows it (spaCy's `whitespace_`). A line break or
        a no-break space is a token of its own, and what follows it is spaced."""
        result, before = [], True
        for word, after in zip(words, spaces, strict=True):
            result.append(self.token(word, spaced=before))
            before = bool(after) or word.isspace()
        return result

    def _best(self, word: str) -> tuple[int, ...]:
        """The segmentation of highest total score (Viterbi); unknown characters count as one piece each."""
        size = len(word)
        best = [0.0] + [-1e30] * size
        back: list[tuple[int, int]] = [(0, UNKNOWN)] * (size + 1)
        for end in range(1, size + 1):
            for start in range(max(0, end - self._longest), end):
                piece = self._ids.get(word[start:end])
                if piece is None:
                    if end - start > 1:
                        continue
                    piece, score = UNKNOWN, self._floor
                else:
                    score = self._scores[piece]
                if best[start] + score > best[end]:
                    best[end], back[end] = best[start] + score, (start, piece)
        ids: list[int] = []
        end = size
        while end:
            start, piece = back[end]
            if not (piece == UNKNOWN and ids and ids[-1] == UNKNOWN):
                ids.append(piece)
            end = start
        return tuple(reversed(ids))
