"""The reactive layer: from a block of sound to the drawn frame that moves with it."""

from __future__ import annotations

import os
from typing import Any

from live.bench.child import run_child
from live.bench.measure import Measure, percentile
from live.settings.model import Settings


def reaction_measures(settings: Settings, seconds: float) -> tuple[list[Measure], dict[str, Any]]:
    """Draw the show of a file of clicks off the screen; return the measures and what was noted.

    Raises:
        UserError: the window cannot run.
    """
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    noted, _ = run_child("live.bench.window_reaction", settings, seconds, env)
    delays, missed = noted["delays_ms"], noted["missed"]
    note = (
        f"{len(delays)} clicks seen, {missed} not, {noted['frames_per_s']:.0f} frames/s, QPainter"
    )
    return [
        Measure("reactive layer p50", percentile(delays, 0.50), "ms", note=note),
        Measure("reactive layer p95", percentile(delays, 0.95), "ms", 60.0),
    ], noted
