"""Whether there is room for what is about to be written, asked before the work begins."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.bundle_fields import BundleError


def check_room(folder: Path, needed: int) -> None:
    """Raise BundleError, with both numbers, when a folder's disk has fewer bytes than needed.

    folder: need not be there yet.
    """
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed:
        raise BundleError(
            f"{needed / 1e6:.0f} MB are needed beside {folder}, {free / 1e6:.0f} MB are free; make "
            "room or name another folder"
        )
