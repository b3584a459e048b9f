"""Clips of two sounds each, made: a picture of the image world and the mixture that belongs to it.

What a clip is follows from its split and its number alone.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.packets import F32, U8
from engine.synthesis.catalogue import synthesise
from training.sound.mixing import at_loudness, place_in_clip
from training.sound.recordings import Recording, hold_out, keep_usable, read_manifest, read_mono
from training.vocabulary import LABELS
from training.world.painter import paint
from training.world.scene import FLOWING, Scene, compose

RATE, SECONDS = 16_000, 10.0
LOUDEST, QUIETEST = -20.0, -32.0
"""LUFS of a sound at weight 1 and at 0."""
FIRST_SEED = {"train": 400_000_000, "test": 450_000_000}
"""Of the pictures: no other trainer here uses them, nor the judge."""


@dataclass(frozen=True, slots=True)
class TwoSounds:
    """A clip before it is painted and heard."""

    split: str
    seed: int
    labels: tuple[str, ...]
    weights: tuple[float, ...]
    scene: Scene

    def picture(self, side: int) -> U8:
        """(side, side, 3)."""
        return paint(self.scene, side, side)


def show_both(split: str, number: int) -> TwoSounds:
    """The clip of a number; two waters never stand in one place."""
    seed = FIRST_SEED[split] + number
    rng = np.random.default_rng([seed, 0])
    while True:
        labels = tuple(str(name) for name in rng.choice(LABELS, 2, replace=False))
        if not set(labels) <= set(FLOWING):
            break
    weights = tuple(float(w) for w in rng.uniform(0.4, 1.0, 2))
    return TwoSounds(split, seed, labels, weights, compose(labels, weights, seed))


class Recorded:
    """Recordings by label, those of the test apart."""

    def __init__(self, folder: Path) -> None:
        """Raises InputError where the folder is none of recordings."""
        usable = keep_usable(read_manifest(folder))
        away = hold_out(usable)
        self.found: dict[tuple[str, str], list[Recording]] = defaultdict(list)
        for recording in usable:
            split = "test" if recording.name in away else "train"
            self.found[split, recording.label].append(recording)

    def take(self, split: str, label: str, rng: np.random.Generator) -> F32 | None:
        """(n,) one of them, None where the split has none of a label."""
        theirs = self.found.get((split, label))
        return read_mono(theirs[rng.integers(len(theirs))].path, RATE) if theirs else None


def hear_both(clip: TwoSounds, recorded: Recorded | None = None) -> F32:
    """(n,) both sounds, each as loud as its weight says, peak at most 1."""
    rng = np.random.default_rng([clip.seed, 1])
    length = round(RATE * SECONDS)
    mixture = np.zeros(length, np.float32)
    for label, weight in zip(clip.labels, clip.weights, strict=True):
        take = None if recorded is None else recorded.take(clip.split, label, rng)
        if take is None:
            seed = zlib.crc32(f"{clip.seed} {label}".encode())
            sound = synthesise(label, SECONDS, RATE, seed)[:length]
        else:
            sound = place_in_clip(rng, take, length, RATE)
        lufs = QUIETEST + weight * (LOUDEST - QUIETEST)
        mixture[: len(sound)] += at_loudness(sound, RATE, lufs)
    return mixture / max(1.0, float(np.abs(mixture).max()))
