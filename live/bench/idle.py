"""What the show costs while nothing sounds, beside what it costs in steady rain."""

from __future__ import annotations

import os
from typing import Any

from live.bench.child import run_child
from live.bench.measure import Measure, percentile
from live.settings.model import Settings


def idle_measures(settings: Settings, seconds: float) -> tuple[list[Measure], dict[str, Any]]:
    """Draw the show of rain, then of silence with a sound now and then, each for so many seconds.

    Raises:
        UserError: the window cannot run.
    """
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    rain, _ = run_child("live.bench.window_idle", settings, seconds, env, {"sound": "rain"})
    quiet, _ = run_child("live.bench.window_idle", settings, seconds, env, {"sound": "silence"})
    note = (
        f"{quiet['processor']:.2f} cores and {quiet['frames_per_s']:.0f} frames/s, "
        f"of {rain['processor']:.2f} and {rain['frames_per_s']:.0f}; QPainter"
    )
    seen = f"{len(quiet['delays_ms'])} sounds seen, {quiet['missed']} not"
    share = 100 * quiet["processor"] / rain["processor"]
    return [
        Measure("processor in silence, of that in rain", share, "%", 40.0, note=note),
        Measure(
            "first sound after silence p95",
            percentile(quiet["delays_ms"], 0.95),
            "ms",
            60.0,
            note=seen,
        ),
    ], {"rain": rain, "silence": quiet}
