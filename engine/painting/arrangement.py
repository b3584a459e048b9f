"""Where sources stand in a scene that is narrower than those the bundle's places were made for.

In a landscape there is room beside a subject. In a square or a portrait there is less of it, and
more above and below: there subjects are made smaller, so that the widest drawing of each is wholly
seen, and stand behind one another, the farther ones higher on the ground. All of them are arranged
together, anew whenever one comes or goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.painting.crop import Crop

F64 = NDArray[np.float64]

_WIDEST = 2.05
"""Width over height of the widest drawings, in pixels: two animals side by side, a train."""
_FILLED = 0.84
"""Share of the width of its own square picture that a wide subject takes at its loudest."""
_USUAL = 1.3
"""Width over height of most drawings of what is not wide, for what stands beside another."""
_SOLID = 0.9
"""How much of a box's height hides what is behind: few subjects fill its upper edge."""
_MARGIN = 0.015
"""Kept free at the left and at the right, over what is seen."""
_TOP = 0.03
_FARTHEST, _LIKED, _NEAREST = 0.62, 0.83, 0.92
"""Feet of what stands on the ground: a little below the horizon, above the panels that hang along
the bottom, and beside them, where room is short."""
_GROUND = 0.55
"""What has its centre below this stands on the ground; what is above may fly, or sit in a tree."""
_HIGHER, _LOWER = 0.16, 0.10
"""How far what is above the ground may leave its height."""
_SPOTS = np.linspace(0.1, 0.9, 25)
_LANES = 9
_LEAST = 0.3
"""No subject is made smaller than this share of what would fit alone to keep clear of others."""
_STRAY_X, _STRAY_FOOT = 0.12, 0.3
"""What it costs to stand elsewhere than liked, in shares of the size: on the ground rather beside
another than behind it, as if it flew."""
_ROUNDS = 3
"""How often each is placed again."""
_ORDERS = 6
"""Of placing them; all there are of three subjects."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be placed: its box at its loudest, over what is seen of the picture."""

    x: float
    """Where it likes to be: centre over the width."""
    y: float
    """Centre over the height."""
    height: float
    """Over the height."""
    alone: float
    """Its height in a square picture of its own, which says how wide it is."""

    @property
    def wide(self) -> float:
        """Width over height of most of its drawings, in pixels."""
        return min(max(_USUAL, _FILLED / max(self.alone, 0.1)), _WIDEST)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a subject was placed, over the whole picture."""

    x: float
    foot: float
    """Lower edge of the box, over the height: the same however loud it is."""
    scale: float
    """What its height in the bundle's places is multiplied by."""


def arrange(subjects: Sequence[Subject], tall: float, seen: Crop) -> list[Spot]:
    """A spot for each subject, so that all are wholly seen and none hides another.

    tall: height over width of the picture in pixels. seen: the part of it that the window shows.
    """
    if not subjects:
        return []
    tall *= seen.height / seen.width
    fits = [min(1.0, (1 - 2 * _MARGIN) / (_WIDEST * tall * each.height)) for each in subjects]
    sizes = [each.height * fit for each, fit in zip(subjects, fits, strict=True)]
    everyone = range(len(subjects))
    orders = islice(permutations(everyone), 0, None, max(1, factorial(len(subjects)) // _ORDERS))
    tried = (_Attempt(subjects, sizes, tall).in_order(order) for order in orders)
    best = max(tried, key=lambda each: each.good())
    return [
        Spot(
            seen.x + x * seen.width,
            seen.y + foot * seen.height,
            fit * float(share) * seen.height,
        )
        for (x, foot), fit, share in zip(
            (best.spots[i] for i in everyone), fits, best.shares(), strict=True
        )
    ]


class _Attempt:
    """One attempt to place subjects, each in the best spot that the others leave it."""

    def __init__(self, subjects: Sequence[Subject], sizes: Sequence[float], tall: float) -> None:
        self._subjects, self._sizes, self._tall = subjects, sizes, tall
        self.spots: dict[int, tuple[float, float]] = {}

    def in_order(self, order: Sequence[int]) -> _Attempt:
        """Place them one after another, and then each again, now that the others stand."""
        for _ in range(_ROUNDS):
            for index in order:
                self._place(index)
        return self

    def good(self) -> float:
        """How large they all are, the smallest above all, and how near to where they like it."""
        shares = self.shares()
        strayed = sum(float(_stray(self._subjects[i], *self.spots[i])) for i in self.spots)
        return float(shares.min()) + (0.3 * float(shares.sum()) - strayed) / shares.size

    def shares(self) -> F64:
        """What share of its size each may have."""
        return np.array(
            [float(self._share(i, *(np.array([at]) for at in self.spots[i]))[0]) for i in
             range(len(self._subjects))]
        )  # fmt: skip

    def _place(self, index: int) -> None:
        subject = self._subjects[index]
        xs, feet = (a.ravel() for a in np.meshgrid(_SPOTS, _feet(subject)))
        wish = self._share(index, xs, feet) - _stray(subject, xs, feet)
        best = int(wish.argmax())
        self.spots[index] = float(xs[best]), float(feet[best])

    def _share(self, index: int, xs: F64, feet: F64) -> F64:
        """What share of its size it may have at each spot, and those beside it of theirs."""
        size = self._sizes[index]
        share = np.minimum(_room(xs, feet, size, self._tall), 1.0)
        for other, (x, foot) in self.spots.items():
            if other != index:
                # Where there is room between them: beside, or above one another.
                width = self._width(index) + self._width(other)
                nearer = np.where(feet >= foot, size, self._sizes[other])
                apart = np.maximum(
                    2 * np.abs(xs - x) / width, np.abs(feet - foot) / (_SOLID * nearer)
                )
                share = np.minimum(share, np.maximum(apart, _LEAST))
        return share

    def _width(self, index: int) -> float:
        return self._subjects[index].wide * self._sizes[index] * self._tall


def _stray(subject: Subject, x: Any, foot: Any) -> Any:
    """What it costs that it stands there."""
    liked = min(subject.y + subject.height / 2, _LIKED)
    return _STRAY_X * np.abs(x - subject.x) + _STRAY_FOOT * np.abs(foot - liked)


def _feet(subject: Subject) -> F64:
    """Where its feet may be."""
    foot = subject.y + subject.height / 2
    if subject.y > _GROUND:
        return np.linspace(_FARTHEST, _NEAREST, _LANES)
    return foot + np.linspace(-_HIGHER, _LOWER, _LANES)


def _room(xs: F64, feet: F64, size: float, tall: float) -> F64:
    """What share of its size fits into the picture at each spot."""
    beside = (0.5 - _MARGIN - np.abs(xs - 0.5)) / (_WIDEST * size * tall / 2)
    return np.minimum(beside, (feet - _TOP) / size)
