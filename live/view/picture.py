"""What the show looks like at one moment: all that a window or a recording needs to draw.

Nothing here knows of Qt, threads or models. A `View` is a snapshot: taking one is cheap and every
part of it is frozen, so that it can be drawn from any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.atmosphere_choice import Choice

if TYPE_CHECKING:
    from engine.packets import Hearing, Pictures
    from engine.sound.reactive import Reactive

Colour = tuple[int, int, int]

USUAL_ASPECT = 16 / 9


@dataclass(frozen=True, slots=True)
class PanelView:
    """One source's panel: a track and the slot of the strip that it keeps while it lives."""

    track_id: int
    """Key into `Pictures.panels`; the picture may be missing for a moment when the panel is new."""
    slot: int
    """0 is the first slot of the strip; never changes while the track lives."""
    label: str
    """Most probable label."""
    probability: float
    """Probability of that label, in [0, 1]."""
    level: float
    """How loud the source is, in [0, 1], for the level meter."""
    presence: float
    """Fade in and out, in [0, 1]; 0 is not to be drawn."""
    colour: Colour
    """sRGB, belongs to the track."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the head-up display says."""

    input_name: str
    """The microphone, file or demo that is heard."""
    sound_to_picture_p50_ms: float
    """Median age of the sound when its first picture is handed over; NaN before the first."""
    sound_to_picture_p95_ms: float
    """95th percentile of the same; NaN before the first."""
    pictures_per_s: float
    """Scenes painted per second, over the last seconds."""
    dropped: int
    """Hearings and hops that were passed over because a newer one was there, since the start."""
    lost_samples: int
    """Samples at 48 kHz that the input lost (gaps and overflows), since the start."""
    runtime: str
    """Runtime of the models, such as "onnxruntime"."""
    given_up: tuple[str, ...]
    """What the governor gave up to stay in time, in plain words; empty when nothing."""
    recording: bool
    """A recording is being written."""
    frozen: bool
    """The pictures are held (Space)."""
    sensitivity_db: float
    """Gain on the input before hearing, in dB."""
    bundle: str
    """Name of the bundle."""
    input_fault: str | None = None
    """What of a sound file could not be read, in one line; None when all could."""
    sound_s: float = 0.0
    """Seconds of sound heard since the input was opened."""
    asked: Choice = field(default_factory=Choice)
    """The light, season and style that were asked for."""
    building: str = ""
    """The better runtime that is being built and how far it is; empty when none is."""
    missing: str = ""
    """What outputs should have written and did not, such as "3 events"; empty when nothing."""
    seen: tuple[str, str, str] = ("", "", "")
    """The light, season and style that are strongest in the newest pictures; empty before."""


@dataclass(frozen=True, slots=True)
class View:
    """The show at one moment."""

    pictures: Pictures | None
    """The newest pictures; None before the first."""
    hearing: Hearing | None
    """The newest hearing; None before the first."""
    reactive: Reactive
    """Loudness, onset and brightness of the newest samples, not of the window."""
    panels: tuple[PanelView, ...]
    """In order of slot."""
    status: Status
    message: str | None
    """One line for a person, such as "waiting for microphone"; None when all is well."""
    pictures_at_s: float = 0.0
    """time.monotonic() at which `pictures` were handed over: where the cross-fade starts."""
    aspect: float = USUAL_ASPECT
    """Width over height that the scene is composed for: the window's, where there is one."""
    dark: float = 0.0
    """How far all of it has faded to black, in [0, 1]; 1 outside the opening hours."""
