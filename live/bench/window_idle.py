"""What a window costs in steady rain and in silence, and how soon it shows what ends the silence.

Started by `live/bench/idle.py` as `python -m live.bench.window_idle JOB`; draws with QPainter on no
screen at all and reports in one line. `sound` in the job is "rain" or "silence".
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from engine.synthesis.catalogue import synthesise
from live.bench.child import child_job, child_more
from live.bench.window_reaction import CLICK_S, FIRST_S, RATE, delays_of, show_file

REST_S = 12.0
"""Silence before each sound that ends it: painting has come to rest by then."""
HISS = 1e-4
"""A quiet room, in root mean square: -80 dB."""


def burst_times(seconds: float) -> list[float]:
    """Return the seconds at which bursts begin, each on the edge of a block of 10 ms."""
    count = int((seconds - FIRST_S - 1.0) / REST_S)
    return [round(FIRST_S + REST_S * (k + 1) + 0.13 * k, 2) for k in range(count)]


def write_sound(path: Path, sound: str, seconds: float) -> list[float]:
    """Write steady rain, or the hiss of a quiet room with bursts; return when these begin."""
    if sound == "rain":
        rain = synthesise("rain", seconds + 5.0, RATE, 0)
        soundfile.write(path, rain, RATE, subtype="FLOAT")
        return []
    rng = np.random.default_rng(0)
    samples = HISS * rng.normal(size=round((seconds + 5.0) * RATE))
    for start_s in burst_times(seconds):
        first = round(start_s * RATE)
        samples[first : first + round(CLICK_S * RATE)] *= 2000.0
    soundfile.write(path, np.clip(samples, -1, 1).astype(np.float32), RATE, subtype="FLOAT")
    return burst_times(seconds)


def main(argument: str) -> None:
    """Run the window and print the report."""
    settings, seconds = child_job(argument)
    with tempfile.TemporaryDirectory(prefix="soundglass-") as folder:
        path = Path(folder) / "sound.wav"
        starts_s = write_sound(path, child_more(argument)["sound"], seconds)
        shown = show_file(settings, path, seconds)
    delays_ms, missed = delays_of(shown.drawn, shown.began_s, starts_s)
    print(
        json.dumps(
            {
                "processor": shown.processor,
                "frames_per_s": len(shown.drawn) / seconds,
                "delays_ms": delays_ms,
                "missed": missed,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
