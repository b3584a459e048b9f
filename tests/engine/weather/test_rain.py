"""Rain over a picture: falls, sets in smoothly, and comes from the sound of rain."""

from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import load_bundle
from engine.hearing.naming import Naming
from engine.packets import HeardSource, Hearing, Stamp
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.painting.staging import RAIN, rain_share
from engine.weather.rain import draw_rain

GREY = np.full((72, 128, 3), 120, np.uint8)


def change(a, b) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def test_no_rain_is_the_picture_itself() -> None:
    assert draw_rain(GREY, 0.0, 3.0) is GREY
    assert draw_rain(GREY, 0.002, 3.0) is GREY, "too little for a streak to show"
    assert draw_rain(GREY, 0.02, 3.0) is not GREY


def test_more_rain_changes_more_and_sets_in_from_nothing() -> None:
    amounts = np.linspace(0, 1, 101)
    changes = np.array([change(draw_rain(GREY, float(a), 1.0), GREY) for a in amounts])
    assert changes[1] < 0.1 * changes[-1]
    assert (np.diff(changes) > -0.02).all()
    assert np.diff(changes).max() < 0.1 * changes[-1]


def test_streaks_stand_out_from_pale_and_dark_ground() -> None:
    for level in (10, 245):
        ground = np.full_like(GREY, level)
        assert change(draw_rain(ground, 0.5, 1.0), ground) > 0.5
    wet = draw_rain(np.full_like(GREY, 255), 1.0, 1.0)
    assert wet.dtype == np.uint8
    assert wet.min() > 150, "nothing wraps around"


def test_it_falls_and_a_moment_looks_the_same_again() -> None:
    now, again, later = (draw_rain(GREY, 0.2, moment) for moment in (2.0, 2.0, 2.1))
    assert (now == again).all()
    assert change(now, later) > 0.3
    # At a drizzle the far streaks tell: by 0.045 of the height further down.
    moved = [change(np.roll(now.astype(int), down, 0), later) for down in range(20)]
    assert int(np.argmin(moved)) in (3, 4)


def test_any_size_and_any_moment() -> None:
    for shape in ((16, 16, 3), (288, 512, 3), (513, 300, 3)):
        assert draw_rain(np.zeros(shape, np.uint8), 1.0, 1e7).shape == shape


def test_only_what_sounds_of_rain_is_rain() -> None:
    words = np.eye(3, dtype=np.float32)
    naming = Naming(words, (RAIN, "waterfall", "dog"), 0.1)
    assert rain_share(naming, words[0]) > 0.99
    assert rain_share(naming, words[2]) < 0.01
    halfway = (words[0] + words[1]) / np.sqrt(2)
    assert rain_share(naming, halfway) == pytest.approx(0.5)
    assert rain_share(Naming(words, ("a", "b", "c"), 0.1), words[0]) == 0.0


def test_heard_rain_falls_in_scene_and_panel_and_nothing_else_does(small_bundle: Path) -> None:
    bundle = load_bundle(small_bundle)
    names = bundle.manifest.labels
    assert RAIN in names
    models = bundle.models("onnxruntime", threads=1)
    painter = Painter(models.generators)

    def asked(*heard: tuple[str, float]):
        conditioner = Conditioner(bundle, seed=1)
        sources = tuple(
            HeardSource(i, bundle.vocabulary[names.index(name)], ((name, 0.9),), -20.0, weight)
            for i, (name, weight) in enumerate(heard)
        )
        stamp = Stamp(0, 0, 0, 64_000, 16_000, 0.0)
        conditioner.hear(Hearing(stamp, sources, -20.0, {}), 0.0)
        return conditioner.conditions(2.0, 1)

    wet, dry = asked(("rain", 0.4), ("birds", 0.8)), asked(("birds", 0.8))
    assert wet.scene_weather.rain == pytest.approx(0.4, abs=0.1)
    panels = dict(zip(wet.track_ids, wet.panels_weather, strict=True))
    assert panels[0].rain > 0.8
    assert panels[1].rain < 0.05
    assert dry.scene_weather.rain < 0.05
    pictures = painter.paint(wet)
    bare = models.generators[1].run(
        {name: getattr(wet.scene, name) for name in models.generators[1].input_names}
    )["picture"][0]
    assert (pictures.scene == draw_rain(bare, wet.scene_weather.rain, wet.moment_s)).all()
    assert change(pictures.scene, bare) > 0.3
    models.close()
