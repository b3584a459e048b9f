"""The light of sounds that have no name."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.bundle.load import load_bundle
from engine.packets import UNKNOWN, HeardSource, Hearing, Stamp
from engine.painting.conditioning import Conditioner
from engine.weather.shimmer import draw_shimmer

GREY = np.full((144, 256, 3), 90, np.uint8)


def test_more_sound_is_more_light_and_none_is_none() -> None:
    assert draw_shimmer(GREY, 0.0, 0.5, 3.0) is GREY
    means = [draw_shimmer(GREY, amount, 0.5, 3.0).mean() for amount in (0.2, 0.5, 1.0)]
    assert 90 < means[0] < means[1] < means[2] < 140


def test_it_ripples_and_never_jumps() -> None:
    now, soon, later = (
        draw_shimmer(GREY, 1.0, 0.5, t).astype(int) for t in (3.0, 3.0 + 1 / 30, 5.0)
    )
    days = 3e6
    then, next_frame = (
        draw_shimmer(GREY, 1.0, brightness, t).astype(int)
        for t, brightness in ((days, 0.5), (days + 1 / 30, 0.51))
    )
    assert 0 < np.abs(next_frame - then).max() < 16
    assert now.std() > 4
    assert np.abs(soon - now).max() < 16
    assert np.abs(later - now).mean() > 1.5
    assert (draw_shimmer(GREY, 1.0, 0.5, 3.0) == now).all()


def test_dark_sounds_are_amber_and_bright_ones_silver() -> None:
    def blue_over_red(brightness: float) -> float:
        light = draw_shimmer(GREY, 1.0, brightness, 3.0).astype(float) - 90
        return light[..., 2].sum() / light[..., 0].sum()

    assert blue_over_red(0.0) < 0.5 < 1.0 < blue_over_red(1.0)


def test_an_unknown_sound_lights_scene_and_panel_and_paints_nothing(small_bundle: Path) -> None:
    bundle = load_bundle(small_bundle)

    def asked(*labels: str):
        conditioner = Conditioner(bundle, seed=1)
        sources = tuple(
            HeardSource(i, bundle.vocabulary[3], ((label, 0.9),), -20.0, 0.7, 0.8)
            for i, label in enumerate(labels)
        )
        conditioner.hear(Hearing(Stamp(0, 0, 0, 64_000, 16_000, 0.0), sources, -20.0), 0.0)
        return conditioner.conditions(2.0, 1)

    unknown, known = asked(UNKNOWN), asked("waves")
    assert unknown.scene_weather.shimmer > 0.5
    assert unknown.scene_weather.brightness > 0.7
    assert unknown.panels_weather[0].shimmer > 0.9
    assert not unknown.scene.weights.any()
    assert unknown.panels is not None
    assert not unknown.panels.weights.any()
    assert known.scene_weather.shimmer == 0.0
    assert known.scene.weights.any()
