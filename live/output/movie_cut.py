"""Cuts an MP4 that broke off in the middle back to its last whole fragment."""

from __future__ import annotations

import os
import struct
from pathlib import Path


def cut_to_whole_fragments(path: Path) -> bool:
    """Drop what follows the last whole `mdat` of a fragmented MP4; does nothing to a whole file.

    Returns whether there is anything in it to play.

    Raises:
        OSError: the file cannot be read or cut.
    """
    size = path.stat().st_size
    whole = at = 0
    plays = False
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(8))
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            if length < 8 or at + length > size:
                break
            at += length
            plays = plays or kind == b"mdat"
            if kind != b"moof":
                whole = at
    if whole < size:
        os.truncate(path, whole)
    return plays
