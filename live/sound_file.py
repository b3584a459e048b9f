"""Sound files of any rate and channel count, read as mono blocks; `demo` is one that needs no file.

WAV, FLAC, OGG (Vorbis, Opus), MP3, AIFF and whatever else libsndfile reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.packets import F32
from live.errors import UserError

DEMO = "demo"
"""Stands for the built-in soundscape wherever a sound file is asked for."""
DEMO_RATE_HZ = 48000
BLOCK_S = 1.0


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A readable sound, checked when it was opened."""

    name: str
    """What the person called it."""
    sample_rate_hz: int
    frames: int
    """Length in samples per channel; for some MP3 files an estimate."""
    channels: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate_hz

    def blocks(self) -> Iterator[F32]:
        """Yield the sound as mono blocks of a second, the last one shorter; mean of the channels.

        Raises:
            UserError: the file breaks off unreadably, or holds NaN or infinite samples.
        """
        if self.name == DEMO:
            yield from _demo_blocks()
            return
        yield from _file_blocks(self)

    def samples(self) -> F32:
        """Return the whole sound, (n,) mono; raises like `blocks`."""
        return np.concatenate(list(self.blocks()))


def open_sound(name: str | Path, at_least_s: float = 0.0) -> SoundFile:
    """Open a sound file, or `demo`.

    Raises:
        UserError: there is no such file, it is no sound that can be read, it is empty, or it is
            shorter than at_least_s, the window that it is to be understood by.
    """
    if str(name) == DEMO:
        from engine.synthesis import DEMO_SECONDS

        return SoundFile(DEMO, DEMO_RATE_HZ, round(DEMO_SECONDS * DEMO_RATE_HZ), 1)
    path = Path(name).expanduser()
    if not path.exists():
        raise UserError(f"there is no file {path}: check the name, or use demo.{_near(path)}")
    if path.is_dir():
        raise UserError(f"{path} is a folder: name one sound file in it.")
    with _opened(path) as file:
        found = SoundFile(str(path), file.samplerate, file.frames, file.channels)
    if found.frames <= 0:
        raise UserError(f"{path} is empty: choose a sound file with sound in it.")
    if found.seconds < at_least_s:
        raise UserError(
            f"{path} lasts {found.seconds:.2f} s, less than the window of {at_least_s:g} s: use a "
            "longer file or a shorter --window."
        )
    return found


def _near(path: Path) -> str:
    from live.suggest import did_you_mean

    try:
        return did_you_mean(path.name, [entry.name for entry in path.parent.iterdir()])
    except OSError:
        return ""


def _opened(path: Path) -> Any:
    import soundfile

    try:
        return soundfile.SoundFile(str(path))
    except (OSError, RuntimeError) as error:  # LibsndfileError is a RuntimeError
        reason = str(error).rstrip(".").split(": ")[-1]
        raise UserError(
            f"{path} cannot be read as sound ({reason}): use WAV, FLAC, OGG or MP3."
        ) from error


def _file_blocks(sound: SoundFile) -> Iterator[F32]:
    read = 0
    with _opened(Path(sound.name)) as file:
        while True:
            try:
                block = file.read(
                    round(sound.sample_rate_hz * BLOCK_S), dtype="float32", always_2d=True
                )
            except (OSError, RuntimeError) as error:
                at = read / sound.sample_rate_hz
                raise UserError(
                    f"{sound.name} breaks off at {at:.1f} s and cannot be read further: "
                    "repair it or use another file."
                ) from error
            if not len(block):
                break
            mono = block.mean(axis=1, dtype=np.float32)
            if not np.isfinite(mono).all():
                at = (read + int(np.argmin(np.isfinite(mono)))) / sound.sample_rate_hz
                raise UserError(
                    f"{sound.name} holds samples that are not numbers, the first at {at:.2f} s: "
                    "export it again."
                )
            read += len(mono)
            yield mono
    if not read:
        raise UserError(f"{sound.name} is empty: choose a sound file with sound in it.")


def _demo_blocks() -> Iterator[F32]:
    from engine.demo import demo_blocks

    yield from demo_blocks(DEMO_RATE_HZ)
