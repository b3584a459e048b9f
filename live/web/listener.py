"""Whoever is told of the show, at their own pace: what a slow one does not take gives way."""

from __future__ import annotations

import asyncio
from typing import Any

from live.film.stage import Frame

FASTEST = 30.0
"""Pictures a second that can be asked for."""
MOST_WAITING = 200
"""Things to tell that wait for somebody slow; the oldest give way."""


class Listener:
    """What waits for one who is connected; used on the loop alone.

    Of each thing only the newest waits, so that nothing grows however slow somebody is; and one
    picture at a time is on its way.
    """

    def __init__(self, hears: bool = False) -> None:
        """hears: whether it is told of every hearing as well."""
        self.hears = hears
        self.rate = 0.0
        """Pictures a second that are wanted; 0 for none."""
        self.ready = False
        """Whether the picture before has been drawn."""
        self._due_s = 0.0
        self._told: dict[str, dict[str, Any]] = {}
        self._picture: Frame | None = None
        self._wake = asyncio.Event()

    def look(self, rate: float) -> None:
        """Want so many pictures a second."""
        self.rate, self.ready = min(max(rate, 0.0), FASTEST), rate > 0

    def tell(self, key: str, what: dict[str, Any]) -> None:
        """Let something be told next, in the place of an older one of the same key."""
        self._told.pop(key, None)
        self._told[key] = what
        if len(self._told) > MOST_WAITING:
            del self._told[next(iter(self._told))]
        self._wake.set()

    def show(self, picture: Frame) -> None:
        """Let a picture be shown next, if one is due."""
        if not self.ready or picture.at_s < self._due_s - 0.5 / self.rate:
            return
        self._due_s = max(self._due_s + 1 / self.rate, picture.at_s + 0.5 / self.rate)
        self._picture = picture
        self.ready = False
        self._wake.set()

    async def next(self) -> tuple[list[dict[str, Any]], Frame | None]:
        """Wait for anything; return all that is to be told, and the picture if there is one."""
        await self._wake.wait()
        self._wake.clear()
        told, self._told = list(self._told.values()), {}
        picture, self._picture = self._picture, None
        return told, picture
