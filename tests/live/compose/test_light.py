"""The reactive layer: at once up, slowly down, neutral in silence."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.sound.reactive import Reactive
from live.compose.light import NEUTRAL_LIGHT, Light, ReactiveLight

NEUTRAL = Light(gain=1.0, saturation=1.0, warmth=0.0, flash=0.0, zoom=1.0)


def test_neutral_light_changes_no_colour() -> None:
    assert np.allclose(NEUTRAL.matrix(), np.eye(3), atol=1e-6)


def test_silence_rests() -> None:
    reactions = ReactiveLight()
    for step in range(200):
        light = reactions.light(Reactive(0.0, 0.0, 0.9), step / 60)
    assert light == NEUTRAL_LIGHT


def test_a_clap_shows_in_the_first_frame_after_it() -> None:
    reactions = ReactiveLight()
    before = reactions.light(Reactive(0.1, 0.0, 0.5), 0.0)
    after = reactions.light(Reactive(0.9, 1.0, 0.5), 1 / 60)
    assert after.flash == 1.0
    assert after.gain > before.gain + 0.1
    assert after.saturation > before.saturation


def test_light_falls_slowly_and_the_zoom_never_jumps() -> None:
    reactions = ReactiveLight()
    reactions.light(Reactive(1.0, 1.0, 0.5), 0.0)
    lights = [reactions.light(Reactive(0.0, 0.0, 0.5), step / 60) for step in range(1, 120)]
    flashes = [light.flash for light in lights]
    assert flashes == sorted(flashes, reverse=True)
    assert flashes[5] > 0.4
    assert flashes[-1] < 0.01
    assert np.abs(np.diff([light.zoom for light in lights])).max() < 0.003
    assert all(1.0 <= light.zoom <= 1.04 for light in lights)


@pytest.mark.parametrize(("brightness", "sign"), [(0.0, 1.0), (1.0, -1.0)])
def test_dark_sounds_are_warm_and_bright_sounds_are_cool(brightness: float, sign: float) -> None:
    reactions = ReactiveLight()
    for step in range(200):
        light = reactions.light(Reactive(0.6, 0.0, brightness), step / 60)
    assert light.warmth * sign > 0.9
    grey = np.full(3, 128.0) @ light.matrix()
    assert (grey[0] - grey[2]) * sign > 5


def test_saturation_leaves_grey_grey() -> None:
    matrix = Light(gain=1.0, saturation=1.3, warmth=0.0, flash=0.0, zoom=1.0).matrix()
    assert np.allclose(np.full(3, 100.0) @ matrix, 100.0, atol=1e-3)


def test_readings_out_of_range_are_harmless() -> None:
    light = ReactiveLight().light(Reactive(math.nan, math.inf, -3.0), 0.0)
    assert np.isfinite(light.matrix()).all()
    assert light.flash == 0.0
    light = ReactiveLight().light(Reactive(7.0, 7.0, 7.0), 0.0)
    assert light.flash == 1.0
