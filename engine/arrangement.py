"""Where sources stand in a scene that is narrower than those the bundle's places were made for.

In a landscape there is room beside a subject. In a square or a portrait there is less of it, and
more above and below: there subjects are made smaller, so that the widest drawing of each is wholly
seen, and stand behind one another, the farther ones higher on the ground. All of them are arranged
together, anew whenever one comes or goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from engine.picture_crop import Crop

F64 = NDArray[np.float64]

_WIDEST = 2.05
"""Width over height of the widest drawings, in pixels: two animals side by side, a train."""
_USUAL = 1.3
"""The same of most drawings, for what stands beside another."""
_MARGIN = 0.015
"""Kept free at the left and at the right, over what is seen."""
_TOP = 0.03
_FARTHEST, _NEAREST = 0.58, 0.88
"""Feet of what stands on the ground: at the horizon, and above what hangs along the bottom."""
_GROUND = 0.55
"""What has its centre below this stands on the ground; what is above may fly, or sit in a tree."""
_HIGHER, _LOWER = 0.16, 0.10
"""How far what is above the ground may leave its height."""
_SPOTS = np.linspace(0.1, 0.9, 33)
_LANES = 7
_LEAST = 0.3
"""No subject is made smaller than this share of what would fit alone."""
_STRAY = 0.12
"""What it costs to stand elsewhere than wished, in shares of the size."""
_ALL_ORDERS = 4
"""Up to so many subjects are tried in every order."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be placed: its box at its loudest, over what is seen of the picture."""

    x: float
    """Where it likes to be: centre over the width."""
    y: float
    """Centre over the height."""
    height: float
    """Over the height."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a subject was placed, over the whole picture."""

    x: float
    foot: float
    """Lower edge of the box, over the height: the same however loud it is."""
    scale: float
    """What its height in the bundle's places is multiplied by."""


def arranged(subjects: Sequence[Subject], tall: float, seen: Crop) -> list[Spot]:
    """A spot for each subject, so that all are wholly seen and none hides another.

    tall: height over width of the picture in pixels. seen: the part of it that the window shows.
    """
    if not subjects:
        return []
    tall *= seen.height / seen.width
    fits = [min(1.0, (1 - 2 * _MARGIN) / (_WIDEST * tall * each.height)) for each in subjects]
    sizes = [each.height * fit for each, fit in zip(subjects, fits, strict=True)]
    few = len(subjects) <= _ALL_ORDERS
    orders = permutations(range(len(subjects))) if few else [tuple(range(len(subjects)))]
    _, spots, shares = max(
        (_in_order(order, subjects, sizes, tall) for order in orders), key=lambda found: found[0]
    )
    return [
        Spot(
            seen.x + x * seen.width,
            seen.y + foot * seen.height,
            fit * max(_LEAST, float(share)) * seen.height,
        )
        for (x, foot), fit, share in zip(spots, fits, shares, strict=True)
    ]


def _in_order(
    order: Sequence[int], subjects: Sequence[Subject], sizes: Sequence[float], tall: float
) -> tuple[float, list[tuple[float, float]], F64]:
    """How good it is to place them in this order; their centres and feet; shares of their sizes."""
    spots: dict[int, tuple[float, float]] = {}
    shares = np.ones(len(subjects))
    strayed = 0.0
    for index in order:
        subject, size = subjects[index], sizes[index]
        foot = subject.y + subject.height / 2
        xs, feet = (a.ravel() for a in np.meshgrid(_SPOTS, _feet(subject, foot)))
        own = np.minimum(_room(xs, feet, size, tall), 1.0)
        with_others = {
            other: _apart(xs, feet, size, *spots[other], sizes[other], tall) for other in spots
        }
        share = np.minimum.reduce([own, *with_others.values()])
        stray = _STRAY * (np.abs(xs - subject.x) + np.abs(feet - min(foot, _NEAREST)))
        best = int((share - stray).argmax())
        spots[index] = float(xs[best]), float(feet[best])
        shares[index] = share[best]
        strayed += float(stray[best])
        for other, between in with_others.items():
            shares[other] = min(shares[other], between[best])
    count = len(subjects)
    good = float(shares.min()) + (0.3 * float(shares.sum()) - strayed) / count
    return good, [spots[index] for index in range(count)], shares


def _feet(subject: Subject, foot: float) -> F64:
    """Where its feet may be."""
    if subject.y > _GROUND:
        return np.linspace(_FARTHEST, _NEAREST, _LANES)
    return foot + np.linspace(-_HIGHER, _LOWER, _LANES)


def _room(xs: F64, feet: F64, size: float, tall: float) -> F64:
    """What share of its size fits into the picture at each spot."""
    beside = (0.5 - _MARGIN - np.abs(xs - 0.5)) / (_WIDEST * size * tall / 2)
    return np.minimum(beside, (feet - _TOP) / size)


def _apart(
    xs: F64, feet: F64, size: float, x: float, foot: float, other: float, tall: float
) -> F64:
    """What share of both their sizes leaves room between them: beside, or above one another."""
    beside = np.abs(xs - x) / (_USUAL * (size + other) * tall / 2)
    nearer = np.where(feet >= foot, size, other)
    return np.minimum(np.maximum(beside, np.abs(feet - foot) / nearer), 1.0)
