"""Retrieved sounds made as loud as drawn, and summed (Seeing Sound; ITU-R BS.1770)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.packets import F32
from engine.sound.loudness import FLOOR_LUFS, loudness_lufs
from training.retrieval.setting import OWN, Setting

PEAK = 0.97


def draw_loudness(rng: np.random.Generator, count: int, setting: Setting = OWN) -> F32:
    """(count,) loudnesses, LUFS, uniform in the setting's range."""
    drawn = rng.uniform(setting.quietest_lufs, setting.loudest_lufs, count)
    return drawn.astype(np.float32)


def scale_to_lufs(samples: F32, rate_hz: int, lufs: float) -> F32:
    """The samples (n,) at a loudness; silence stays silent."""
    now = loudness_lufs(samples, rate_hz)
    if now <= FLOOR_LUFS:
        return np.zeros_like(samples)
    return (samples * 10 ** ((lufs - now) / 20)).astype(np.float32)


def mix(sounds: Sequence[F32], lufs: Sequence[float], rate_hz: int) -> F32:
    """The sum of sounds of one length, each at its loudness; turned down if it would clip."""
    scaled = [scale_to_lufs(s, rate_hz, at) for s, at in zip(sounds, lufs, strict=True)]
    total = np.sum(scaled, axis=0)
    peak = float(np.abs(total).max())
    return (total * min(1.0, PEAK / peak) if peak > 0 else total).astype(np.float32)
