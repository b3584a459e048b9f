"""The one kind of error that is meant for a person."""

from __future__ import annotations

from engine.system.terminal import harmless


class UserError(Exception):
    """Something a person can put right: one line that names the thing and the remedy.

    The command line prints `soundglass: <line>` and exits with code 2; the running show puts the
    line on the screen and goes on. What would act on a terminal, a line break in a name included,
    is shown as its escape.
    """

    def __init__(self, line: str) -> None:
        super().__init__(harmless(line.strip()))
