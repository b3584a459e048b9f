"""The head-up display: what the show is doing, for those who want to know."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.window.controls.choices import choice_rows

if TYPE_CHECKING:
    from live.view.picture import Status

Row = tuple[str, str]


def hud_rows(status: Status, view_name: str, draw_ms: float) -> list[Row]:
    """Return the lines of the display: what each is about, and what it says.

    view_name says how the scene is drawn; draw_ms is the median time to draw a frame.
    """
    p50 = status.sound_to_picture_p50_ms
    p95 = status.sound_to_picture_p95_ms
    delay = "not yet" if math.isnan(p50) else f"p50 {p50:.0f} ms   p95 {p95:.0f} ms"
    rows = [
        ("listening to", status.input_name),
        ("sensitivity", f"{status.sensitivity_db:+.0f} dB"),
        *choice_rows(status),
        ("sound to picture", delay),
        ("pictures", f"{status.pictures_per_s:.1f} a second"),
        ("passed over", f"{status.dropped}"),
        ("samples lost", f"{status.lost_samples}"),
        ("models", f"{status.bundle}, {status.runtime}"),
        *([("building", status.building)] if status.building else []),
        ("drawing", f"{view_name}, {draw_ms:.1f} ms a frame"),
        ("given up", ", ".join(status.given_up) or "nothing"),
    ]
    return rows
