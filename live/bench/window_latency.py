"""Measuring the reactive layer: from a change of level in the sound to the first changed pixel.

    python -m live.bench.window_latency

The window, the ring, the meter and the drawing (QPainter) are the real ones; blocks of 10 ms are
written as a microphone does. Pictures keep coming, with panels, so that the drawing has its work.
"""

from __future__ import annotations

import math
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from engine.packets import F32, Pictures, Stamp
from engine.sound.ring import SampleRing
from live.compose.placeholder import placeholder_picture
from live.settings.model import Settings
from live.view.picture import PanelView, Status, View
from live.view.reactive import ReactiveView

if TYPE_CHECKING:
    from live.show.session import Session

RATE_HZ = 48_000
BLOCK = 480
QUIET_S = 0.9
"""Between two steps: the light has come to rest."""
LOUD_S = 0.12
STEP_DBFS = -12.0
CHANGE = 3
"""Levels of 255 by which a pixel must differ to count as changed."""
PICTURES_HZ = 8.0
PANELS = 4


@dataclass
class _Step:
    captured_at_s: float
    seen_at_s: float = math.nan


def measure_reactive_latency(
    steps: int = 40, width: int = 1280, height: int = 720, seed: int = 0
) -> list[float]:
    """Return the milliseconds from each step's first block to the first changed pixel.

    The clock starts when the last sample of the block was in the air and stops when the frame has
    been handed to the display. Takes about a second a step. A step that is never seen counts as
    infinite. Opens a window: on the `offscreen` platform unless the program has a QApplication.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6.QtCore import Qt
    from PyQt6.QtWidgets import QApplication

    from live.window.main import ShowWindow
    from live.window.scene.painter import PainterScene

    app = QApplication.instance() or QApplication([])
    source = _Steps(steps, seed)
    window = ShowWindow(cast("Session", source), Settings(panels=PANELS), view="painter")
    window.resize(width, height)
    window.show()
    scene = cast(PainterScene, window.scene)
    found: list[_Step] = []
    rest: list[int] = []

    def look() -> None:
        """Look at the display after each frame, as a camera would."""
        screen = window.screen()
        if screen is None:
            return
        pixel = screen.grabWindow(window.winId(), width // 2, height // 4, 1, 1).toImage()
        level = pixel.pixelColor(0, 0).lightness()
        now_s = time.monotonic()
        step = source.step
        if step is None:
            rest[:] = [level]
        elif math.isnan(step.seen_at_s) and rest and abs(level - rest[0]) >= CHANGE:
            step.seen_at_s = now_s
            found.append(step)

    # Queued: only after Qt has handed the frame that was just drawn to the display.
    cast(Any, scene.painted).connect(look, type=Qt.ConnectionType.QueuedConnection)
    source.start()
    while not source.done:
        app.processEvents()
        time.sleep(0.0005)
    window.close()
    seen = [1e3 * (step.seen_at_s - step.captured_at_s) for step in found]
    return seen + [math.inf] * (steps - len(seen))


class _Steps:
    """A session whose sound is silence with sudden tones, and whose pictures stand still."""

    def __init__(self, steps: int, seed: int) -> None:
        self.ring = SampleRing.create(30 * RATE_HZ)
        self.step: _Step | None = None
        self.done = False
        self._reactive = ReactiveView(self.ring)
        self._steps = steps
        self._random = np.random.default_rng(seed)
        self._picture = placeholder_picture()
        self._pictures: Pictures | None = None
        self._painted = -1

    def start(self) -> None:
        """Begin to write blocks."""
        threading.Thread(target=self._write, name="blocks", daemon=True).start()

    settings = Settings(panels=PANELS)

    def microphones(self) -> tuple[str, ...]:
        """There is none to choose."""
        return ()

    def note_drawn(self) -> None:
        """The window goes on."""

    def paint_for(self, aspect: float) -> None:
        """The picture stays as it is, whatever the window's shape."""

    def view(self) -> View:
        """Return the show; a new copy of the same picture comes eight times a second."""
        painted = int(time.monotonic() * PICTURES_HZ)
        if painted != self._painted:
            self._painted = painted
            stamp = Stamp(painted, 0, 0, RATE_HZ, RATE_HZ, time.monotonic())
            panels = {track: self._picture.copy() for track in range(PANELS)}
            self._pictures = Pictures(stamp, self._picture.copy(), panels)
        reactive = self._reactive.now()
        panels = tuple(
            PanelView(slot, slot, "steps", 1.0, reactive.level, 1.0, (120, 160, 220))
            for slot in range(PANELS)
        )
        return View(self._pictures, None, reactive, panels, _STATUS, None)

    def _write(self) -> None:
        tone = (
            10 ** (STEP_DBFS / 20)
            * math.sqrt(2)
            * np.sin(2 * np.pi * 1000 * np.arange(BLOCK) / RATE_HZ)
        )
        silence = np.zeros(BLOCK, np.float32)
        self._next_s = time.monotonic()
        self._blocks(silence, 2.0)
        for _ in range(self._steps):
            self._blocks(silence, QUIET_S)
            self._next_s += float(self._random.uniform(0.0, 0.05))
            self._blocks(tone.astype(np.float32), LOUD_S, marks=True)
            self._blocks(silence, 0.3)
            self.step = None
        self.done = True

    def _blocks(self, block: F32, seconds: float, marks: bool = False) -> None:
        for _ in range(round(seconds * RATE_HZ / BLOCK)):
            self._next_s += BLOCK / RATE_HZ
            time.sleep(max(0.0, self._next_s - time.monotonic()))
            now_s = time.monotonic()
            if marks:
                self.step = _Step(now_s)
                marks = False
            self.ring.write(block, now_s)


_STATUS = Status(
    input_name="steps",
    sound_to_picture_p50_ms=math.nan,
    sound_to_picture_p95_ms=math.nan,
    pictures_per_s=PICTURES_HZ,
    dropped=0,
    lost_samples=0,
    runtime="none",
    given_up=(),
    recording=False,
    frozen=False,
    sensitivity_db=0.0,
    bundle="none",
)


def main() -> None:
    """Measure and print the percentiles."""
    measured: Any = np.array(measure_reactive_latency())
    p50, p95, most = np.percentile(measured, [50, 95, 100])
    print(
        f"reactive layer, block to drawn frame: p50 {p50:.1f} ms, p95 {p95:.1f} ms, "
        f"most {most:.1f} ms over {len(measured)} steps"
    )


if __name__ == "__main__":
    main()
