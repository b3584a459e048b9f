"""From presences, which tremble, to decisions, which stand: what is said to sound.

A label begins when it has been likely for a moment, or at once when it is very likely, and goes on
until it has been unlikely for a while: a name that is shown is committed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.packets import F32


@dataclass(frozen=True, slots=True)
class Rules:
    """Presences in [0, 1], and seconds."""

    begins: float = 0.4
    """Mean of the newest second and the window from which a label is likely."""
    surely: float = 0.7
    """From which it begins at once."""
    begins_after_s: float = 0.4
    """For which it must be likely."""
    stays: float = 0.2
    """While the greater of the two is above this, it goes on."""
    leaves_after_s: float = 1.0
    """For which it must not be, to end."""


class Decisions:
    """Which of `labels` labels sound, hearing by hearing."""

    def __init__(self, labels: int, hop_s: float, rules: Rules | None = None) -> None:
        """hop_s: seconds from one hearing to the next."""
        self.rules = rules or Rules()
        self._labels = labels
        self._begins_after = max(1, round(self.rules.begins_after_s / hop_s))
        self._leaves_after = max(1, round(self.rules.leaves_after_s / hop_s))
        self.reset()

    def reset(self) -> None:
        """Nothing sounds."""
        self.sounding: NDArray[np.bool_] = np.zeros(self._labels, bool)
        self._likely = np.zeros(self._labels, int)
        self._unlikely = np.zeros(self._labels, int)

    def update(self, now: F32, lately: F32) -> NDArray[np.bool_]:
        """(labels,) which ones sound after one more hearing.

        now, lately: (labels,) presences in the newest second and in the window.
        """
        rules = self.rules
        mean = (now + lately) / 2
        self._likely = np.where(mean > rules.begins, self._likely + 1, 0)
        self._unlikely = np.where(np.maximum(now, lately) > rules.stays, 0, self._unlikely + 1)
        begins = (mean > rules.surely) | (self._likely >= self._begins_after)
        self.sounding = (self.sounding & (self._unlikely < self._leaves_after)) | begins
        return self.sounding
