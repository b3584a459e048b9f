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
class _DrawnFrame:
    at_s: float
    level: float


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
    app = QApplication([sys.argv[0]])
    with tempfile.TemporaryDirectory(prefix="soundglass-") as folder:
        path = Path(folder) / "clicks.wav"
        write_clicks(path, seconds)
        session = Session(replace(settings, input=str(path)), load_bundle(settings.bundle))
        session.start()
        try:
            watched = _WatchedSession(session)
            drawn: list[_DrawnFrame] = []
            window = ShowWindow(watched, settings, "painter")  # pyright: ignore[reportArgumentType]
            window.scene.widget().painted.connect(  # pyright: ignore[reportAttributeAccessIssue]
                lambda: drawn.append(_DrawnFrame(time.monotonic(), watched.level))
            )
            window.resize(1280, 720)
            window.show()
            QTimer.singleShot(round(1000 * seconds), window.close)
            app.exec()
        finally:
            session.stop()
    assert watched.began_s is not None, "nothing was heard"
    print(json.dumps(_report(drawn, watched.began_s, seconds)))


def _report(drawn: list[_DrawnFrame], began_s: float, seconds: float) -> dict:
    delays_ms, missed = [], 0
    for start_s in click_times(seconds):
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
    frames = [frame for frame in drawn if frame.at_s >= began_s + FIRST_S]
    span_s = frames[-1].at_s - frames[0].at_s if len(frames) > 1 else 0.0
    return {
        "delays_ms": delays_ms,
        "missed": missed,
        "frames_per_s": (len(frames) - 1) / span_s if span_s else 0.0,
    }


if __name__ == "__main__":
    main(sys.argv[1])
