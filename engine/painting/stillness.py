"""Keeps a picture still where nothing in it has changed.

A generator in eight bits rounds what enters each of its layers, so that two moments which differ
by nothing that anyone would see give pictures a few levels apart, here and there: edges would
shimmer. A change of a few levels is taken over bit by bit, or not at all; a larger one at once.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from engine.packets import U8

SLOW = 0.25
"""Share of a small change that one picture takes over; what is less than half a level is none."""
SMALL, LARGE = 6, 24
"""Levels of 255 up to which a change is small, and from which it is taken over whole."""
KEPT = 16
"""Pictures remembered; a show has a scene and some panels."""


def _tabulate_changes() -> np.ndarray:
    """i16 (511,): how far a level moves, for each difference from -255 to 255."""
    difference = np.arange(-255, 256)
    beyond = np.clip((np.abs(difference) - SMALL) / (LARGE - SMALL), 0.0, 1.0)
    return np.rint(difference * (SLOW + (1 - SLOW) * beyond)).astype(np.int16)


_CHANGES = _tabulate_changes()


class FlickerFilter:
    """Remembers each picture as it was shown last."""

    def __init__(self) -> None:
        self._before: dict[Hashable, U8] = {}

    def apply(self, which: Hashable, picture: U8) -> U8:
        """A picture (h, w, 3) as it follows the one of the same name; the first as it is."""
        before = self._before.pop(which, None)
        if before is not None and before.shape == picture.shape:
            difference = picture.astype(np.int16)
            difference -= before
            difference += 255
            picture = (before + _CHANGES.take(difference)).astype(np.uint8)
        self._before[which] = picture
        if len(self._before) > KEPT:
            del self._before[next(iter(self._before))]
        return picture
