"""A clip's files, decoded into a sample: its sound at one rate, its pictures at one size."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.packets import F32, U8
from training.papers.datasets.broken import Broken
from training.papers.datasets.film import frames, sound_of
from training.papers.datasets.layouts.clips import Clip, Still
from training.papers.datasets.sample import Picture, Sample

LEEWAY_S = 2.0
"""A file that is longer than its clip by less has been cut already."""
SHORTEST_S = 0.05
QUALITY = 90
"""Of JPEG."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken of every clip."""

    rate_hz: int = 16_000
    """That of every system here; a separator's sources are resampled for CLAP."""
    pictures: int = 10
    """Frames of a video, in the middles of as many equal parts."""
    side: int = 256
    """Pixels of a picture's shorter side; smaller ones are left as they are."""


def take(clip: Clip, taking: Taking) -> Sample:
    """The sample of a clip. Raises Broken, saying why, where its files are not what they should."""
    audio, seconds = b"", clip.seconds or 0.0
    if clip.sound is not None:
        samples = _sound(clip, clip.sound, taking.rate_hz)
        seconds = samples.size / taking.rate_hz
        audio = _flac(samples, taking.rate_hz)
    if clip.video is not None:
        pictures = _frames(clip, clip.video, seconds, taking)
    else:
        pictures = tuple(_still(still, taking.side) for still in clip.stills)
    return Sample(clip.key, audio, pictures, clip.labels, clip.captions, clip.split)


def begin_s(clip: Clip, seconds: float) -> float:
    """Where a clip begins in a file of so many seconds. Raises Broken where it ends before."""
    if clip.cut and clip.seconds is not None and seconds <= clip.seconds + LEEWAY_S:
        return 0.0
    if clip.start_s and seconds <= clip.start_s + SHORTEST_S:
        raise Broken(f"its file ends at {seconds:.1f} s, before it begins")
    return clip.start_s


def _sound(clip: Clip, path: Path, rate_hz: int) -> F32:
    import soundfile
    import soxr

    try:
        try:
            with soundfile.SoundFile(path) as file:
                own_hz = file.samplerate
                begin = begin_s(clip, file.frames / own_hz)
                file.seek(round(begin * own_hz))
                count = -1 if clip.seconds is None else round(clip.seconds * own_hz)
                samples = file.read(count, dtype="float32", always_2d=True).mean(axis=1)
        except soundfile.SoundFileError:  # a video, or a format that libsndfile lacks
            samples, own_hz = sound_of(path, lambda seconds: begin_s(clip, seconds), clip.seconds)
    except (OSError, ValueError) as error:
        raise Broken(f"its sound cannot be read ({_reason(error)})") from error
    if samples.size < SHORTEST_S * own_hz:
        raise Broken("its sound is empty")
    if not np.isfinite(samples).all():
        raise Broken("its sound holds what is no number")
    if not samples.any():
        raise Broken("it is silent from end to end")
    if own_hz != rate_hz:
        samples = soxr.resample(samples, own_hz, rate_hz)
    return np.asarray(samples, np.float32)


def _flac(samples: F32, rate_hz: int) -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, np.clip(samples, -1.0, 1.0), rate_hz, format="FLAC")
    return file.getvalue()


def _frames(clip: Clip, path: Path, seconds: float, taking: Taking) -> tuple[Picture, ...]:
    try:
        found = frames(
            path, lambda whole: begin_s(clip, whole), seconds, taking.pictures, taking.side
        )
        return tuple(Picture(round(time, 3), _jpeg(pixels)) for time, pixels in found)
    except (OSError, ValueError) as error:
        raise Broken(f"its video cannot be read ({_reason(error)})") from error


def _still(still: Still, side: int) -> Picture:
    from PIL import Image

    try:
        data = still.path.read_bytes()
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            short = min(image.size)
            if short <= side and image.format in ("JPEG", "PNG"):
                return Picture(still.time, data)
            scale = min(1.0, side / short)
            size = (round(image.width * scale), round(image.height * scale))
            pixels = np.asarray(image.convert("RGB").resize(size, Image.Resampling.LANCZOS))
            return Picture(still.time, _jpeg(pixels))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Broken(f"its picture {still.path.name} cannot be read") from error


def _jpeg(pixels: U8) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _reason(error: Exception) -> str:
    """Without the path, which differs from machine to machine."""
    return getattr(error, "strerror", None) or str(error)
