"""The one kind of error that is meant for a person."""

from __future__ import annotations


class UserError(Exception):
    """Something a person can put right: one line that names the thing and the remedy.

    The command line prints `soundglass: <line>` and exits with code 2; the running show puts the
    line on the screen and goes on. Line breaks in the text are made spaces.
    """

    def __init__(self, line: str) -> None:
        super().__init__(" ".join(line.split()))
