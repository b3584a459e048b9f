"""The spots of sources in a scene whose shape asks for an arrangement, and how they move there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.packets import F32
from engine.painting.arrangement import Subject, arrange
from engine.painting.crop import Crop, cover
from engine.painting.smoothing import SmoothedPoint

_ZOOM = 1.035
"""A loud moment draws the scene this much nearer, and its edges go out of sight."""
_NARROWER = 0.98
"""A window that is less wide for its height than this share of the bundle's scenes is narrow."""
_CUT = 0.05
"""A wide window that cuts so little of a picture's height leaves room for the bundle's places."""
_SAME_BOX = 0.04
"""A subject whose box changes by less stays where it is."""


class Spots:
    """Arranges sources in windows that the bundle's own places were not made for.

    In any other window it has no spots. For one thread.
    """

    def __init__(self, usual: tuple[int, int]) -> None:
        """usual: (height, width) of the scenes that the bundle's places were made for."""
        self._usual = usual[1] / usual[0]
        self._tall = usual[0] / usual[1]
        self._seen: Crop | None = None
        self._wanted: dict[int, Subject] = {}
        self._spots: dict[int, SmoothedPoint] = {}

    @property
    def tall(self) -> float:
        """Height over width of the scenes, in pixels."""
        return self._tall

    def frame(self, scene: tuple[int, int], aspect: float) -> None:
        """Have scenes of (height, width) in a window of this width over height from now on.

        In a picture of another shape no source moves over from its spot in the last one: all spots
        are forgotten.
        """
        height, width = scene
        self._tall = height / width
        cut = cover(width / height, aspect)
        wide = aspect >= _NARROWER * self._usual and cut.height > 1.0 - _CUT
        self._seen = None if wide else cover(width / height, aspect, _ZOOM)
        self.forget()

    def arrange(self, wanted: Mapping[int, Subject]) -> None:
        """Go where there is room for all of these, by track; who left keeps the spot he had."""
        if self._seen is None or self._are_as_before(wanted):
            return
        self._wanted = dict(sorted(wanted.items()))
        found = arrange(tuple(self._wanted.values()), self._tall, self._seen)
        for track_id, spot in zip(self._wanted, found, strict=True):
            aim = np.array([spot.x, spot.foot, spot.scale], np.float32)
            self._spots.setdefault(track_id, SmoothedPoint(aim)).aim(aim)

    def of(self, track_id: int) -> F32 | None:
        """(3,) x, foot and scale of a source now; None where the bundle's places hold."""
        spot = self._spots.get(track_id)
        return None if spot is None else spot.value

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        for spot in self._spots.values():
            spot.advance(seconds)

    def drop(self, track_id: int) -> None:
        """Forget the spot of a source that is gone."""
        self._spots.pop(track_id, None)

    def forget(self) -> None:
        """Forget all spots."""
        self._wanted.clear()
        self._spots.clear()

    def _are_as_before(self, wanted: Mapping[int, Subject]) -> bool:
        return wanted.keys() == self._wanted.keys() and all(
            abs(was.y - wanted[t].y) + abs(was.height - wanted[t].height) < _SAME_BOX
            for t, was in self._wanted.items()
        )
