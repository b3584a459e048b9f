"""What is counted of the names that a bundle says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from engine.bundle.load import Bundle, BundleModels, load_bundle
from tests.tiny_models import between, tone_of
from training.evaluate.hearing.names import name_mixes

Opened = tuple[Bundle, BundleModels]


@pytest.fixture(scope="module")
def opened(small_bundle: Path) -> Iterator[Opened]:
    bundle = load_bundle(small_bundle)
    models = bundle.models("onnxruntime", threads=1, steps=())
    yield bundle, models
    models.close()


def test_right_names_count_as_right(opened: Opened) -> None:
    both = tone_of("dog", 4.0) + tone_of("train", 4.0)
    found = name_mixes(*opened, [(both, frozenset({"dog", "train"}))])
    assert (found.all_strongest, found.any_often, found.each_often) == (1.0, 1.0, 1.0)
    assert (found.wrong, found.unknown, found.nothing, found.changes) == (0.0, 0.0, 0.0, 0.0)
    assert found.first_right_s <= 0.4
    assert found.count == 1


def test_wrong_ones_as_wrong_and_none_as_none(opened: Opened) -> None:
    sounds = [
        (tone_of("dog", 4.0), frozenset({"cat"})),
        (between("church bells", 4.0), frozenset({"dog"})),
    ]
    found = name_mixes(*opened, sounds)
    assert (found.all_strongest, found.any_often) == (0.0, 0.0)
    assert found.wrong == pytest.approx(0.5, abs=0.01)
    assert found.unknown == pytest.approx(0.5, abs=0.01)
    assert found.nothing == pytest.approx(0.5, abs=0.01)
    assert found.first_right_s == np.inf


def test_a_name_that_comes_and_goes_is_counted(opened: Opened) -> None:
    there = tone_of("dog", 3.0)
    gap = np.zeros(16_000 * 5, np.float32)
    sound = np.concatenate([there, gap, there])
    found = name_mixes(*opened, [(sound, frozenset({"dog"}))])
    seconds = 11.0 - 0.8
    assert found.changes == pytest.approx(2 / seconds * 60, rel=0.1)
