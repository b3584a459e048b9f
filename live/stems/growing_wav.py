"""A WAV that is whole after every write, and knows at what time of day it begins.

Its sizes are set anew with each write, so that a program that is killed leaves a file that plays to
its last block. The time stands in the `bext` chunk of Broadcast WAV (EBU Tech 3285), by which audio
workstations lay files of one recording side by side.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from engine.packets import F32

_FLOAT = 3
_BEXT_BYTES = 602
_SAMPLE_BYTES = 4


class GrowingWav:
    """One channel of float32 samples."""

    def __init__(self, path: Path, sample_rate_hz: int, title: str, began: datetime) -> None:
        """Create the file, which must not be there yet. began: local time of the first sample.

        Raises:
            OSError: it cannot be made.
        """
        self.path = path
        self.samples = 0
        """How many are in it."""
        header, self._sizes_at = _header(sample_rate_hz, title, began)
        self._header_bytes = len(header)
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            self._put(header)
        except OSError:
            os.close(self._fd)
            with contextlib.suppress(OSError):  # one that holds nothing would be in the way
                path.unlink()
            raise

    def write(self, samples: F32) -> None:
        """Append samples (n,).

        Raises:
            OSError: not all of them could be; what is in the file plays.
        """
        data = np.ascontiguousarray(samples, np.float32)
        try:
            self._put(data.tobytes())
        finally:
            size = os.fstat(self._fd).st_size - self._header_bytes
            self.samples = size // _SAMPLE_BYTES
            self._seal()

    def close(self) -> None:
        """Let the file go; it is whole already. Does nothing the second time."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        while left.nbytes:  # a disk that is nearly full takes a part
            taken = os.write(self._fd, left)
            if not taken:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            left = left[taken:]

    def _seal(self) -> None:
        data = self.samples * _SAMPLE_BYTES
        values = (self._header_bytes + data - 8, self.samples, data)
        for at, value in zip(self._sizes_at, values, strict=True):
            os.pwrite(self._fd, struct.pack("<I", value), at)


def _header(rate: int, title: str, began: datetime) -> tuple[bytes, tuple[int, int, int]]:
    """Return a header of no samples, and where its sizes stand: of all, in samples, of the data."""
    since_midnight = began - began.replace(hour=0, minute=0, second=0, microsecond=0)
    reference = round(since_midnight / timedelta(seconds=1) * rate)
    bext = struct.pack(
        "<256s32s32s10s8sQH",
        title.encode("ascii", "replace")[:255], b"soundglass", b"",
        f"{began:%Y-%m-%d}".encode(), f"{began:%H:%M:%S}".encode(), reference, 1,
    ).ljust(_BEXT_BYTES, b"\0")  # fmt: skip
    form = struct.pack("<HHIIHHH", _FLOAT, 1, rate, rate * _SAMPLE_BYTES, _SAMPLE_BYTES, 32, 0)
    made, sizes_at = b"RIFF\0\0\0\0WAVE", [4]
    for name, content in ((b"bext", bext), (b"fmt ", form), (b"fact", bytes(4))):
        made += name + struct.pack("<I", len(content)) + content
    sizes_at.append(len(made) - 4)
    made += b"data" + bytes(4)
    sizes_at.append(len(made) - 4)
    size = struct.pack("<I", len(made) - 8)
    return made[:4] + size + made[8:], (sizes_at[0], sizes_at[1], sizes_at[2])
