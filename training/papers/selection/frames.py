"""The file of chosen frames: which of its pictures stands for each clip of a data set."""

from __future__ import annotations

from pathlib import Path

import msgspec

from training.loop.plain_errors import InputError
from training.loop.whole_files import write_text


class Frames(msgspec.Struct, frozen=True):
    """What `train --frames` takes."""

    by: str
    """Who chose, and the SHA-256 of the weights or of the file that it goes by."""
    frames: dict[str, int]
    """Key of a clip to the number of a picture, from 0."""


def write_frames(path: Path, frames: Frames) -> None:
    """Write it; equal choices have equal files, byte for byte."""
    text = msgspec.json.format(msgspec.json.encode(frames, order="deterministic"), indent=1)
    write_text(path, text.decode() + "\n")


def read_frames(path: Path) -> Frames:
    """Read it. Raises InputError where it is none."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Frames)
    except msgspec.DecodeError as error:
        raise InputError(
            f"{path} is no file of chosen frames ({error}): make one with python -m "
            "training.papers.select"
        ) from error
    if any(number < 0 for number in found.frames.values()):
        raise InputError(f"{path} has a frame below 0: choose the frames again")
    return found
