"""A picture and the sounds that it was given: plain data, which mixing loads without torch."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import soundfile

from engine.packets import F32
from training.loop.plain_errors import InputError
from training.papers.pairing.catalogue import Entry, Part

RATE = 16_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some seconds of a sound in a shard."""

    part: Part
    start_s: float
    seconds: float

    def samples(self) -> F32:
        """(n,) mono at 16 kHz, padded with silence.

        Raises:
            InputError: the sound is of another rate.
        """
        with soundfile.SoundFile(io.BytesIO(self.part.read())) as file:
            if file.samplerate != RATE:
                raise InputError(
                    f"{self.part.shard} has sounds of {file.samplerate} Hz: prepare it at {RATE}"
                )
            file.seek(round(self.start_s * RATE))
            count = round(self.seconds * RATE)
            samples = file.read(count, dtype="float32", always_2d=True).mean(axis=1)
        return np.pad(samples, (0, count - samples.size))


@dataclass(frozen=True, slots=True)
class Voice:
    """A thing in a picture and the sound that it was given."""

    concept: str
    piece: Piece
    lufs: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture and all that sounds in it; it becomes a sample."""

    shown: Entry
    captions: tuple[str, ...]
    voices: tuple[Voice, ...]

    @property
    def key(self) -> str:
        """The picture's."""
        return self.shown.key

    @property
    def split(self) -> str:
        """The picture's."""
        return self.shown.split
