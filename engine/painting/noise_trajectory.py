"""Noise on a smooth random trajectory, so that a steady sound gives a calm, living picture.

Seeded anchors of white noise stand some seconds apart, and the noise at a moment is the blend of
the four nearest under a cubic B-spline, brought to the norm that white noise of that size has. So
it is white noise at every moment, never jumps, never stands still and never turns a corner: its
speed and the change of its speed are continuous. It depends on the seed, the name of the trajectory
and the moment alone: asked again, it gives the same.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from engine.packets import F32

ANCHOR_EVERY_S = 12.0
"""Time between anchors. The noise turns by about 5 degrees a second: where things stand is a
condition of its own, so the noise has only light, air and water to keep alive."""

_REMEMBERED = 6
"""Anchors kept: the four in use and those just behind."""


class NoiseTrajectory:
    """One endless trajectory, a pure function of (seed, name, moment)."""

    def __init__(
        self,
        seed: int,
        name: Sequence[int],
        shape: tuple[int, int, int],
        every_s: float = ANCHOR_EVERY_S,
    ) -> None:
        """seed: of the show. name: whole numbers, none negative, that tell a show's apart.

        shape: (channels, height, width) in latent cells.
        """
        self._key = (seed & (2**64 - 1), *name)
        self._shape = shape
        self._every_s = every_s
        # Trajectories of one show must not all reach an anchor in the same picture.
        self._phase = float(np.random.default_rng([*self._key, 0]).random())
        self._anchors: OrderedDict[int, F32] = OrderedDict()

    def at(self, moment_s: float) -> F32:
        """(channels, height, width) noise at a moment in seconds, of norm sqrt(its elements)."""
        place = moment_s / self._every_s + self._phase
        first = math.floor(place)
        blend = np.zeros(self._shape, np.float32)
        for i, weight in enumerate(_spline(place - first)):
            blend += np.float32(weight) * self._anchor(first - 1 + i)
        return blend * np.float32(math.sqrt(blend.size) / float(np.linalg.norm(blend)))

    def _anchor(self, number: int) -> F32:
        known = self._anchors.get(number)
        if known is not None:
            self._anchors.move_to_end(number)
            return known
        # Zigzag, because a seed cannot be negative and a moment can.
        seed = 2 * number if number >= 0 else -2 * number - 1
        rng = np.random.default_rng([*self._key, 1 + seed])
        made = rng.standard_normal(self._shape, dtype=np.float32)
        self._anchors[number] = made
        if len(self._anchors) > _REMEMBERED:
            self._anchors.popitem(last=False)
        return made


def _spline(x: float) -> tuple[float, float, float, float]:
    """Weights of the uniform cubic B-spline at x in [0, 1] between the second and third knot."""
    y = 1 - x
    return (
        y**3 / 6,
        (4 - 3 * x * x * (2 - x)) / 6,
        (4 - 3 * y * y * (2 - y)) / 6,
        x**3 / 6,
    )
