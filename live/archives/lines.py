"""The line of a recording: what was heard in it, or why nothing could be. The schema is public.

    {"schema": 1, "file": "night/owl.flac", "bytes": 1201, "modified_ns": 1764230400000000000,
     "by": "picturebook/3f2a9c1d", "seconds": 12.0, "sample_rate_hz": 48000, "channels": 2,
     "heard": [{"label": "owl", "probability": 0.91, "start_s": 2.0, "end_s": 6.4, "lufs": -23.1,
                "significance": 0.8}]}

A recording that is damaged has `damaged` as well, one that cannot be read `error` instead of what
was heard; `docs/archives.md` explains each field.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from live.files.timeline import Span

SCHEMA = 1
OPENING = f'{{"schema": {SCHEMA}, "file": '.encode()
"""Every line begins so."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file as it was found."""

    name: bytes
    """Its path from the archive's folder, as the disk has it."""
    bytes: int
    """Its size; -1 where a link leads nowhere."""
    modified_ns: int
    """When it was written to last, in nanoseconds since 1970."""


class Line(msgspec.Struct, frozen=True):
    """What is read back of a line."""

    file: str
    bytes: int
    modified_ns: int
    by: str
    file_base64: str | None = None
    error: str | None = None
    damaged: str | None = None

    @property
    def recording(self) -> Recording:
        """Whose line it is."""
        name = self.file.encode() if self.file_base64 is None else _decoded(self.file_base64)
        return Recording(name, self.bytes, self.modified_ns)


def read_line(line: bytes) -> Line | None:
    """Return a line as it was written, None where it is none of these."""
    if not line.startswith(OPENING):
        return None
    try:
        return msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def heard_line(
    recording: Recording, by: str, heard: Sequence[Span], seconds: float, sample_rate_hz: int,
    channels: int, damaged: str | None,
) -> bytes:  # fmt: skip
    """Return the line of a recording, with its newline.

    Args:
        recording: the file.
        by: who heard it, see `made_by`.
        heard: by their beginning.
        seconds: its length.
        sample_rate_hz: the file's own.
        channels: likewise.
        damaged: what of it could not be read, in words.
    """
    told: dict[str, Any] = {
        "seconds": round(seconds, 3),
        "sample_rate_hz": sample_rate_hz,
        "channels": channels,
        "heard": [
            {
                "label": span.label,
                "probability": round(span.probability, 4),
                "start_s": round(span.start_s, 3),
                "end_s": round(min(span.end_s, seconds), 3),
                "lufs": round(span.loudness_lufs, 2),
                "significance": round(span.significance, 4),
            }
            for span in heard
        ],
    }
    return _line(recording, by, told if damaged is None else told | {"damaged": damaged})


def error_line(recording: Recording, by: str, error: str) -> bytes:
    """Return the line of a recording in which nothing could be heard, with its newline."""
    return _line(recording, by, {"error": error})


def made_by(bundle: str, *settings: object) -> str:
    """Return who hears: the bundle's name, and eight digits of all that decides what is heard."""
    digest = hashlib.sha256(json.dumps([SCHEMA, *settings]).encode()).hexdigest()
    return f"{bundle}/{digest[:8]}"


def _line(recording: Recording, by: str, told: dict[str, Any]) -> bytes:
    named = {"schema": SCHEMA, **_named(recording.name)}
    found = {"bytes": recording.bytes, "modified_ns": recording.modified_ns, "by": by}
    text = json.dumps(named | found | told, ensure_ascii=False)
    # what a library says of a broken file may hold halves of letters
    return text.encode("utf-8", "replace") + b"\n"


def _named(name: bytes) -> dict[str, str]:
    """JSON is UTF-8 and names need not be: such a one stands there a second time, whole."""
    try:
        return {"file": name.decode()}
    except UnicodeDecodeError:
        whole = base64.b64encode(name).decode()
        return {"file": name.decode("utf-8", "replace"), "file_base64": whole}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return text.encode()
