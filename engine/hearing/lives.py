"""A track for each label that sounds: born, silent for a while, gone, known when it returns."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

DIES_AFTER_S = 1.6
"""Silence that ends a track."""
SURE_AFTER_S = 0.6
"""Time constant with which a track's presence follows what is heard."""
REMEMBERED_S = 30.0
"""How long a label that is gone gets the same track again."""


@dataclass(slots=True)
class Life:
    """One label's track as far as it is known."""

    track_id: int
    """1, 2, ... in the order of birth."""
    label: int
    heard_s: float
    """Moment at which it was heard last, in seconds of sound."""
    presence: float
    """How sure the name is, in [0, 1], smoothed over some hearings."""


class Lives:
    """At most `most` tracks at a time."""

    def __init__(self, most: int) -> None:
        """Raises ValueError for less than one track."""
        if most < 1:
            raise ValueError(f"there must be room for at least one track, not {most}")
        self._most = most
        self.reset()

    def reset(self) -> None:
        """Forget all; the next track is number 1."""
        self._ids = itertools.count(1)
        self._living: dict[int, Life] = {}
        self._memory: dict[int, tuple[int, float]] = {}

    @property
    def living(self) -> tuple[Life, ...]:
        """The tracks, oldest first."""
        return tuple(self._living.values())

    def has(self, label: int) -> bool:
        """Whether a label has a track."""
        return label in self._living

    def update(self, heard: dict[int, float], now_s: float) -> None:
        """What is heard at a moment: label to how sure that is, the surest first to be born."""
        for label in list(self._living):
            life = self._living[label]
            if label in heard:
                follows = 1 - math.exp(-(now_s - life.heard_s) / SURE_AFTER_S)
                life.heard_s = now_s
                life.presence += follows * (heard[label] - life.presence)
            elif now_s - life.heard_s >= DIES_AFTER_S - 1e-6:
                self._memory[label] = (life.track_id, now_s)
                del self._living[label]
        for label in sorted(heard, key=lambda each: -heard[each]):
            if label in self._living or len(self._living) >= self._most:
                continue
            number, left_s = self._memory.pop(label, (0, float("-inf")))
            if now_s - left_s > REMEMBERED_S:
                number = next(self._ids)
            self._living[label] = Life(number, label, now_s, heard[label])
