"""What the onset of a sound makes its source do: hop, turn, take another pose, swing.

All functions are pure: a gesture, its age and the show's seed say how the source stands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.motion.kinds import HOPS, PERCHED, PERCHES, POSES, SWINGS, TURNS

LEAST_ONSET = 0.35
"""A softer onset moves nothing: steady sound trembles too."""
HOP_S = 0.5
CHANGE_S, POSE_S = 0.12, 0.9
"""How long it takes to change the pose, and how long from the first change to the end of the
second: between two poses the picture is of neither."""
REST_S = 1.1
"""From the beginning of one hop or pose to the next: a bird that sings without pause stays calm."""
SWING_S = 1.4
"""One swing to and fro."""
STRUCK_S, RINGS_S = 0.3, 1.6
"""Time constants with which a stroke sets something swinging, and with which it comes to rest."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """What an onset has begun."""

    number: int
    """Counts those of a source, from 1."""
    began_s: float
    """Age of the source at that moment, in seconds."""
    strength: float
    """In [0, 1]."""
    before: float = 0.0
    """How far it still swung at that moment, over its widest."""


@dataclass(frozen=True, slots=True)
class Pose:
    """How a source stands at a moment, beside how it stands at rest."""

    right: float = 0.0
    """In heights of its box."""
    up: float = 0.0
    """In heights of its box."""
    turned: bool = False
    """It looks the other way."""
    other_look: int | None = None
    """The look that it takes as another pose, if it has one."""
    other: float = 0.0
    """Share of that look, in [0, 1]."""


AT_REST = Pose()


def answer(label: str, onset: float, age_s: float, last: Gesture | None) -> Gesture | None:
    """The gesture of a source after an onset in [0, 1] at an age: a new one, or still the last."""
    if onset < LEAST_ONSET or (label not in HOPS and label not in SWINGS):
        return last
    number = 1 if last is None else last.number + 1
    if label in SWINGS:
        return Gesture(number, age_s, onset, _swing(age_s, last))
    if last is not None and age_s - last.began_s < REST_S:
        return last
    return Gesture(number, age_s, onset)


def pose(
    label: str, look: int, age_s: float, gesture: Gesture | None, seed: Sequence[int], motion: float
) -> Pose:
    """How a source stands at an age in seconds.

    look: number of its drawing. gesture: its last one, or None. seed: whole numbers, none negative,
    of the show and the source. motion: in [0, 1], how much of it all there is; 0 is at rest.
    """
    if gesture is None or motion <= 0.0:
        return AT_REST
    if label in SWINGS:
        wide = SWINGS[label] * motion * _swing(age_s, gesture)
        return Pose(right=wide * math.sin(2 * math.pi * age_s / SWING_S))
    since_s = age_s - gesture.began_s
    part = min(1.0, max(0.0, since_s / HOP_S))
    perched = look in PERCHES.get(label, ())
    high = PERCHED if perched else HOPS.get(label, 0.0)
    high *= motion * (0.6 + 0.4 * gesture.strength)
    # The side changes at the height of the hop, where nothing of a drawing stays where it was.
    looks_as = gesture.number if part >= 0.5 else gesture.number - 1
    other_look = POSES.get(label, {}).get(look)
    return Pose(
        up=4.0 * high * part * (1.0 - part),
        turned=label in TURNS and not perched and _turned(seed, looks_as),
        other_look=other_look,
        other=_held(since_s) if other_look is not None else 0.0,
    )


def _swing(age_s: float, gesture: Gesture | None) -> float:
    """How far it swings, over its widest, in [0, 1]; continuous over strokes."""
    if gesture is None:
        return 0.0
    since_s = age_s - gesture.began_s
    struck = gesture.strength + (gesture.before - gesture.strength) * math.exp(-since_s / STRUCK_S)
    return struck * math.exp(-since_s / RINGS_S)


def _held(since_s: float) -> float:
    """Share of another pose: quickly there, held, and quickly back."""
    there = min(since_s, POSE_S - since_s) / CHANGE_S
    x = min(1.0, max(0.0, there))
    return x * x * (3 - 2 * x)


def _turned(seed: Sequence[int], number: int) -> bool:
    """Whether it looks the other way after so many hops; it starts as it stands at rest."""
    return number > 0 and bool(np.random.default_rng([*seed, number // 2]).random() < 0.5)
