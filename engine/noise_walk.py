"""Noise that walks: what lets a steady sound give a calm, living picture.

Seeded anchors of white noise stand a few seconds apart, and the noise at a moment is the blend of
the four nearest under a cubic B-spline, brought to the norm that white noise of that size has. So
it is white noise at every moment, never jumps, never stands still and never turns a corner: its
speed and the change of its speed are continuous. It depends on the seed, the name of the walk, the
moment and the size alone: asked again, it gives the same.

Every size is cut from the same fine grid: a cell's noise is the sum of the fine cells under it. So
a smaller picture is painted from the same noise seen more coarsely and keeps its composition, and
the noise is white at each size.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from engine.packets import F32

ANCHOR_EVERY_S = 6.0
"""Time between anchors. The walk turns by about 10 degrees a second."""

_REMEMBERED = 6
"""Anchors kept: the four in use and those just behind."""


class NoiseWalk:
    """One endless walk, a pure function of (seed, name, moment, size)."""

    def __init__(
        self,
        seed: int,
        name: Sequence[int],
        channels: int,
        sizes: Sequence[tuple[int, int]],
        every_s: float = ANCHOR_EVERY_S,
    ) -> None:
        """seed: of the show. name: whole numbers, none negative, that tell walks of a show apart.

        sizes: all (height, width) that will be asked for, in latent cells.
        """
        self._key = (seed & (2**64 - 1), *name)
        self._channels = channels
        self._sizes = tuple(sizes)
        self._fine = (math.lcm(*(h for h, _ in sizes)), math.lcm(*(w for _, w in sizes)))
        self._every_s = every_s
        # Walks of one show must not all reach an anchor in the same picture.
        self._phase = float(np.random.default_rng([*self._key, 0]).random())
        self._anchors: OrderedDict[int, dict[tuple[int, int], F32]] = OrderedDict()

    def at(self, moment_s: float, size: tuple[int, int]) -> F32:
        """(channels, *size) noise at a moment in seconds, of norm sqrt(number of elements)."""
        place = moment_s / self._every_s + self._phase
        first = math.floor(place)
        blend = np.zeros((self._channels, *size), np.float32)
        for i, weight in enumerate(_spline(place - first)):
            blend += np.float32(weight) * self._anchor(first - 1 + i)[size]
        return blend * np.float32(math.sqrt(blend.size) / float(np.linalg.norm(blend)))

    def _anchor(self, number: int) -> dict[tuple[int, int], F32]:
        known = self._anchors.get(number)
        if known is not None:
            self._anchors.move_to_end(number)
            return known
        # Zigzag, because a seed cannot be negative and a moment can.
        seed = 2 * number if number >= 0 else -2 * number - 1
        rng = np.random.default_rng([*self._key, 1 + seed])
        fine = rng.standard_normal((self._channels, *self._fine), dtype=np.float32)
        made = {size: _coarser(fine, size) for size in self._sizes}
        self._anchors[number] = made
        if len(self._anchors) > _REMEMBERED:
            self._anchors.popitem(last=False)
        return made


def _coarser(fine: F32, size: tuple[int, int]) -> F32:
    """White noise of a size as the sums of the fine cells under each cell."""
    channels, height, width = fine.shape
    down, across = height // size[0], width // size[1]
    blocks = fine.reshape(channels, size[0], down, size[1], across)
    return blocks.sum((2, 4)) / np.float32(math.sqrt(down * across))


def _spline(x: float) -> tuple[float, float, float, float]:
    """Weights of the uniform cubic B-spline at x in [0, 1] between the second and third knot."""
    y = 1 - x
    return (
        y**3 / 6,
        (4 - 3 * x * x * (2 - x)) / 6,
        (4 - 3 * y * y * (2 - y)) / 6,
        x**3 / 6,
    )
