"""A show whose every moment is set by hand, for tests of what the window makes of it.

It stands where a session stands: the window asks it for `view()` and tells it what was pressed.
"""

from __future__ import annotations

import os
import time

os.environ["QT_QPA_PLATFORM"] = os.environ.get("SOUNDGLASS_TEST_PLATFORM", "offscreen")

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.packets import U8, Breath, Pictures, Stamp
from engine.sound.reactive import Reactive
from live.settings.changes import apply_changes
from live.settings.model import Settings
from live.view.picture import PanelView, Status, View

if TYPE_CHECKING:
    from live.window.main import ShowWindow

COLOURS = {1: (232, 164, 92), 2: (96, 190, 232), 3: (140, 200, 120), 4: (190, 130, 230)}
STATUS = Status(
    input_name="staged microphone",
    sound_to_picture_p50_ms=141.0,
    sound_to_picture_p95_ms=187.0,
    pictures_per_s=8.4,
    dropped=3,
    lost_samples=17,
    runtime="onnxruntime",
    given_up=("panels every 3rd picture",),
    recording=False,
    frozen=False,
    sensitivity_db=0.0,
    bundle="picturebook",
    seen=("dusk", "autumn", "picturebook"),
)


def plain(colour: tuple[int, int, int], height: int = 288, width: int = 512) -> U8:
    """Return a (height, width, 3) picture of one colour."""
    return np.full((height, width, 3), colour, np.uint8)


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> U8:
    """Return a picture of two colours that meet in the middle."""
    made = plain(left)
    made[:, 256:] = right
    return made


@dataclass
class StagedShow:
    """What the window is told to show."""

    scene: U8 | None = None
    panels: tuple[PanelView, ...] = ()
    panel_pictures: dict[int, U8] = field(default_factory=dict)
    breaths: tuple[Breath, ...] = ()
    reactive: Reactive = field(default_factory=Reactive)
    status: Status = STATUS
    message: str | None = None
    pressed: list[str] = field(default_factory=list)
    error: Exception | None = None
    settings: Settings = field(default_factory=Settings)
    steps: tuple[int, ...] = (1, 2)
    shapes: list[float] = field(default_factory=list)
    """Width over height of each window that it was to paint for."""

    def view(self) -> View:
        """Return the show as it is set."""
        stamp = Stamp(0, 0, 0, 64000, 16000, 0.0)
        pictures = None
        if self.scene is not None:
            panels = dict(self.panel_pictures)
            pictures = Pictures(stamp, self.scene, panels, breaths=self.breaths)
        seen = View(pictures, None, self.reactive, self.panels, self.status, self.message)
        return replace(seen, dark=self.dark)

    def show_panel(self, track: int, place: int, label: str = "rain") -> None:
        """Put a source's panel on the strip."""
        self.panels = (
            *self.panels,
            PanelView(track, place, label, 0.8, 0.6, 1.0, COLOURS[track]),
        )
        self.panel_pictures[track] = plain(COLOURS[track], 256, 256)

    def freeze(self, on: bool) -> None:
        """Hold or let go."""
        self.status = replace(self.status, frozen=on)

    @property
    def frozen(self) -> bool:
        """Whether it is held."""
        return self.status.frozen

    asleep = False
    """Whether it rests."""
    dark: float = 0.0
    """How far it has faded to black."""

    def sleep(self, on: bool) -> None:
        """Rest or wake, at once."""
        self.asleep, self.dark = on, float(on)

    @property
    def recording(self) -> bool:
        """Whether it records."""
        return self.status.recording

    def cross_in(self, seconds: float) -> None:
        """Nothing crosses over here."""

    def note_drawn(self) -> None:
        """The window goes on."""

    def paint_for(self, aspect: float) -> None:
        """Compose for another window."""
        self.shapes.append(aspect)

    def choose(
        self, light: str | None = None, season: str | None = None, style: str | None = None
    ) -> None:
        """Another light, season or style."""
        asked = {"light": light, "season": season, "style": style}
        given = {what: name for what, name in asked.items() if name is not None}
        self.status = replace(self.status, asked=replace(self.status.asked, **given))

    def change(self, **given: Any) -> None:
        """Other settings."""
        if self.error is not None:
            raise self.error
        self.settings = apply_changes(self.settings, given)
        self.choose(*(given.get(each) for each in ("light", "season", "style")))
        self.status = replace(self.status, sensitivity_db=self.settings.sensitivity_db)

    def microphones(self) -> tuple[str, ...]:
        """What there is to listen to."""
        return ("staged microphone", "USB microphone")

    def next_microphone(self) -> None:
        """Listen to another."""
        self._press("next_microphone")
        self.status = replace(self.status, input_name="another microphone")

    def use_input(self, name: str) -> None:
        """Listen to something."""
        self._press(f"use_input {name}")
        self.status = replace(self.status, input_name=name)

    def start_recording(self, path: Path) -> None:
        """Record."""
        self._press("start_recording")
        self.status = replace(self.status, recording=True)

    def stop_recording(self) -> None:
        """Record no more."""
        self._press("stop_recording")
        self.status = replace(self.status, recording=False)

    def snapshot(self, folder: Path) -> Path:
        """Save a picture."""
        self._press("snapshot")
        return folder / "snapshot.png"

    def _press(self, what: str) -> None:
        self.pressed.append(what)
        if self.error is not None:
            raise self.error


class WindowClock:
    """The time of a window, set by hand too: it looks at its show when it is told to.

    However busy the machine is, the same looks come at the same moments, and each finds enlarged
    what the one before has asked for.
    """

    LOOK_S = 0.02

    def __init__(self, window: ShowWindow) -> None:
        """Stop the window's own clock; the view is "painter"."""
        window._timer.stop()
        self._window = window
        self._now_s = time.monotonic()

    def pass_by(self, seconds: float) -> None:
        """Let so much time pass, a look every 20 ms."""
        for _ in range(round(seconds / self.LOOK_S)):
            self._now_s += self.LOOK_S
            self._window._advance(self._now_s)
            enlarging = self._window.scene.fade.enlarger._work
            if enlarging is not None:
                enlarging.result()
