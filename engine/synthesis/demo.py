"""The demo soundscape as it plays: each sound is made when it is due, so that it begins at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.packets import F32
from engine.synthesis.catalogue import DEMO_SCORE, DEMO_SECONDS, synthesise
from engine.synthesis.parts import swell

BLOCK_S = 1.0
PEAK = 0.95


def demo_blocks(sample_rate_hz: int = 48_000, seed: int = 0) -> Iterator[F32]:
    """Yield `demo_soundscape(sample_rate_hz)` second by second, (sample_rate_hz,) each.

    The same samples but where they exceed a peak of 0.95: here they are held there one by one,
    there everything is made softer by what it takes (0.03 %).
    """
    rng = np.random.default_rng(seed)
    size = round(BLOCK_S * sample_rate_hz)
    sounding: list[tuple[int, np.ndarray]] = []
    waiting = sorted(enumerate(DEMO_SCORE), key=lambda each: each[1].start_s)
    for begin in range(0, round(DEMO_SECONDS * sample_rate_hz), size):
        end = begin + size
        while waiting and round(waiting[0][1].start_s * sample_rate_hz) < end:
            number, event = waiting.pop(0)
            seconds = event.end_s - event.start_s
            sound = synthesise(event.label, seconds, sample_rate_hz, 1000 * seed + number)
            gain = swell(sound.size, sample_rate_hz, 1.0, 1.2) * 10 ** (event.gain_db / 20)
            sounding.append((round(event.start_s * sample_rate_hz), sound * gain))
        block = 10 ** (-70 / 20) * rng.standard_normal(size)
        for first, sound in sounding:
            low, high = max(begin, first), min(end, first + sound.size)
            block[low - begin : high - begin] += sound[low - first : high - first]
        sounding = [(first, sound) for first, sound in sounding if first + sound.size > end]
        yield np.clip(block, -PEAK, PEAK).astype(np.float32)
