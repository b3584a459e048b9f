"""What a picture shows follows from what sounds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES
from training.vocabulary import LABELS
from training.world.layout import AIR, WATER, aspect
from training.world.scene import FLOWING, Scene, compose, draw_concepts, place_rule

DRAWN = [
    (compose(*draw_concepts(np.random.default_rng([seed, 0]), kind), seed, kind), kind)
    for kind in ("scene", "panel")
    for seed in range(150)
]


def boxes(scene: Scene) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each subject over picture size."""
    shape = 9 / 16 if scene.kind == "scene" else 1.0
    sides = []
    for s in scene.subjects:
        half = s.height * aspect(s.label, s.look) * shape / 2
        sides.append((s.x - half, s.foot - s.height, s.x + half, s.foot))
    return sides


def test_same_seed_same_scene() -> None:
    assert compose(("dog", "rain"), (0.5, 0.9), 7) == compose(("dog", "rain"), (0.5, 0.9), 7)
    assert compose(("dog",), (0.5,), 7) != compose(("dog",), (0.5,), 8)


def test_everything_that_sounds_is_told_once_and_in_order() -> None:
    for scene, _ in DRAWN:
        truth = scene.truth()
        assert [(t.label, t.weight) for t in truth] == list(scene.loudness)
        for told in truth:
            if told.label in AIR:
                assert told.place == (0.5, 0.5, 1.0, 0.0)
                assert told.look == 0
            else:
                assert told.place[3] in (-1.0, 1.0)
                assert 0 <= told.look < 8


def test_boxes_lie_inside_the_picture() -> None:
    for scene, _ in DRAWN:
        for left, top, right, bottom in boxes(scene):
            assert -0.06 < left < right < 1.06
            assert 0 <= top < bottom < 1


def test_subjects_stand_beside_one_another() -> None:
    pairs, stacked = 0, 0
    for scene, _ in DRAWN:
        for a, b in itertools.combinations(boxes(scene), 2):
            across = min(a[2], b[2]) - max(a[0], b[0])
            down = min(a[3], b[3]) - max(a[1], b[1])
            smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
            pairs += 1
            stacked += across > 0 and down > 0 and across * down > 0.1 * smaller
    assert pairs > 90
    assert stacked <= 0.01 * pairs


@pytest.mark.parametrize("kind", ["scene", "panel"])
@pytest.mark.parametrize("label", [name for name in LABELS if name not in AIR])
def test_louder_is_larger_and_nearer(label: str, kind: str) -> None:
    (_, h0), (_, h1) = place_rule(label, kind)
    assert h1 > 1.2 * h0
    for seed in range(4):
        soft = compose((label,), (0.2,), seed, kind).subjects[0]
        loud = compose((label,), (1.0,), seed, kind).subjects[0]
        assert loud.height > 1.1 * soft.height
        assert loud.foot > soft.foot - 1e-9


def test_a_lone_subject_keeps_to_the_rule() -> None:
    for seed in range(40):
        (told,) = compose(("sheep",), (0.5,), seed).truth()
        (y0, h0), (y1, h1) = place_rule("sheep", "scene")
        assert told.place[1] == pytest.approx((y0 + y1) / 2, abs=0.0201)
        assert told.place[2] == pytest.approx((h0 + h1) / 2, rel=0.0601)


def test_what_swims_finds_water() -> None:
    for scene, _ in DRAWN:
        if any(subject.label in WATER for subject in scene.subjects):
            assert scene.water


def test_panels_hold_one_sound_alone() -> None:
    panels = [scene for scene, kind in DRAWN if kind == "panel"]
    assert all(len(scene.loudness) <= 1 for scene in panels)
    assert sum(not scene.loudness for scene in panels) < 0.1 * len(panels)
    assert all(abs(s.x - 0.5) <= 0.06 for scene in panels for s in scene.subjects)


def test_waters_that_shape_the_place_come_one_at_a_time() -> None:
    for seed in range(500):
        labels, weights = draw_concepts(np.random.default_rng(seed))
        assert sum(name in FLOWING for name in labels) <= 1
        assert all(0.15 <= weight <= 1 for weight in weights)


def test_atmosphere_is_three_shares_of_one() -> None:
    total = np.zeros(14)
    for scene, _ in DRAWN:
        vector = scene.atmosphere()
        assert vector.shape == (14,)
        assert vector.dtype == np.float32
        for group in (vector[:7], vector[7:11], vector[11:]):
            assert (group >= 0).all()
            assert group.sum() == pytest.approx(1)
        total += vector
    assert (total[:11] > 0.05 * len(DRAWN)).all()
    mixed = sum(max(scene.lights) < 1 for scene, _ in DRAWN) / len(DRAWN)
    assert 0.15 < mixed < 0.35


def test_light_season_and_style_can_be_chosen_and_change_nothing_else() -> None:
    drawn = compose(("cow", "wind"), (0.4, 0.6), 3)
    for light, season, style in zip(LIGHTS, SEASONS, STYLES, strict=False):
        chosen = compose(
            ("cow", "wind"), (0.4, 0.6), 3, light=light, season=season, style=style
        )
        assert (chosen.light, chosen.season, chosen.style) == (light, season, style)
        assert chosen.truth() == drawn.truth()
        assert chosen.place == drawn.place


def test_silence_is_an_empty_landscape() -> None:
    scene = compose((), (), 3)
    assert not scene.air
    assert not scene.subjects
    assert not scene.truth()
