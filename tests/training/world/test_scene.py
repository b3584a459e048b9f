"""What a picture shows follows from what sounds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from training.vocabulary import LABELS
from training.world.scene import AIR, compose, draw_concepts


def test_same_seed_same_scene() -> None:
    assert compose(("dog", "rain"), (0.5, 0.9), 7) == compose(("dog", "rain"), (0.5, 0.9), 7)
    assert compose(("dog",), (0.5,), 7) != compose(("dog",), (0.5,), 8)


@pytest.mark.parametrize("seed", range(20))
def test_everything_that_sounds_is_shown_once(seed: int) -> None:
    labels, weights = draw_concepts(np.random.default_rng(seed))
    scene = compose(labels, weights, seed)
    shown = [name for name, _ in scene.air] + [subject.label for subject in scene.subjects]
    assert sorted(shown) == sorted(labels)
    assert dict(scene.loudness) == dict(zip(labels, weights, strict=True))


def test_subjects_stand_beside_one_another() -> None:
    labels = tuple(name for name in LABELS if name not in AIR)[:4]
    for seed in range(30):
        subjects = sorted(compose(labels, (1.0,) * 4, seed).subjects, key=lambda s: s.x)
        assert min(b.x - a.x for a, b in itertools.pairwise(subjects)) > 0.1


def test_louder_is_larger_and_nearer() -> None:
    for seed in range(20):
        soft = compose(("cow",), (0.2,), seed).subjects[0]
        loud = compose(("cow",), (1.0,), seed).subjects[0]
        assert loud.size > 1.3 * soft.size
        assert loud.foot > soft.foot


def test_silence_is_an_empty_landscape() -> None:
    scene = compose((), (), 3)
    assert not scene.air
    assert not scene.subjects
