"""What flows from the microphone to the screen, one frozen dataclass per stage.

    ring of sound -> Window -> Hearing -> Conditions -> Pictures

Time is counted in samples where sound is meant and in monotonic seconds where people wait. The
`Stamp` of a window travels unchanged to the last picture, so every frame can say which sound it
shows and how old that sound is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

UNKNOWN = "unknown"
"""What a sound is called that has no name in the vocabulary."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which sound a packet is about, and when that sound happened."""

    window_id: int
    """Counts hops from 0 since the last reset."""
    epoch: int
    """Raised at every reset; work in flight from an older epoch is discarded."""
    first_sample: int
    """First sample of the window; negative while the input is younger than a window."""
    end_sample: int
    """One past the last sample of the window."""
    sample_rate_hz: int
    captured_at_s: float
    """time.monotonic() at which the window's last sample was in the air."""

    @property
    def end_s(self) -> float:
        """Seconds of sound from the start of the input to the end of the window."""
        return self.end_sample / self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class Window:
    """The last W seconds of sound; zeros stand before the input's first sample."""

    stamp: Stamp
    samples: F32
    """(stamp.end_sample - stamp.first_sample,) mono."""


@dataclass(frozen=True, slots=True)
class HeardSource:
    """One source as it is understood in one window."""

    track_id: int
    """Stays the same while the source lasts, never reused in an epoch."""
    embedding: F32
    """(d,) unit length, in the joint sound-text space."""
    labels: tuple[tuple[str, float], ...]
    """Most probable labels first, each with its probability in [0, 1]."""
    loudness_lufs: float
    """K-weighted loudness (ITU-R BS.1770) over the window, at least -70 LUFS."""
    significance: float
    """How much the source matters to the scene, in [0, 1]."""
    brightness: float = 0.5
    """Where the middle of its spectrum lies, in [0, 1]: 0 is 100 Hz, 1 is 6.4 kHz, by octaves."""
    onset: float = 0.0
    """How suddenly it became louder within the newest hop, in [0, 1]; 0 where it did not."""

    @property
    def name(self) -> str:
        """The most probable label; empty where none is said."""
        return self.labels[0][0] if self.labels else ""

    @property
    def is_unknown(self) -> bool:
        """Whether it has no name in the vocabulary; its embedding is then no picture's."""
        return self.name == UNKNOWN


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything understood from one window; most significant source first."""

    stamp: Stamp
    sources: tuple[HeardSource, ...]
    loudness_lufs: float
    """K-weighted loudness of the whole window, at least -70 LUFS."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds per stage: separate, encode, track, hear (the sum of all)."""


@dataclass(frozen=True, slots=True)
class PictureConditions:
    """What the generator is asked to paint: one row per picture, all of one size."""

    tokens: F32
    """(pictures, slots, d) source embeddings; zeros in a slot that is empty."""
    weights: F32
    """(pictures, slots) in [0, 1]; 0 leaves the source out."""
    places: F32
    """(pictures, slots, 4): the box's centre x and y over the picture's width and height, its
    height over the picture's, all in [0, 1], and facing, from -1 (left) to 1 (right). Sources of
    the air, and empty slots, have (0.5, 0.5, 1, 0)."""
    looks: F32
    """(pictures, slots, looks) non-negative, of sum 1: which drawing of the subject."""
    atmosphere: F32
    """(pictures, lights + seasons + styles), each group non-negative and of sum 1."""
    noise: F32
    """(pictures, c, h, w) standard normal."""


@dataclass(frozen=True, slots=True)
class Weather:
    """What is drawn over what the generator painted; each in [0, 1]."""

    rain: float = 0.0
    """How hard it rains."""
    shimmer: float = 0.0
    """How much light ripples over the place: of sounds that have no name."""
    brightness: float = 0.5
    """Of those sounds, from dark to bright."""
    snow: float = 0.0
    """How thickly snow falls."""


@dataclass(frozen=True, slots=True)
class Breath:
    """Light over one source that swells and sinks with the sound of the moment."""

    box: tuple[float, float, float, float]
    """Centre x and y, width and height, over the picture's width and height."""
    colour: tuple[float, float, float]
    """Red, green and blue in [0, 1]."""
    amount: float
    """In [0, 1], at the loudest."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What to paint in one tick."""

    stamp: Stamp
    steps: int
    """Sampler steps, one of those that the bundle has."""
    scene: PictureConditions
    """One row; weights are significances."""
    panels: PictureConditions | None = None
    """A row per panel, its source in slot 0 with its presence as weight; None where there is
    none to paint."""
    track_ids: tuple[int, ...] = ()
    """Tracks whose panels these are, in the order of the rows."""
    scene_weather: Weather = field(default_factory=Weather)
    panels_weather: tuple[Weather, ...] = ()
    """Of each row of the panels."""
    moment_s: float = 0.0
    """Seconds of the show's clock: weather goes on by it."""
    breaths: tuple[Breath, ...] = ()
    """Over the scene, of sources that breathe with their level."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """One tick's pictures."""

    stamp: Stamp
    scene: U8
    """(h, w, 3) sRGB."""
    panels: Mapping[int, U8]
    """track_id to (h, w, 3) sRGB."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds per stage: those of the hearing, and condition, generate_scene,
    generate_panels, generate (both), paint (the sum of condition, generate and what is around)."""
    breaths: tuple[Breath, ...] = ()
    """Light that whoever draws the scene lays over it, as much as the sound of that moment asks."""
