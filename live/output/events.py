"""Events: one JSON line per hearing, for other programs to read. The schema is public.

    {"schema": 1, "t": 12.4, "window_id": 61, "sources": [{"track": 3, "labels": [["rain", 0.91],
     ...five], "lufs": -23.1, "significance": 0.8}], "timings_ms": {"separate": 6.2, ...},
     "sound_to_picture_ms": 148.0, "dropped": 0}

`t` is the seconds of sound at the window's end, since the input was opened. sound_to_picture_ms is
null where the hearing never became a picture of its own, a newer one having been there already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.packets import Hearing

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
