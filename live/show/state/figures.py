"""How a show goes, in figures: for the log, and for whoever looks after many hours."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from live.machine.memory import resident_mb

if TYPE_CHECKING:
    from live.view.picture import Status


def figures_of(status: Status, pictures: int) -> dict[str, Any]:
    """Return the figures, ready for JSON. pictures: of the scene since the start."""
    p50_ms, p95_ms = status.sound_to_picture_p50_ms, status.sound_to_picture_p95_ms
    return {
        "input": status.input_name,
        "runtime": status.runtime,
        "heard_s": round(status.sound_s, 1),
        "pictures": pictures,
        "sound_to_picture_p50_ms": None if math.isnan(p50_ms) else round(p50_ms, 1),
        "sound_to_picture_p95_ms": None if math.isnan(p95_ms) else round(p95_ms, 1),
        "dropped": status.dropped,
        "lost_samples": status.lost_samples,
        "missing": status.missing,
        "memory_mb": round(resident_mb(os.getpid()), 1),
        "handles": open_handles(),
    }


def open_handles() -> int:
    """Return how many files, pipes and sockets this process holds open; 0 where nobody knows."""
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        return 0
