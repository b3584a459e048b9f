"""The painter paints what the scene says, and the same scene the same way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES
from training.vocabulary import LABELS
from training.world.layout import AIR
from training.world.light import palette
from training.world.painter import paint, paint_seed
from training.world.scene import compose


def apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(h, w) largest difference of the three channels."""
    return np.abs(a.astype(int) - b.astype(int)).max(2)


@pytest.mark.parametrize(("kind", "size"), [("scene", (512, 288)), ("panel", (256, 256))])
def test_same_seed_same_pixels(kind: str, size: tuple[int, int]) -> None:
    scene, picture = paint_seed(5, *size, kind)
    assert scene.kind == kind
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8
    assert np.array_equal(picture, paint_seed(5, *size, kind)[1])
    assert not np.array_equal(picture, paint_seed(6, *size, kind)[1])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("label", LABELS)
def test_each_concept_changes_the_picture(label: str, style: str) -> None:
    scene = compose((label,), (0.9,), 11, style=style)
    bare = replace(scene, air=(), subjects=(), loudness=())
    changed = apart(paint(scene, 256, 144), paint(bare, 256, 144)) > 12
    assert changed.mean() > 0.01


@pytest.mark.parametrize("kind", ["scene", "panel"])
@pytest.mark.parametrize("label", AIR)
def test_louder_weather_changes_more(label: str, kind: str) -> None:
    size = (256, 144) if kind == "scene" else (128, 128)
    soft = compose((label,), (0.15,), 4, kind, light="day", style="picturebook")
    loud = replace(soft, air=((label, 1.0),))
    bare = paint(replace(soft, air=()), *size)
    assert (apart(paint(soft, *size), bare) > 12).mean() > 0.003
    assert apart(paint(loud, *size), bare).mean() > apart(paint(soft, *size), bare).mean()


@pytest.mark.parametrize("light", ["day", "night", "fog", "snow"])
@pytest.mark.parametrize("label", [name for name in AIR if name != "waterfall"])
def test_soft_weather_still_shows_in_a_blurred_panel(label: str, light: str) -> None:
    """What learns from the pictures softens them: fine lines alone would be lost."""
    scene = compose((label,), (0.5,), 4, "panel", light=light, style="picturebook")
    shown, bare = (
        gaussian_filter(paint(picture, 256, 256).astype(np.float32), (2, 2, 0))
        for picture in (scene, replace(scene, air=()))
    )
    assert (apart(shown, bare) > 30).mean() > 0.05


@pytest.mark.parametrize("part", ["light", "season", "style"])
def test_each_light_season_and_style_has_its_look(part: str) -> None:
    names = {"light": LIGHTS, "season": SEASONS, "style": STYLES}[part]
    usual = {"light": "day", "season": "summer", "style": "picturebook"}
    pictures = [
        paint(compose(("horse",), (0.5,), 8, **{**usual, part: name}), 256, 144) for name in names
    ]
    for index, picture in enumerate(pictures):
        for other in pictures[:index]:
            assert apart(picture, other).mean() > 6


def test_two_lights_mix_into_one_between() -> None:
    day = compose((), (), 2, light="day")
    dusk = replace(day, lights=tuple(float(name == "dusk") for name in LIGHTS))
    both = replace(day, lights=tuple(0.5 * (a + b) for a, b in zip(day.lights, dusk.lights,
                                                                  strict=True)))  # fmt: skip
    tones = [np.array(palette(scene).sky) for scene in (day, both, dusk)]
    assert np.abs((tones[0] + tones[2]) / 2 - tones[1]).max() <= 3


def test_sizes_share_their_composition() -> None:
    scene = compose(("fire",), (0.8,), 2, style="picturebook")
    large, small = paint(scene, 512, 288), paint(scene, 256, 144)
    halved = large.reshape(144, 2, 256, 2, 3).mean((1, 3))
    assert np.abs(halved - small).mean() < 6
