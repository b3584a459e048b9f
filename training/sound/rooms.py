"""Rooms that a sound can be heard in: impulse responses of shoebox rooms.

The first 60 ms are the mirror images of the source in the walls (image source method, Allen &
Berkley 1979); after that so many overlap that noise with the room's decay takes their place, darker
the longer it lasts. A few hundred rooms are drawn once and kept.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.packets import F32
from engine.synthesis.parts import band, shaped_noise

SOUND_M_S = 343.0
EARLY_S = 0.06
ROOMS = 400
"""How many different rooms `room_number` knows."""


def decay_s(size: np.ndarray, absorbed: float) -> float:
    """Time in which the sound of a room of (3,) metres falls by 60 dB (Eyring), 0.1 to 3.5 s."""
    surface = 2 * float(size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    eyring = 0.161 * float(np.prod(size)) / (-surface * np.log(1 - absorbed))
    return float(np.clip(eyring, 0.1, 3.5))


def early_images(
    size: np.ndarray, source: np.ndarray, ear: np.ndarray, absorbed: float, rate: int
) -> np.ndarray:
    """(n,) the direct sound, at 1, and its reflections during `EARLY_S` after it.

    `size`, `source`, `ear` (3,) metres with one corner at the origin; `absorbed` is the share of
    energy that a wall keeps.
    """
    direct = float(np.linalg.norm(source - ear))
    reach = direct + EARLY_S * SOUND_M_S
    turns = [np.arange(-k, k + 1) for k in np.ceil(reach / (2 * size)).astype(int)]
    squared = np.zeros((1, 1, 1, 1, 1, 1))
    bounces = np.zeros((1, 1, 1, 1, 1, 1))
    for axis in range(3):
        # Along an axis images lie at 2 k L + s after |2 k| walls and at 2 k L - s after |2 k - 1|.
        place = 2 * turns[axis][:, None] * size[axis] + np.array([1, -1]) * source[axis]
        met = np.abs(2 * turns[axis][:, None] - np.array([0, 1]))
        shape = [1] * 6
        shape[axis], shape[3 + axis] = place.shape
        squared = squared + ((place - ear[axis]) ** 2).reshape(shape)
        bounces = bounces + met.reshape(shape)
    away = np.sqrt(squared).ravel()
    heard = away < reach
    away, met = away[heard], bounces.ravel()[heard]
    late = (away - direct) / SOUND_M_S * rate
    loud = (1 - absorbed) ** (met / 2) * direct / away
    out = np.zeros(int(EARLY_S * rate) + 2)
    first = late.astype(int)
    np.add.at(out, first, loud * (1 - (late - first)))
    np.add.at(out, first + 1, loud * (late - first))
    return out


def impulse_response(rng: np.random.Generator, rate: int) -> F32:
    """(n,) of a random room of 3 to 20 m, the direct sound first and at about 1."""
    size = np.array([rng.uniform(3, 20), rng.uniform(3, 14), rng.uniform(2.3, 6)])
    absorbed = float(np.exp(rng.uniform(np.log(0.1), np.log(0.65))))
    ear = rng.uniform(0.08, 0.92, 3) * size
    # Near as often as far: half a metre to six.
    towards = rng.standard_normal(3) * np.array([1, 1, 0.4])
    towards *= np.exp(rng.uniform(np.log(0.5), np.log(6))) / np.linalg.norm(towards)
    source = np.clip(ear + towards, 0.05 * size, 0.95 * size)
    early = early_images(size, source, ear, absorbed, rate)
    seconds = decay_s(size, absorbed)
    n = int((EARLY_S + seconds) * rate)
    t = np.arange(n) / rate
    tail = shaped_noise(rng, n, rate, band(60, 7000, 1.0)) * np.exp(-6.9 * t / seconds)
    dull = shaped_noise(rng, n, rate, band(60, rng.uniform(700, 2500), 1.0))
    tail = 0.5 * tail + dull * np.exp(-6.9 * t / (1.3 * seconds))
    # It begins where the images end and as strong as they are there.
    edge = int(0.02 * rate)
    end = early.size - 2
    wanted = np.sqrt(np.mean(early[end - edge : end] ** 2))
    own = np.sqrt(np.mean(tail[end - edge : end] ** 2)) + 1e-12
    tail *= wanted / own
    tail[: end - edge] = 0
    tail[end - edge : end] *= np.linspace(0, 1, edge)
    tail[: early.size] += early
    return tail.astype(np.float32)


@lru_cache(maxsize=ROOMS)
def room_number(number: int, rate: int) -> F32:
    """(n,) the impulse response of room `number`, always the same one."""
    return impulse_response(np.random.default_rng([77, number]), rate)


def in_room(samples: F32, response: F32) -> F32:
    """(n,) the samples as they sound in a room; what rings on after their end is cut."""
    size = 1 << (samples.size + response.size - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[: samples.size].astype(np.float32)
