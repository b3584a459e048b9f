"""What has not changed stands still; what has is there at once; what drifts arrives."""

from __future__ import annotations

import numpy as np

from engine.packets import U8
from engine.painting.stillness import KEPT, LARGE, FlickerFilter


def grey(level: float) -> U8:
    return np.full((8, 16, 3), level, np.uint8)


def test_a_shimmer_of_a_few_levels_is_not_seen() -> None:
    rng, stillness = np.random.default_rng(0), FlickerFilter()
    painted = [rng.integers(97, 104, (8, 16, 3), dtype=np.uint8) for _ in range(40)]
    shown = [stillness.apply("scene", picture) for picture in painted]
    shimmer, seen = (
        np.abs(np.diff(np.stack(pictures).astype(int), axis=0))[5:].mean()
        for pictures in (painted, shown)
    )
    assert shimmer > 2
    assert seen < 0.15 * shimmer


def test_what_changes_much_is_there_at_once() -> None:
    stillness = FlickerFilter()
    stillness.apply("scene", grey(100))
    for level in (100 + LARGE, 20, 255, 0):
        assert np.array_equal(stillness.apply("scene", grey(level)), grey(level))


def test_a_slow_drift_is_followed_within_two_levels() -> None:
    stillness = FlickerFilter()
    for step in range(200):
        shown = stillness.apply("scene", grey(20 + step))
    for _ in range(20):
        shown = stillness.apply("scene", grey(219))
    assert np.abs(shown.astype(int) - 219).max() <= 2


def test_pictures_of_other_names_and_sizes_begin_anew() -> None:
    stillness = FlickerFilter()
    stillness.apply(1, grey(100))
    assert np.array_equal(stillness.apply(2, grey(103)), grey(103))
    larger = np.full((16, 32, 3), 104, np.uint8)
    assert np.array_equal(stillness.apply(1, larger), larger)
    for track in range(3, 3 + KEPT):
        stillness.apply(track, grey(0))
    assert np.array_equal(stillness.apply(2, grey(106)), grey(106)), "forgotten by then"
