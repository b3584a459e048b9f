"""The panels as pictures of their own: a square for each place of the strip, one under another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
from PIL import Image

from engine.packets import U8
from live.view.picture import View

SIDE = 512
"""Width and height of each panel's picture, in pixels."""
PRESENCES = 64
"""Steps in which a panel comes and goes."""


class PanelPictures:
    """Draws the panels at a rate; a place that has none is black, one that comes fades in."""

    def __init__(self, view: Callable[[], View], places: int, rate: float) -> None:
        """places: of the strip, 1 or more. rate: pictures a second."""
        self.size = (SIDE, places * SIDE)
        self._view, self._rate = view, rate
        self._picture = np.zeros((places * SIDE, SIDE, 3), np.uint8)
        self._drawn: list[tuple[U8 | None, int]] = [(None, 0)] * places
        self._left = threading.Event()
        self._due_s = time.monotonic()

    def next(self, timeout_s: float) -> U8 | None:
        """Wait for the next picture; None when there is none in time, or nobody wants it."""
        wait_s = self._due_s - time.monotonic()
        if self._left.wait(min(max(0.0, wait_s), timeout_s)) or wait_s > timeout_s:
            return None
        self._due_s = max(self._due_s + 1 / self._rate, time.monotonic())
        self._draw(self._view())
        return self._picture

    def leave(self) -> None:
        """Draw no more."""
        self._left.set()

    def _draw(self, view: View) -> None:
        """Draw what is another panel's than before, or has come or gone further."""
        pictures = view.pictures.panels if view.pictures is not None else {}
        shown = {each.slot: each for each in view.panels if each.track_id in pictures}
        for place, before in enumerate(self._drawn):
            panel = shown.get(place)
            picture = pictures[panel.track_id] if panel is not None else None
            step = round(PRESENCES * panel.presence) if panel is not None else 0
            if picture is before[0] and step == before[1]:
                continue
            self._drawn[place] = (picture, step)
            part = self._picture[place * SIDE : (place + 1) * SIDE]
            part[:] = 0 if picture is None else _square(picture, step / PRESENCES)


def _square(picture: U8, presence: float) -> U8:
    image = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    if presence < 1:
        image = image.point([round(level * presence) for level in range(256)] * 3)
    return np.asarray(image)
