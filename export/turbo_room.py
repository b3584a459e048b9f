"""Whether there is disk and memory for an export, asked before anything large is made."""

from __future__ import annotations

import shutil
from pathlib import Path

from export.turbo_error import CheckpointError

_MEMINFO = Path("/proc/meminfo")
SPARE = 300_000_000
"""Bytes on top of the weights: programs, graphs, one picture's numbers."""


def check_disk(folder: Path, needed: int) -> None:
    """Raise CheckpointError, with both numbers, when a folder's disk has too few bytes free.

    folder: need not be there yet.
    """
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed:
        raise CheckpointError(
            f"the export needs {needed / 1e9:.1f} GB of disk beside {folder}, {free / 1e9:.1f} GB "
            "are free; make room or name another folder with -o"
        )


def check_memory(needed: int) -> None:
    """Raise CheckpointError, with both numbers, when too few bytes of memory are free."""
    free = free_memory()
    if free is not None and free < needed:
        raise CheckpointError(
            f"the export needs {needed / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free; "
            "close other programs, or export on a larger machine: the bundle runs anywhere"
        )


def free_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not tell."""
    try:
        lines = _MEMINFO.read_text().splitlines()
        return next(int(x.split()[1]) * 1024 for x in lines if x.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None
