"""What goes wrong because of the input or the call, said in one line with a hint."""

from __future__ import annotations


class MailleError(Exception):
    """A user's mistake: `str(error)` says what and why, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
