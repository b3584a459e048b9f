"""Sounds of the world made in code, and the demo soundscape composed of them.

The demo needs no file and knows its own ground truth; training fills up with these sounds where
recordings are few; tests use them as sources with known labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.packets import F32
from engine.synthesis import (
    animals,
    beasts,
    fowl,
    house,
    machines,
    railway,
    vehicles,
    water,
    weather,
)
from engine.synthesis import birds as flock
from engine.synthesis.parts import Signal, swell

Synthesiser = Callable[[np.random.Generator, float, int], Signal]

SYNTHESISERS: Mapping[str, Synthesiser] = MappingProxyType(
    {
        "rain": weather.rain,
        "thunder": weather.thunder,
        "wind": weather.wind,
        "waves": weather.waves,
        "stream": weather.stream,
        "fire": weather.fire,
        "birds": flock.birds,
        "crow": flock.crow,
        "owl": flock.owl,
        "rooster": flock.rooster,
        "dog": animals.dog,
        "cat": animals.cat,
        "cow": animals.cow,
        "sheep": animals.sheep,
        "horse": animals.horse,
        "frog": animals.frog,
        "insects": animals.insects,
        "wolf": animals.wolf,
        "train": railway.train,
        "aircraft": machines.aircraft,
        "church bells": machines.church_bells,
        "speech": machines.speech,
        "music": machines.music,
        "fireworks": machines.fireworks,
        "waterfall": water.waterfall,
        "water drops": water.water_drops,
        "leaves": water.leaves,
        "seagull": fowl.seagull,
        "woodpecker": fowl.woodpecker,
        "parrot": fowl.parrot,
        "chicken": fowl.chicken,
        "duck": fowl.duck,
        "pig": beasts.pig,
        "bees": beasts.bees,
        "big cat": beasts.big_cat,
        "bear": beasts.bear,
        "elephant": beasts.elephant,
        "monkey": beasts.monkey,
        "whale": beasts.whale,
        "helicopter": vehicles.helicopter,
        "car engine": vehicles.car_engine,
        "traffic": vehicles.traffic,
        "car horn": vehicles.car_horn,
        "boat": vehicles.boat,
        "clock": house.clock,
        "footsteps": house.footsteps,
        "door": house.door,
        "crowd": house.crowd,
    }
)

SYNTHESISED: tuple[str, ...] = tuple(SYNTHESISERS)
"""Every label that `synthesise` knows; new ones go last, so that old seeds keep their sounds."""

LOUDEST_RMS = 0.1
"""RMS of the loudest 0.4 s of a synthesised sound: about -20 dBFS."""


@dataclass(frozen=True, slots=True)
class Event:
    """One sound of a soundscape: what, when and how loud."""

    label: str
    start_s: float
    """Where it begins to fade in."""
    end_s: float
    """Where it has faded out."""
    gain_db: float
    """Relative to the level that `synthesise` gives."""


DEMO_SECONDS = 90.0

DEMO_SCORE: tuple[Event, ...] = (
    Event("wind", 0.5, 15.0, -2.0),
    Event("birds", 5.0, 24.0, 0.0),
    Event("church bells", 15.0, 26.0, 1.0),
    Event("stream", 23.0, 35.0, -1.0),
    Event("crow", 29.0, 35.0, 1.0),
    Event("rain", 34.0, 56.0, 0.0),
    Event("thunder", 39.0, 53.0, 4.0),
    Event("train", 55.0, 64.0, 0.0),
    Event("waves", 63.0, 77.0, 0.0),
    Event("dog", 68.0, 73.0, 0.0),
    Event("fire", 76.0, 90.0, -1.0),
    Event("owl", 79.0, 85.0, 1.0),
    Event("insects", 84.0, 90.0, -2.0),
)
"""A day in 90 s: windy morning, bells, brook, storm, train, sea, campfire at night."""


def synthesise(label: str, seconds: float, sample_rate_hz: int, seed: int) -> F32:
    """(n,) mono samples of one sound, the same for the same arguments, peak below 1.

    `seconds` > 0, n = round(seconds * sample_rate_hz). Every seed is another bird, storm or train.
    Raises ValueError for a label that is not in `SYNTHESISED` and for a length or rate that makes
    no sense.
    """
    if label not in SYNTHESISERS:
        raise ValueError(f"no synthesiser for {label!r}: choose one of {', '.join(SYNTHESISED)}")
    if not 0 < seconds < 3600 or sample_rate_hz < 4000:
        raise ValueError(
            f"cannot synthesise {seconds} s at {sample_rate_hz} Hz: needs 0 < seconds < 3600 and "
            "at least 4000 Hz"
        )
    rng = np.random.default_rng([SYNTHESISED.index(label), seed])
    # Some models need room for a whole call: make at least a second, keep its beginning.
    n = max(1, round(seconds * sample_rate_hz))
    samples = SYNTHESISERS[label](rng, max(seconds, 1.0), sample_rate_hz)[:n]
    return _at_level(samples, sample_rate_hz).astype(np.float32)


def _at_level(samples: Signal, rate: int) -> Signal:
    samples = samples - samples.mean()
    block = max(1, min(samples.size, int(0.4 * rate)))
    energy = np.cumsum(np.concatenate(([0.0], samples**2)))
    hop = max(1, block // 4)
    loudest = np.sqrt(max(1e-20, float((energy[block::hop] - energy[:-block:hop]).max()) / block))
    peak = float(np.abs(samples).max()) + 1e-12
    return samples * min(LOUDEST_RMS / loudest, 0.95 / peak)


def demo_soundscape(
    sample_rate_hz: int = 48000, seconds: float = DEMO_SECONDS, seed: int = 0
) -> tuple[F32, list[Event]]:
    """(samples (n,), events): the built-in soundscape and what sounds in it when.

    The score is written for 90 s; a shorter demo is its beginning, a longer one repeats it with
    other voices. Peak at most 0.95. The same arguments give the same samples.
    """
    n = max(1, round(seconds * sample_rate_hz))
    out = np.zeros(n)
    rng = np.random.default_rng(seed)
    # A place is never digitally silent: a faint noise floor, about -70 dBFS.
    out += 10 ** (-70 / 20) * rng.standard_normal(n)
    events: list[Event] = []
    for round_, first_s in enumerate(np.arange(0.0, seconds, DEMO_SECONDS)):
        for number, event in enumerate(DEMO_SCORE):
            start, end = event.start_s + float(first_s), event.end_s + float(first_s)
            if start >= seconds:
                continue
            sound = synthesise(
                event.label, end - start, sample_rate_hz, seed * 1000 + 100 * round_ + number
            ).astype(np.float64)
            sound *= swell(sound.size, sample_rate_hz, 1.0, 1.2) * 10 ** (event.gain_db / 20)
            first = round(start * sample_rate_hz)
            end_sample = min(n, first + sound.size)
            out[first:end_sample] += sound[: end_sample - first]
            events.append(Event(event.label, start, min(end, seconds), event.gain_db))
    peak = float(np.abs(out).max())
    if peak > 0.95:
        out *= 0.95 / peak
    return out.astype(np.float32), events
