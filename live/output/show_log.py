"""The log of a show: what it said, and once an hour how it goes, one JSON line each.

    {"at": "2026-11-27T10:15:00.250+01:00", "kind": "event", "text": "listening to USB microphone"}
    {"at": ..., "kind": "hour", "uptime_s": 7200, "sound_to_picture_p95_ms": 151.2, ...}

`kind` is start, event (something was done or happened), problem (something is the matter from now
on), hour or end. The file is put aside when it is full, and the oldest of them removed.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from live.keep.rotation import Rotation
from live.messages import Messages
from live.output.line_file import line_file
from live.output.line_writer import LineWriter

ROTATION = Rotation(most_bytes=5 * 10**6, longest_s=90 * 86400.0, kept=5)
HOUR_S = 3600.0


class ShowLog:
    """Writes the lines; any thread may say something, and nobody waits for the disk."""

    def __init__(
        self, path: Path, messages: Messages, figures: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Go on in the file. figures: says how the show goes, ready for JSON.

        Raises:
            UserError: it cannot be written.
        """
        self._figures = figures
        self._began_s = time.monotonic()
        self._writer = LineWriter(
            line_file(path, ROTATION), "lines of the log", messages.report_event
        )
        messages.listen(lambda kind, text: self._write(kind, {"text": text}))
        self._write("start", {"pid": os.getpid()})
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Say how it went, and no more."""
        self._ended.set()
        self._thread.join()
        self._write("end", self._now())
        self._writer.close()

    def _run(self) -> None:
        while not self._ended.wait(HOUR_S):
            self._write("hour", self._now())

    def _now(self) -> dict[str, Any]:
        return {"uptime_s": round(time.monotonic() - self._began_s), **self._figures()}

    def _write(self, kind: str, more: Mapping[str, Any]) -> None:
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        self._writer.put(json.dumps({"at": at, "kind": kind, **more}, ensure_ascii=False))
