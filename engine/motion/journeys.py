"""The way of what drives, flies or sails: out at one side of the scene, and in at the other."""

from __future__ import annotations

SPEED = 0.16
"""Widths of the picture a second at full motion."""
HOMING = 0.5
"""Motion with which what is on its way goes on to its place when there shall be none."""
BEYOND = 0.06
"""How far out of sight it goes, in widths: rails and wake end after it."""


def travel(travelled: float, seconds: float, motion: float, half: float) -> float:
    """How far it has gone since it was last in its place, in widths, after some more seconds.

    motion: in [0, 1]; without any it goes on to its place and stays there. half: of its box's
    width, over the picture's.
    """
    if motion <= 0.0 and travelled <= 0.0:
        return 0.0
    whole = lap(half)
    further = travelled + SPEED * (motion if motion > 0.0 else HOMING) * seconds
    if further < whole:
        return further
    return further % whole if motion > 0.0 else 0.0


def lap(half: float) -> float:
    """The way from its place, once through the picture, to its place again, in widths."""
    return 1.0 + 2.0 * (half + BEYOND)


def along(x: float, facing: float, travelled: float, half: float) -> float:
    """Centre over the width, after it has travelled from its place x to the side that it faces."""
    at = x + travelled if facing >= 0 else 1.0 - x + travelled
    if at > 1.0 + half + BEYOND:
        at -= lap(half)
    return at if facing >= 0 else 1.0 - at
