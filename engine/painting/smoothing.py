"""Smoothing toward a target: fast where the change is large, slow where it is small."""

from __future__ import annotations

import math

import numpy as np

from engine.packets import F32

ATTACK_S = 0.2
"""Nine tenths of a plain rise take this long."""
RELEASE_S = 0.7
"""Nine tenths of a plain fall take this long."""
CALM_S = 2.0
"""Nine tenths of a small change take this long: what trembles from window to window."""

_NINE_TENTHS = math.log(10.0)
_SMALL_LEVEL, _PLAIN_LEVEL = 0.05, 0.3
_SMALL_TURN, _PLAIN_TURN = 0.03, 0.25
"""Of 1 - cosine: two windows of one steady sound differ by the first, two sounds by the second."""
_SMALL_MOVE, _PLAIN_MOVE = 0.03, 0.2
_NOTHING = 0.01


class SmoothedLevel:
    """A level in [0, 1] that rises fast, falls slowly and reaches zero in the end."""

    def __init__(self, value: float = 0.0) -> None:
        self.value = value
        self._target = value
        self._rate = 0.0

    @property
    def is_gone(self) -> bool:
        """Whether it is at zero and stays there."""
        return self.value == self._target == 0.0

    def aim(self, target: float, fall_s: float = RELEASE_S) -> None:
        """Go to a level from now on. fall_s: time that nine tenths of a plain fall take."""
        change = target - self.value
        plain_s = ATTACK_S if change > 0 else fall_s
        if target <= 0.0:
            duration_s = plain_s
        else:
            duration_s = _between(abs(change), _SMALL_LEVEL, _PLAIN_LEVEL, plain_s)
        self._target = target
        self._rate = _NINE_TENTHS / duration_s

    def advance(self, seconds: float) -> None:
        """Let time pass. One long step is the same as many short ones."""
        # Aiming a little below zero is how a decay gets there.
        goal = self._target if self._target > 0.0 else -_NOTHING
        self.value = max(0.0, goal + (self.value - goal) * math.exp(-self._rate * seconds))


class _SmoothedVector:
    """Numbers that move together in a straight line; what a change is, the heirs know."""

    def __init__(self, value: F32) -> None:
        self._value = value.astype(np.float64)
        self._target = self._value
        self._rate = 0.0

    def advance(self, seconds: float) -> None:
        """Let time pass. One long step is the same as many short ones."""
        left = math.exp(-self._rate * seconds)
        self._value = self._target + (self._value - self._target) * left


class SmoothedDirection(_SmoothedVector):
    """A unit vector that turns: at once toward something else, calmly toward nearly the same."""

    @property
    def value(self) -> F32:
        """(d,) unit length."""
        return _unit(self._value).astype(np.float32)

    def aim(self, target: F32) -> None:
        """Turn to a (d,) unit vector from now on."""
        self._target = target.astype(np.float64)
        turn = 1.0 - float(_unit(self._value) @ self._target)
        self._rate = _NINE_TENTHS / _between(turn, _SMALL_TURN, _PLAIN_TURN, ATTACK_S)


class SmoothedPoint(_SmoothedVector):
    """Numbers in [0, 1]: places in a picture."""

    @property
    def value(self) -> F32:
        """Of the shape that it was made with."""
        return self._value.astype(np.float32)

    @property
    def target(self) -> F32:
        """Where it goes."""
        return self._target.astype(np.float32)

    def aim(self, target: F32) -> None:
        """Go to other numbers from now on."""
        self._target = target.astype(np.float64)
        change = float(np.abs(self._target - self._value).max())
        self._rate = _NINE_TENTHS / _between(change, _SMALL_MOVE, _PLAIN_MOVE, RELEASE_S)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _between(change: float, small: float, plain: float, plain_s: float) -> float:
    """CALM_S for a small change, plain_s for a plain one, and evenly in ratio between."""
    x = min(1.0, max(0.0, (change - small) / (plain - small)))
    return CALM_S * (plain_s / CALM_S) ** x
