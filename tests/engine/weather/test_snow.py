"""Snow over a picture: falls, calmly, and only in the light of snow."""

import itertools
from pathlib import Path

import numpy as np

from engine.bundle.load import load_bundle
from engine.painting.atmosphere import Atmosphere, Choice
from engine.painting.conditioning import Conditioner
from engine.weather.snow import draw_snow

GREY = np.full((144, 256, 3), 120, np.uint8)


def change(a, b) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def test_no_snow_is_the_picture_itself_and_more_of_it_changes_more() -> None:
    assert draw_snow(GREY, 0.0, 3.0) is GREY
    changes = np.array([change(draw_snow(GREY, a, 1.0), GREY) for a in np.linspace(0, 1, 33)])
    assert (np.diff(changes) > 0).all()
    assert draw_snow(np.full_like(GREY, 250), 1.0, 1.0).min() >= 250, "nothing wraps around"


def test_it_falls_without_a_jump_and_a_moment_looks_the_same_again() -> None:
    now, again = draw_snow(GREY, 1.0, 2.0), draw_snow(GREY, 1.0, 2.0)
    assert (now == again).all()
    frames = [draw_snow(GREY, 1.0, 2.0 + 0.04 * i) for i in range(50)]
    steps = [change(a, b) for a, b in itertools.pairwise(frames)]
    assert max(steps) < 1.5
    assert change(frames[0], frames[-1]) > 0.5
    # The near flakes tell: by an eighth of the height in a second.
    later = draw_snow(GREY, 1.0, 3.0)
    assert change(now, later) > 0.5


def test_any_size_and_any_moment() -> None:
    for shape in ((16, 16, 3), (288, 512, 3), (513, 300, 3)):
        assert draw_snow(np.zeros(shape, np.uint8), 1.0, 1e7).shape == shape


def test_it_falls_where_the_light_is_that_of_snow_and_pictures_move(small_bundle: Path) -> None:
    bundle = load_bundle(small_bundle)

    def snow(light: str, motion: float) -> float:
        atmosphere = Atmosphere(0, choice=Choice(light, "winter", "picturebook"))
        conditioner = Conditioner(bundle, atmosphere=atmosphere, motion=motion)
        return conditioner.conditions(0.0, 2).scene_weather.snow

    assert snow("snow", 0.6) == 1.0
    assert snow("snow", 0.0) == 0.0
    assert snow("day", 0.6) == 0.0
