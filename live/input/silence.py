"""Silence by the clock: keeps the ring's sample clock true while nothing else sounds."""

from __future__ import annotations

import time

import numpy as np

from engine.sound.ring import SampleRing
from live.input.shared_ring import RING_HZ, RING_S

BEHIND_S = 0.05
"""How far silence stays behind the present, so that returning sound joins on without an overlap."""


def fill_with_silence(ring: SampleRing, lost: bool) -> None:
    """Write as many zeros as time has passed since the ring's last sample, less BEHIND_S.

    lost: whether they stand for sound that a microphone should have given.
    Only the ring's one writer may call this.
    """
    now_s = time.monotonic() - BEHIND_S
    state = ring.state()
    if state.written == 0:
        ring.write(np.zeros(RING_HZ // 100, np.float32), now_s)
        return
    missing = int((min(now_s - state.captured_at_s, RING_S)) * RING_HZ)
    if missing <= 0:
        return
    captured_at_s = state.captured_at_s + missing / RING_HZ
    if lost:
        ring.write(np.zeros(0, np.float32), captured_at_s, lost=missing)
    else:
        ring.write(np.zeros(missing, np.float32), captured_at_s)
