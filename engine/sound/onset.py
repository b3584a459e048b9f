"""How suddenly a sound became louder."""

from __future__ import annotations

import numpy as np

from engine.packets import F32

SURROUND_S = 0.25
"""How far back it is compared with what went before."""
FRAME_S = 0.01
QUIET_DBFS = -55.0
"""What is softer counts as silence."""
NONE_DB, FULL_DB = 6.0, 18.0
"""A rise over the surround that is no onset yet, and one that is as sudden as any."""


def onset(samples: F32, newest: int, sample_rate_hz: int) -> float:
    """In [0, 1]: the most sudden rise within the newest samples of (n,).

    What stands before them is what they are compared with: SURROUND_S of it are enough.
    """
    frame = max(1, round(FRAME_S * sample_rate_hz))
    frames = samples[samples.size % frame :].reshape(-1, frame)
    power = np.einsum("ij,ij->i", frames, frames) / frame
    level_db = 10 * np.log10(np.maximum(power, 10 ** (QUIET_DBFS / 10)))
    before = round(SURROUND_S / FRAME_S)
    whole = np.concatenate([[0.0], np.cumsum(level_db)])
    first = max(before, len(level_db) - -(-newest // frame))
    at = np.arange(first, len(level_db))
    if not at.size:
        return 0.0
    rise_db = (level_db[at] - (whole[at] - whole[at - before]) / before).max()
    return float(np.clip((rise_db - NONE_DB) / (FULL_DB - NONE_DB), 0.0, 1.0))
