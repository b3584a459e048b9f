"""The reactive layer: how the newest sound lights the picture, long before it is understood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.packets import F32, Breath
    from engine.sound.reactive import Reactive

LEVEL_RELEASE_S = 0.30
ONSET_RELEASE_S = 0.22
WARMTH_S = 0.5
ZOOM_S = 0.35
"""Time constants. Light and flash rise at once and fall slowly; the zoom glides both ways,
because a picture that jumps towards the eye is felt as a blow."""

BREATH = 0.55
"""Share of the missing light that a full breath adds in the middle of its box."""
MOST_BREATHS = 4
"""As many as a scene has sources."""

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True, slots=True)
class Light:
    """What the sound does to the picture in one frame."""

    gain: float
    """Factor on the light; 1 leaves it."""
    saturation: float
    """Factor on the colourfulness; 1 leaves it."""
    warmth: float
    """In [-1, 1]: 1 leans to amber, -1 to blue."""
    flash: float
    """In [0, 1]: the bloom from the centre."""
    zoom: float
    """At least 1: how much nearer the picture is."""
    breaths: tuple[Breath, ...] = ()
    """Light over single sources, with as much of it as there is in this frame."""

    def matrix(self) -> F32:
        """Return the (3, 3) factors on a row of sRGB values: seen = picture @ matrix."""
        grey = np.outer(LUMA, np.ones(3, np.float32))
        saturated = grey + self.saturation * (np.eye(3, dtype=np.float32) - grey)
        # A breath only: the hour and its colours are the picture's own, and stay in charge.
        tint = np.array(
            [1 + 0.022 * self.warmth, 1 + 0.003 * self.warmth, 1 - 0.026 * self.warmth],
            np.float32,
        )
        return (saturated * tint * self.gain).astype(np.float32)


NEUTRAL_LIGHT = Light(gain=0.95, saturation=0.98, warmth=0.0, flash=0.0, zoom=1.0)
"""Silence: a little dimmed, so that there is room to brighten."""


class ReactiveLight:
    """Turns the meter's readings into light, frame by frame."""

    def __init__(self) -> None:
        """Start in silence."""
        self._level = 0.0
        self._onset = 0.0
        self._warmth = 0.0
        self._nearness = 0.0
        self._at_s: float | None = None

    def light(self, reactive: Reactive, now_s: float, breaths: Sequence[Breath] = ()) -> Light:
        """Return the light of a frame drawn at now_s (monotonic seconds).

        breaths: of the newest pictures, with as much of each as there is at the loudest.
        """
        step_s = 0.0 if self._at_s is None else min(max(now_s - self._at_s, 0.0), 0.5)
        self._at_s = now_s
        level = _unit(reactive.level)
        onset = _unit(reactive.onset)
        self._level = max(level, self._level * math.exp(-step_s / LEVEL_RELEASE_S))
        self._onset = max(onset, self._onset * math.exp(-step_s / ONSET_RELEASE_S))
        # A brightness means nothing in silence: then the warmth goes home to neutral.
        warmth = (1.0 - 2.0 * _unit(reactive.brightness)) * min(1.0, level * 4.0)
        self._warmth += (warmth - self._warmth) * (1.0 - math.exp(-step_s / WARMTH_S))
        self._nearness += (self._level - self._nearness) * (1.0 - math.exp(-step_s / ZOOM_S))
        return Light(
            gain=NEUTRAL_LIGHT.gain + 0.14 * self._level,
            saturation=NEUTRAL_LIGHT.saturation + 0.12 * self._level,
            warmth=self._warmth,
            flash=self._onset,
            zoom=1.0 + 0.035 * self._nearness,
            breaths=tuple(
                replace(breath, amount=breath.amount * self._level)
                for breath in breaths[:MOST_BREATHS]
                if breath.amount * self._level > 0.0
            ),
        )


def _unit(value: float) -> float:
    return min(max(float(value), 0.0), 1.0) if math.isfinite(value) else 0.0
