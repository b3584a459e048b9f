"""Sounds of any length at hand without holding them in memory: in files of a folder for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from engine.packets import F32

BLOCK = 1 << 18
"""Samples that are worked on at a time."""


def spool(path: Path, blocks: Iterable[F32]) -> F32:
    """The sound of these blocks, (n,), in a file; raises OSError when the disk is full."""
    with path.open("wb") as file:
        for block in blocks:
            file.write(np.ascontiguousarray(block, np.float32).data)
    return open_spool(path)


def open_spool(path: Path) -> F32:
    """What a file holds, (n,), to read and to change."""
    if path.stat().st_size == 0:  # nothing cannot be mapped
        return np.zeros(0, np.float32)
    return np.memmap(path, np.float32, "r+").view(np.ndarray)


def silent_spool(path: Path, samples: int) -> F32:
    """So many samples of silence in a file, (n,), to be written into."""
    # written, not only made long: a full disk is found here, where it can be said
    zeros = np.zeros(min(samples, BLOCK), np.float32)
    return spool(path, (zeros[: samples - at] for at in range(0, samples, BLOCK)))


def blocks_of(samples: F32) -> Iterator[F32]:
    """A sound (n,) block by block."""
    for first in range(0, samples.size, BLOCK):
        yield samples[first : first + BLOCK]
