"""Sounds heard from afar: the air and the ground keep the highs, as in most outdoor recordings.

What is synthesised is near and bright; recordings of trains, roads, aircraft and bells mostly are
not: their spectra fall by 6 to 18 dB an octave from a few hundred Hz on, by distance, by ground, by
what stands between.
"""

from __future__ import annotations

import numpy as np

from engine.packets import F32

HEARD_AFAR = frozenset(
    {
        "rain", "thunder", "wind", "waves", "stream", "waterfall", "train", "aircraft",
        "helicopter", "car engine", "traffic", "boat", "church bells", "fireworks", "crowd",
        "music", "dog", "cow", "horse", "wolf", "door",
    }
)  # fmt: skip
"""What is large or loud enough to be heard from far away, or from behind a wall."""
LOWEST_HZ, HIGHEST_HZ = 250.0, 4000.0
"""Where the fall begins, spread evenly over octaves."""


def from_afar(rng: np.random.Generator, samples: F32, rate: int) -> F32:
    """(n,) the sound behind a random fall of its highs, at about its own level."""
    corner = float(np.exp(rng.uniform(np.log(LOWEST_HZ), np.log(HIGHEST_HZ))))
    order = rng.uniform(1.0, 3.0)
    frequency = np.fft.rfftfreq(samples.size, 1 / rate)
    kept = (1 + (frequency / corner) ** 2) ** (-order / 2)
    # Air is never empty: under the fall lies a floor some 30 to 60 dB down.
    kept = np.maximum(kept, 10 ** -rng.uniform(1.5, 3.0))
    darker = np.fft.irfft(np.fft.rfft(samples) * kept, samples.size)
    loud, left = np.sqrt(np.mean(samples**2)), np.sqrt(np.mean(darker**2))
    return (darker * (loud / (left + 1e-9))).astype(np.float32)
