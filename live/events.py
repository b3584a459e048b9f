"""Events: one JSON line per hearing, for other programs to read. The schema is public.

    {"schema": 1, "t": 12.4, "window_id": 61, "sources": [{"track": 3, "labels": [["rain", 0.91],
     ...five], "lufs": -23.1, "significance": 0.8}], "timings_ms": {"separate": 6.2, ...},
     "sound_to_picture_ms": 148.0, "dropped": 0}

`t` is the seconds of sound at the window's end, since the input was opened. sound_to_picture_ms is
null where the hearing never became a picture of its own, a newer one having been there already.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.packets import Hearing
from live.write_whole import check_writable, unwritable

SCHEMA = 1
LABELS = 5


def event(
    hearing: Hearing,
    sound_to_picture_ms: float | None = None,
    dropped: int = 0,
    timings_ms: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return what is to be said about a hearing, ready for JSON.

    timings_ms: those of its pictures, which begin with the hearing's own; None for the latter.
    dropped: hearings passed over since the show began.
    """
    timings = hearing.timings_ms if timings_ms is None else timings_ms
    return {
        "schema": SCHEMA,
        "t": round(hearing.stamp.end_s, 4),
        "window_id": hearing.stamp.window_id,
        "sources": [
            {
                "track": source.track_id,
                "labels": [[name, round(p, 4)] for name, p in source.labels[:LABELS]],
                "lufs": round(source.loudness_lufs, 2),
                "significance": round(source.significance, 4),
            }
            for source in hearing.sources
        ],
        "timings_ms": {stage: round(ms, 2) for stage, ms in timings.items()},
        "sound_to_picture_ms": None
        if sound_to_picture_ms is None
        else round(sound_to_picture_ms, 1),
        "dropped": dropped,
    }


def event_line(
    hearing: Hearing,
    sound_to_picture_ms: float | None = None,
    dropped: int = 0,
    timings_ms: Mapping[str, float] | None = None,
) -> str:
    """Return the line for a hearing, without its newline; see `event`."""
    return json.dumps(event(hearing, sound_to_picture_ms, dropped, timings_ms), ensure_ascii=False)


class EventFile:
    """A file of event lines, each written whole and at once. "-" is standard output."""

    def __init__(self, path: Path) -> None:
        """Begin the file anew.

        Raises:
            UserError: it cannot be written.
        """
        self.path = path
        if str(path) == "-":
            self._descriptor = os.dup(sys.stdout.fileno())
            return
        check_writable(path)
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        except OSError as error:
            raise unwritable(path, error) from error

    def write(self, line: str) -> None:
        """Write a line.

        Raises:
            UserError: it could not be written whole; what was written of it is taken back.
        """
        data = line.encode("utf-8") + b"\n"
        done = 0
        try:
            while done < len(data):
                done += os.write(self._descriptor, data[done:])
        except OSError as error:
            self._take_back(done)
            raise unwritable(self.path, error) from error

    def _take_back(self, count: int) -> None:
        try:
            end = os.lseek(self._descriptor, 0, os.SEEK_CUR)
            os.ftruncate(self._descriptor, end - count)
        except OSError:
            pass  # a pipe, or worse: nothing can be taken back there

    def close(self) -> None:
        """Write no more."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
