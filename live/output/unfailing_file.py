"""A file that FFmpeg may write to, whatever the disk says."""

from __future__ import annotations

from pathlib import Path


class UnfailingFile:
    """Keeps the first error to itself, and drops what comes after it.

    FFmpeg crashed at times when it was to end an MP4 of which a part could not be written.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError: it cannot be opened."""
        self.error: OSError | None = None
        """Why not all of it was written; None if it was."""
        self._file = path.open("wb", buffering=0)

    def write(self, data: bytes) -> int:
        """Write all of it, or note why not; return how much it was."""
        rest = memoryview(data)
        try:
            while rest and self.error is None:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            self.error = error
        return len(data)

    def close(self) -> None:
        """Close it; what goes wrong then is noted too."""
        try:
            self._file.close()
        except OSError as error:
            self.error = self.error or error
