"""One clip of any data set: its sound, pictures with their times, labels and captions."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from engine.packets import F32, U8
from training.loop.plain_errors import InputError


@dataclass(frozen=True, slots=True)
class Picture:
    """A still, or a frame of a video."""

    time: float
    """Seconds from the beginning of the clip's sound; of stills without a time, their number."""
    data: bytes
    """A whole JPEG or PNG file."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip."""

    key: str
    """What the data set calls it; no other clip of the data set has the same."""
    audio: bytes
    """A whole WAV or FLAC file, mono; empty where the data set is one of pictures alone."""
    pictures: tuple[Picture, ...]
    """In order of time; none where the data set is one of sounds alone."""
    labels: tuple[str, ...]
    """What the data set says is heard, in its own order, in plain words."""
    captions: tuple[str, ...]
    """Sentences about it, where the data set has any."""
    split: str
    """The data set's own name of the part that this belongs to: `train`, `test`, `eval`."""


def hear(sample: Sample, rate_hz: int) -> F32:
    """(n,) mono samples of a clip's sound at a rate, [-1, 1].

    Raises:
        InputError: there is no sound, or it cannot be read.
    """
    import soundfile
    import soxr

    if not sample.audio:
        raise InputError(f"{sample.key} has no sound: use a data set that has")
    try:
        samples, own_hz = soundfile.read(
            io.BytesIO(sample.audio), dtype="float32", always_2d=True
        )
    except soundfile.SoundFileError as error:
        raise InputError(f"the sound of {sample.key} cannot be read ({error})") from error
    mono = samples.mean(axis=1)
    if own_hz != rate_hz:
        mono = soxr.resample(mono, own_hz, rate_hz)
    return np.asarray(mono, dtype=np.float32)


def look(picture: Picture) -> U8:
    """(h, w, 3) a picture's pixels. Raises InputError where it is none."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture.data)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"a picture cannot be read ({error})") from error
