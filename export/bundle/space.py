"""Whether there is room, on the disk and in memory, asked before anything large is made."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.bundle.fields import BundleError

_MEMINFO = Path("/proc/meminfo")
SPARE = 300_000_000
"""Bytes on top of the weights: programs, graphs, one picture's numbers."""


def check_disk(folder: Path, needed: int) -> None:
    """Raise BundleError, with both numbers, when a folder's disk has too few bytes free.

    folder: need not be there yet.
    """
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed:
        raise BundleError(
            f"{_size(needed)} of disk are needed beside {folder}, {_size(free)} are free; make "
            "room or name another folder with -o"
        )


def check_memory(needed: int, instead: str) -> None:
    """Raise BundleError, with both numbers, when too few bytes of memory are free.

    instead: what a person can do then.
    """
    free = free_memory()
    if free is not None and free < needed:
        raise BundleError(
            f"about {_size(needed)} of memory are needed, {_size(free)} are free; {instead}"
        )


def free_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not tell."""
    try:
        lines = _MEMINFO.read_text("utf-8").splitlines()
        return next(int(x.split()[1]) * 1024 for x in lines if x.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
