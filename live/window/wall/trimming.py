"""Fitting the picture to each screen by its corners and soft edges, and remembering it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from live.compose.wall.mapping import WHOLE, Corners, Point, at, can_show, pulled
from live.errors import UserError
from live.settings.screens import ScreenMemory, Trim, read_screens

CORNERS = ("upper-left", "upper-right", "lower-right", "lower-left")
EDGES = ("left", "top", "right", "bottom")
HANDLES = (*CORNERS, *EDGES)
LOW, HIGH = -0.25, 1.25
"""How far a corner may go, in shares of the screen."""
WIDEST = 0.5
"""Of a soft edge."""


class Trimming:
    """The trims of all screens: looked up, changed and kept."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Read what is remembered; tell: says what is wrong with it, in a line."""
        self._tell = tell
        self._writes = True
        try:
            self._memory = read_screens()
        except UserError as error:
            self._memory, self._writes = ScreenMemory(), False
            tell(str(error))
        self.version = 0
        """Raised with every change."""

    @property
    def last(self) -> str:
        """Key of the screen that a show filled last."""
        return self._memory.last

    def remember_last(self, key: str) -> None:
        """Remember that a show fills this screen."""
        if key != self._memory.last:
            self._memory.last = key
            self.save()

    def corners(self, key: str) -> Corners:
        """Return where the corners are; where a file has them folded, those of the screen."""
        upper_left, upper_right, lower_right, lower_left = self._memory.trim(key).corners
        corners = (upper_left, upper_right, lower_right, lower_left)
        return corners if can_show(corners) else WHOLE

    def edges(self, key: str) -> tuple[float, float, float, float]:
        """Return the soft edges: left, top, right, bottom."""
        return self._memory.trim(key).edges

    def place(self, key: str, handle: str) -> Point:
        """Return where a handle is, in shares of the screen; of an edge how wide it is."""
        if handle in CORNERS:
            return self.corners(key)[CORNERS.index(handle)]
        wide = self.edges(key)[EDGES.index(handle)]
        return (wide, 0.0) if handle in ("left", "right") else (0.0, wide)

    def move(self, key: str, handle: str, to: Point) -> bool:
        """Move a handle, as far as it may go; False where that would fold the picture."""
        trim = self._memory.trim(key)
        if handle in CORNERS:
            corners = list(self.corners(key))
            corners[CORNERS.index(handle)] = _within(to[0], LOW, HIGH), _within(to[1], LOW, HIGH)
            pulled_to = (corners[0], corners[1], corners[2], corners[3])
            if not can_show(pulled_to):
                return False
            self._keep(key, replace(trim, corners=pulled_to))
            return True
        wide = _within(to[0] if handle in ("left", "right") else to[1], 0.0, WIDEST)
        edges = list(trim.edges)
        edges[EDGES.index(handle)] = wide
        self._keep(key, replace(trim, edges=(edges[0], edges[1], edges[2], edges[3])))
        return True

    def nearest(self, key: str, place: Point) -> str:
        """Return the handle nearest to a place of the screen, seen upright."""
        quad = pulled(self.corners(key))
        left, top, right, bottom = self.edges(key)
        inside = ((left, 0.5), (0.5, top), (1.0 - right, 0.5), (0.5, 1.0 - bottom))
        seen = (*self.corners(key), *(at(quad, each) for each in inside))
        away = [(x - place[0]) ** 2 + (y - place[1]) ** 2 for x, y in seen]
        return HANDLES[away.index(min(away))]

    def inside(self, key: str, place: Point) -> Point:
        """Return where a place of the screen, seen upright, is in what the screen shows."""
        back = np.linalg.inv(pulled(self.corners(key)))
        return at(back.astype(np.float64), place)

    def reset(self, key: str) -> None:
        """Let the picture fill the screen again, without soft edges."""
        self._keep(key, Trim())

    def save(self) -> None:
        """Write it; what cannot be written is said once, and holds while the show runs."""
        if not self._writes:
            return
        try:
            self._memory.save()
        except UserError as error:
            self._writes = False
            self._tell(str(error))

    def _keep(self, key: str, trim: Trim) -> None:
        if key:
            self._memory.trims[key] = trim
            self.version += 1


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
