"""Long WAV files, written as they are made."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import soundfile

from engine.packets import F32
from live.paths.write_whole import whole_file

LONGEST_WAV = 2**32 - 1000
"""Bytes."""


class _HonestFile(io.FileIO):
    """Remembers why the disk refused: libsndfile, which writes through it, keeps that to itself."""

    fault: OSError | None = None

    def write(self, data: object) -> int:  # type: ignore[override]
        left = memoryview(data).cast("B")  # type: ignore[arg-type]
        size = left.nbytes
        try:
            while left.nbytes:  # a disk that is nearly full takes a part
                left = left[super().write(left) :]
        except OSError as error:
            self.fault = self.fault or error
        return size - left.nbytes


def write_wav(path: Path, blocks: Iterable[F32], samples: int, sample_rate_hz: int) -> None:
    """Write mono blocks, so many samples in all, as one file, whole or not at all.

    In floating point: a source may pass full scale where another one opposed it. What is too long
    for a WAV is one with long sizes, RF64.

    Raises:
        UserError: it cannot be written.
    """
    with whole_file(path) as temporary, _HonestFile(temporary, "w+") as file:
        try:
            with soundfile.SoundFile(
                file, "w", sample_rate_hz, 1, "FLOAT",
                format="WAV" if 4 * samples < LONGEST_WAV else "RF64",
            ) as written:  # fmt: skip
                for block in blocks:
                    written.write(block)
                    if file.fault is not None:
                        raise file.fault
        except Exception:  # whatever soundfile makes of a write that wrote nothing
            if file.fault is None:
                raise
        if file.fault is not None:
            raise file.fault
