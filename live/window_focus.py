"""What a window taller than the picture should keep: the stretch of it with most to see."""

from __future__ import annotations

import math

import numpy as np

from engine.packets import F32, U8
from live.window_crop import FOCUS_X

DRIFT_S = 3.0
"""The focus drifts so slowly that the move itself is hardly noticed."""
MEMORY = 0.9
"""Share of what was seen that a new picture leaves: single pictures must not pull the focus."""
STAY = 1.15
"""How much more there must be to see elsewhere before the focus leaves for it."""


class Focus:
    """Follows, slowly, the stretch across the picture where there is most to see."""

    def __init__(self) -> None:
        """Start in the middle."""
        self._interest: F32 | None = None
        self._aspect = 16 / 9
        self._goal = FOCUS_X
        self._focus = FOCUS_X
        self._window_aspect = 0.0
        self._at_s: float | None = None

    def look(self, picture: U8) -> None:
        """Take in a new (h, w, 3) picture."""
        height, width = picture.shape[:2]
        self._aspect = width / height
        pixels = picture[::4, ::4].astype(np.float32)
        # What stands in a landscape differs from the colour that its height has elsewhere.
        unlike = np.abs(pixels - np.median(pixels, axis=1, keepdims=True)).mean(axis=2)
        columns = (unlike**2).mean(axis=0)
        before = self._interest
        if before is None or before.size != columns.size:
            before = columns
        self._interest = MEMORY * before + (1.0 - MEMORY) * columns

    def at(self, now_s: float, window_aspect: float) -> float:
        """Return the focus at now_s (monotonic seconds), as a share of the width in [0, 1]."""
        step_s = 0.0 if self._at_s is None else min(max(now_s - self._at_s, 0.0), 0.5)
        self._at_s = now_s
        if self._interest is not None and window_aspect < 0.98 * self._aspect:
            self._choose(self._interest, window_aspect / self._aspect)
        if window_aspect != self._window_aspect:
            # The window has just changed its shape: everything jumps, so the focus may too.
            self._window_aspect = window_aspect
            self._focus = self._goal
        self._focus += (self._goal - self._focus) * (1.0 - math.exp(-step_s / DRIFT_S))
        return self._focus

    def _choose(self, interest: F32, share: float) -> None:
        """Set the goal to the middle of the best stretch that is `share` of the width."""
        stretch = max(1, round(share * interest.size))
        sums = np.convolve(interest, np.ones(stretch, np.float32), mode="valid")
        best = int(sums.argmax())
        here = round(self._goal * interest.size - stretch / 2)
        here = min(max(here, 0), sums.size - 1)
        if sums[best] > STAY * sums[here]:
            self._goal = (best + stretch / 2) / interest.size
