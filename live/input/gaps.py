"""Finds samples that a device lost, by comparing how many came with how much time passed.

A device that overflows says so, but not by how much; one that is put to sleep says nothing. Blocks
come late and in bursts, so a single late block means nothing, and a device that was held up gives
what it has faster than usual afterwards. Only when even the most punctual block of the last second
is late, and no less late than those before it, have samples gone for good.
"""

from __future__ import annotations

from collections import deque

SETTLE_S = 1.0
"""How long a delay must last to be a loss; losses are therefore counted this long after."""
FLAGGED_S = 0.005
"""Smallest loss that is believed when the device has just said that it overflowed."""
SILENT_S = 0.15
"""Smallest loss that is believed without a word from the device."""
CATCHING_UP_S = 0.004
"""Lateness that falls by so much within half of SETTLE_S is being made up for."""


class GapFinder:
    """Follows one stream of blocks at one rate."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._index = 0
        self._lateness: deque[tuple[float, float]] = deque()
        """(arrival, seconds the block came after its samples' turn) of the last SETTLE_S."""
        self._usual: float | None = None
        self._suspected_s: float | None = None
        """When a loss was first suspected."""

    def count_lost(self, samples: int, arrived_s: float, overflowed: bool = False) -> int:
        """Note a block of `samples` at time.monotonic() `arrived_s`; return how many were lost.

        The loss is to be written as silence before this block.
        """
        self._index += samples
        self._lateness.append((arrived_s, arrived_s - self._index / self._rate))
        full = arrived_s - self._lateness[0][0] >= SETTLE_S
        while arrived_s - self._lateness[0][0] > SETTLE_S and len(self._lateness) > 1:
            self._lateness.popleft()
        if overflowed:
            self._suspected_s = arrived_s
        if not full:
            return 0
        punctual = min(late for _, late in self._lateness)
        if self._usual is None or punctual < self._usual:
            self._usual = punctual
        missing_s = punctual - self._usual
        if self._suspected_s is None:
            if missing_s > SILENT_S:
                self._suspected_s = arrived_s
            # A sound card's clock drifts against the computer's by up to some 0.1 ms a second.
            self._usual += min(missing_s, 2e-4 * samples / self._rate)
            return 0
        # Only when all that is looked at came after the loss is it known how large it is.
        if arrived_s - self._suspected_s <= SETTLE_S or self._is_catching_up(arrived_s):
            return 0
        self._suspected_s = None
        if missing_s <= FLAGGED_S:
            return 0
        self._index += round(missing_s * self._rate)
        self._lateness = deque((at, late - missing_s) for at, late in self._lateness)
        return round(missing_s * self._rate)

    def _is_catching_up(self, now_s: float) -> bool:
        middle_s = now_s - SETTLE_S / 2
        before = min((late for at, late in self._lateness if at < middle_s), default=0.0)
        after = min((late for at, late in self._lateness if at >= middle_s), default=0.0)
        return after < before - CATCHING_UP_S
