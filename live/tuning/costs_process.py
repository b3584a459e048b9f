"""What hearing and painting cost in one runtime, measured one after the other.

Started by `live/tuning/costs.py` as `python -m live.tuning.costs_process JOB`, in a process of
its own so that no runtime's threads are in another's way; reports in one line.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from dataclasses import replace

from engine.bundle.load import Bundle, BundleModels, load_bundle
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from live.bench.child import child_job, child_more
from live.bench.ticks import WARM, four_sources, hearing_times
from live.settings.model import Settings
from live.show.models import open_models
from live.tuning.costs import hearing_key, painting_key


def main(argument: str) -> None:
    """Measure and print the report."""
    settings, _ = child_job(argument)
    wanted = child_more(argument)
    bundle = load_bundle(settings.bundle)
    models = open_models(bundle, settings)
    rounds = wanted["rounds"]
    hear_ms = {}
    for window_s in wanted["windows_s"]:
        for hop_s in wanted["hops_s"]:
            if hop_s <= window_s:
                tried = replace(settings, window_s=window_s, hop_s=hop_s)
                times = hearing_times(bundle, models, tried, rounds)
                hear_ms[hearing_key(window_s, hop_s)] = statistics.median(times)
    paint_ms = {
        painting_key(steps, size, pace): painting_cost(
            bundle, models, replace(settings, size=size), steps, pace, rounds
        )
        for steps in wanted["steps"]
        for size in wanted["sizes"]
        for pace in wanted["paces"]
    }
    models.close()
    print(json.dumps({"hear_ms": hear_ms, "paint_ms": paint_ms}))


def painting_cost(
    bundle: Bundle, models: BundleModels, settings: Settings, steps: int, pace: int, rounds: int
) -> tuple[float, float]:
    """Return the milliseconds of a scene and, on average, of the panels beside it.

    As many sources as panels sound, and at least one.
    """
    conditioner = Conditioner(bundle, settings.seed, settings.panels, motion=settings.motion)
    conditioner.paint_at(settings.size)
    conditioner.hear(four_sources(bundle, settings.seed), 0.0)
    painter = Painter(models.generators)
    scenes, panels = [], []
    # Whole paces, so that each panel is in as many of the pictures as any other.
    for number in range(WARM + pace * math.ceil(rounds / pace)):
        conditions = conditioner.conditions(
            1.0 + 0.1 * number, steps, settings.panels > 0, panels_every=pace
        )
        timings = painter.paint(conditions).timings_ms
        if number >= WARM:
            panels.append(timings["generate_panels"])
            scenes.append(timings["paint"] - timings["generate_panels"])
    return statistics.median(scenes), statistics.fmean(panels)


if __name__ == "__main__":
    main(sys.argv[1])
