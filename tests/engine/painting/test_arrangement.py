"""Sources in scenes for narrow windows: wholly seen, and none before another."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bundle.load import Bundle, load_bundle
from engine.packets import PictureConditions
from engine.painting.arrangement import Spot, Subject, arrange
from engine.painting.conditioning import Conditioner
from engine.painting.crop import Crop, cover
from engine.runtimes.model import TensorSpec
from engine.weather.rain import draw_rain
from tests.engine.hearings import HOP_S, hearing

ZOOM = 1.035
"""What a loud moment draws the scene nearer by."""
SHAPES = {"9:20": 9 / 20, "9:16": 9 / 16, "3:4": 3 / 4, "1:1": 1.0, "4:3": 4 / 3, "16:10": 1.6}
WIDE = {"21:9": 21 / 9, "32:9": 32 / 9, "5:1": 5.0}
WIDEST = 2.0
"""Width over height of the widest drawings: two animals, a train."""
TALLEST = {
    "ground": Subject(0.3, 0.7, 0.5, 0.68),
    "sky": Subject(0.7, 0.3, 0.36, 0.66),
    "train": Subject(0.6, 0.72, 0.46, 0.44),
    "tree": Subject(0.4, 0.47, 0.42, 0.66),
}


def edges(x: float, y: float, height: float, tall: float, wide: float) -> tuple[float, ...]:
    """Left, top, right and bottom of a box over the picture, in shares of its width and height."""
    half = wide * height * tall / 2
    return x - half, y - height / 2, x + half, y + height / 2


def lies_inside(box: tuple[float, ...], seen: Crop) -> bool:
    """Whether nothing of a box is cut."""
    left, top, right, bottom = box
    return (
        left >= seen.x - 1e-6
        and top >= seen.y - 1e-6
        and right <= seen.x + seen.width + 1e-6
        and bottom <= seen.y + seen.height + 1e-6
    )


def covered(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Share of the smaller of two boxes that lies under the other."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return max(across, 0.0) * max(down, 0.0) / smaller


subjects = st.lists(
    st.builds(
        Subject,
        st.floats(0.2, 0.8),
        st.sampled_from([0.25, 0.3, 0.45, 0.6, 0.7, 0.76]),
        st.floats(0.2, 0.57),
        st.floats(0.39, 0.7),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=60)
@given(subjects, st.sampled_from(sorted(SHAPES.values())), st.floats(0.9, 1.0))
def test_of_any_subjects_in_any_shape_nothing_is_cut(
    wanted: list[Subject], aspect: float, cut: float
) -> None:
    seen = cover(aspect, aspect * cut, ZOOM)
    spots = arrange(wanted, 1 / aspect, seen)
    for subject, spot in zip(wanted, spots, strict=True):
        height = spot.scale * subject.height
        box = edges(spot.x, spot.foot - height / 2, height, 1 / aspect, WIDEST)
        assert lies_inside(box, seen), (subject, spot)


@pytest.mark.parametrize("aspect", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("count", [2, 3])
def test_none_stands_before_another_and_none_is_tiny(aspect: float, count: int) -> None:
    for names in combinations(["ground", "ground", "ground", "sky", "tree", "train"], count):
        wanted = [TALLEST[name] for name in names]
        spots = arrange(wanted, 1 / aspect, Crop(0.0, 0.0, 1.0, 1.0))
        boxes = [_usual(subject, spot, aspect) for subject, spot in zip(wanted, spots, strict=True)]
        assert all(covered(a, b) < 0.15 for a, b in combinations(boxes, 2)), names
        # Of the picture's pixels, so that portraits are measured as landscapes are.
        assert all(math.sqrt((b[3] - b[1]) * (b[2] - b[0])) > 0.1 for b in boxes), names


def _usual(subject: Subject, spot: Spot, aspect: float) -> tuple[float, ...]:
    height = spot.scale * subject.height
    return edges(spot.x, spot.foot - height / 2, height, 1 / aspect, 1.2)


def test_the_same_subjects_are_arranged_the_same() -> None:
    wanted = [TALLEST["ground"], TALLEST["sky"], TALLEST["train"]]
    seen = Crop(0.02, 0.02, 0.96, 0.96)
    assert arrange(wanted, 16 / 9, seen) == arrange(wanted, 16 / 9, seen)
    assert arrange([], 16 / 9, seen) == []


LABELS = (("dog",), ("birds",), ("car engine",), ("dog", "birds"), ("cow", "train"),
          ("sheep", "bear"), ("dog", "cat", "crow"), ("cow", "sheep", "pig"),
          ("train", "church bells", "horse"), ("birds", "seagull", "duck"))  # fmt: skip


@pytest.mark.parametrize("aspect", (SHAPES | WIDE).values(), ids=SHAPES | WIDE)
def test_the_shipped_bundle_places_every_source_in_what_the_window_shows(aspect: float) -> None:
    bundle = load_bundle("picturebook")
    names = bundle.manifest.labels
    for seed, labels in enumerate(LABELS):
        show = Conditioner(bundle, seed)
        show.paint_for(aspect)
        for window in range(15):
            heard = {i: (names.index(label), 0.9 - 0.2 * i) for i, label in enumerate(labels)}
            show.hear(hearing(bundle, window, heard), (window + 1) * HOP_S)
        scene = show.conditions(15 * HOP_S + 0.1, 2).scene
        height, width = (side * 16 for side in scene.noise.shape[2:])
        assert height * width <= 288 * 512, "no more to paint than in the bundle's own shape"
        assert abs(math.log(width / height / aspect)) < 0.09 or aspect > 4
        seen = cover(width / height, aspect, ZOOM)
        for weight, (x, y, h, _) in zip(scene.weights[0], scene.places[0], strict=True):
            if weight > 0:
                box = edges(x, y, h, height / width, 1.1)
                assert lies_inside(box, seen), (labels, x, y, h)


def shown(show: Conditioner, bundle: Bundle, first: int, hops: int) -> PictureConditions:
    """The scene after so many hearings of a dog and birds."""
    names = bundle.manifest.labels
    heard = {1: (names.index("dog"), 0.9), 2: (names.index("birds"), 0.7)}
    for window in range(first, first + hops):
        show.hear(hearing(bundle, window, heard), (window + 1) * HOP_S)
    return show.conditions((first + hops) * HOP_S + 0.1, 2).scene


def test_a_window_that_is_turned_and_turned_back_shows_what_it_showed() -> None:
    bundle = load_bundle("picturebook")
    turned, never = Conditioner(bundle, 3), Conditioner(bundle, 3)
    for show in (turned, never):
        shown(show, bundle, 0, 10)
    turned.paint_for(9 / 16)
    portrait = shown(turned, bundle, 10, 5)
    assert portrait.noise.shape[2:] == (32, 18)
    shown(never, bundle, 10, 5)
    turned.paint_for(1366 / 768)  # no screen is exactly 16:9
    one, other = shown(turned, bundle, 15, 5), shown(never, bundle, 15, 5)
    for name in ("places", "looks", "noise", "weights"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert not np.allclose(portrait.places, one.places)


def test_a_generator_of_one_shape_places_its_sources_in_what_is_seen_of_it() -> None:
    bundle = load_bundle("picturebook")
    files = {
        name: replace(
            spec, inputs={**spec.inputs, "noise": TensorSpec(("batch", 16, 18, 32), "float32")}
        )
        if spec.role == "generator"
        else spec
        for name, spec in bundle.manifest.files.items()
    }
    fixed = replace(bundle, manifest=replace(bundle.manifest, files=files))
    for aspect in (9 / 16, 1.0, 32 / 9):
        show = Conditioner(fixed, 1)
        show.paint_for(aspect)
        scene = shown(show, fixed, 0, 15)
        assert scene.noise.shape[2:] == (18, 32)
        seen = cover(16 / 9, aspect, ZOOM)
        for weight, (x, y, height, _) in zip(scene.weights[0], scene.places[0], strict=True):
            if weight > 0:
                assert lies_inside(edges(x, y, height, 9 / 16, 1.1), seen), (aspect, x, y, height)


def test_rain_is_as_fine_and_as_fast_in_a_portrait() -> None:
    def streaks(height: int, width: int) -> np.ndarray:
        grey = np.full((height, width, 3), 100, np.uint8)
        return draw_rain(grey, 0.8, 3.0)[..., 0].astype(int) - 100

    wide, tall = streaks(288, 512), streaks(512, 288)
    assert tall.std() == pytest.approx(wide.std(), rel=0.1)
    # How long the streaks are: as alike to what is some rows below.
    for rows in (4, 12):
        alike = [float((each[rows:] * each[:-rows]).mean() / each.var()) for each in (wide, tall)]
        assert alike[0] == pytest.approx(alike[1], abs=0.1)
