"""Long WAV files, written as they are made."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import soundfile

from engine.packets import F32
from live.paths.write_whole import whole_file


class _HonestFile(io.FileIO):
    """Remembers why the disk refused: libsndfile, which writes through it, keeps that to itself."""

    fault: OSError | None = None

    def write(self, data: object) -> int:  # type: ignore[override]
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            self.fault = self.fault or error
            return 0


def write_wav(path: Path, blocks: Iterable[F32], sample_rate_hz: int) -> None:
    """Write mono blocks as one file, whole or not at all.

    In floating point: a source may pass full scale where another one opposed it.

    Raises:
        UserError: it cannot be written.
    """
    with whole_file(path) as temporary, _HonestFile(temporary, "w+") as file:
        try:
            with soundfile.SoundFile(
                file, "w", sample_rate_hz, 1, "FLOAT", format="WAV"
            ) as written:
                for block in blocks:
                    written.write(block)
                    if file.fault is not None:
                        raise file.fault
        except soundfile.LibsndfileError:
            if file.fault is None:
                raise
        if file.fault is not None:
            raise file.fault
