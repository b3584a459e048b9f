"""How soon the window moves with the sound: from a block of sound to the drawn frame.

Started by `live/bench/reaction.py` as `python -m live.bench.window_reaction JOB`; draws with
QPainter on no screen at all and reports in one line. A file of clicks is played into the real
session; the moment of a click is known from the stamps of the hearings.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from engine.bundle.load import load_bundle
from live.bench.child import child_job
from live.settings.model import Settings
from live.show.session import Session
from live.view.picture import View
from live.window.main import ShowWindow

RATE = 48000
BLOCK_S = 0.01
CLICK_S = 0.06
FIRST_S = 5.0
"""Clicks begin when everything has been used once."""
EVERY_S = 0.73
"""No multiple of a hop or a frame, so that clicks fall on every phase of them."""
RISE = 0.15
"""By so much the level has risen in a frame that shows a click."""
SEEN_WITHIN_S = 0.5


def click_times(seconds: float) -> list[float]:
    """Return the seconds at which clicks begin, each on the edge of a block."""
    count = int((seconds - FIRST_S - 1.0) / EVERY_S)
    return [round((FIRST_S + EVERY_S * k) / BLOCK_S) * BLOCK_S for k in range(count)]


def write_clicks(path: Path, seconds: float) -> None:
    """Write a soft hiss with bursts of noise at the times of `click_times`."""
    rng = np.random.default_rng(0)
    samples = 1e-3 * rng.normal(size=round(seconds * RATE))
    for start_s in click_times(seconds):
        first = round(start_s * RATE)
        samples[first : first + round(CLICK_S * RATE)] *= 200.0
    soundfile.write(path, np.clip(samples, -1, 1).astype(np.float32), RATE, subtype="FLOAT")


@dataclass(frozen=True, slots=True)
class DrawnFrame:
    """A frame that was drawn."""

    at_s: float
    """By time.monotonic()."""
    level: float
    """Of the sound that it shows, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that was shown."""

    drawn: list[DrawnFrame]
    began_s: float
    """time.monotonic() of its sample 0."""
    processor: float
    """Cores that the program kept busy, from FIRST_S on."""


class _WatchedSession:
    """A session that notes what the window has looked at."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.level = 0.0
        self.began_s: float | None = None
        """time.monotonic() of sample 0."""

    def view(self) -> View:
        view = self._session.view()
        self.level = view.reactive.level
        if view.hearing is not None:
            stamp = view.hearing.stamp
            self.began_s = stamp.captured_at_s - stamp.end_s
        return view

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def main(argument: str) -> None:
    """Run the window and print the report."""
    settings, seconds = child_job(argument)
    with tempfile.TemporaryDirectory(prefix="soundglass-") as folder:
        path = Path(folder) / "clicks.wav"
        write_clicks(path, seconds)
        shown = show_file(settings, path, seconds)
    print(json.dumps(_report(shown.drawn, shown.began_s, seconds)))


def show_file(settings: Settings, path: Path, seconds: float) -> Shown:
    """Show a sound file in a window off the screen; return what was drawn, and when."""
    app = QApplication([sys.argv[0]])
    session = Session(replace(settings, input=str(path)), load_bundle(settings.bundle))
    session.start()
    try:
        watched = _WatchedSession(session)
        drawn: list[DrawnFrame] = []
        window = ShowWindow(watched, settings, "painter")  # pyright: ignore[reportArgumentType]
        window.scene.widget().painted.connect(  # pyright: ignore[reportAttributeAccessIssue]
            lambda: drawn.append(DrawnFrame(time.monotonic(), watched.level))
        )
        window.resize(1280, 720)
        window.show()
        used: list[float] = []
        QTimer.singleShot(round(1000 * FIRST_S), lambda: used.append(time.process_time()))
        QTimer.singleShot(round(1000 * seconds), window.close)
        app.exec()
        used.append(time.process_time())
    finally:
        session.stop()
    assert watched.began_s is not None, "nothing was heard"
    return Shown(drawn, watched.began_s, (used[-1] - used[0]) / (seconds - FIRST_S))


def delays_of(
    drawn: list[DrawnFrame], began_s: float, starts_s: list[float]
) -> tuple[list[float], int]:
    """Return the milliseconds from each click to the first frame that shows it, and how many were
    not seen. starts_s: of the clicks, in the file."""
    delays_ms, missed = [], 0
    for start_s in starts_s:
        heard_s = began_s + start_s + BLOCK_S  # the last sample of its first block
        before = [frame.level for frame in drawn if frame.at_s < heard_s][-1:]
        after = [
            frame.at_s
            for frame in drawn
            if heard_s <= frame.at_s < heard_s + SEEN_WITHIN_S
            and frame.level > (before[0] if before else 0.0) + RISE
        ]
        if after:
            delays_ms.append(1000 * (after[0] - heard_s))
        else:
            missed += 1
    return delays_ms, missed


def _report(drawn: list[DrawnFrame], began_s: float, seconds: float) -> dict:
    delays_ms, missed = delays_of(drawn, began_s, click_times(seconds))
    frames = [frame for frame in drawn if frame.at_s >= began_s + FIRST_S]
    span_s = frames[-1].at_s - frames[0].at_s if len(frames) > 1 else 0.0
    return {
        "delays_ms": delays_ms,
        "missed": missed,
        "frames_per_s": (len(frames) - 1) / span_s if span_s else 0.0,
    }


if __name__ == "__main__":
    main(sys.argv[1])
