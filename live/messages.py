"""The one line that the show has for a person at the moment."""

from __future__ import annotations

import time

SHOWN_S = 8.0
"""How long something that happened once stays on the screen."""


class Messages:
    """What happened (shown for a while) and what is the matter (shown as long as it is)."""

    def __init__(self) -> None:
        self._happened: tuple[str, float] | None = None
        self.all: list[str] = []
        """Everything that ever happened, oldest first."""

    def happened(self, line: str) -> None:
        """Say once that something went wrong or was done; any thread may."""
        self._happened = (line, time.monotonic())
        self.all.append(line)

    def now(self, matter: str | None) -> str | None:
        """Return what to show; `matter` is what is the matter with the input, if anything."""
        happened = self._happened
        if happened is not None and time.monotonic() - happened[1] < SHOWN_S:
            return happened[0]
        return matter
