"""The cross-fade is continuous, as long as the pictures' rhythm, and survives a change of size."""

from __future__ import annotations

import numpy as np
import pytest

from live.compose.crossfade import LONGEST_S, SHORTEST_S, CrossFade, blend


def plain(value: int, height: int = 9, width: int = 16) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def test_the_first_picture_fades_in_from_what_was_there() -> None:
    fade = CrossFade(first=plain(0), first_fade_s=0.5)
    assert fade.mix(10.0) == 1.0
    assert fade.show(plain(200), 10.0)
    seen = [int(fade.picture_at(10.0 + t)[0, 0, 0]) for t in (0.0, 0.25, 0.5, 3.0)]
    assert seen[0] == 0
    assert abs(seen[1] - 100) <= 1
    assert seen[2:] == [200, 200]


def test_the_same_array_again_starts_nothing() -> None:
    fade = CrossFade(first=plain(0))
    picture = plain(200)
    assert fade.show(picture, 1.0)
    version = fade.version
    assert not fade.show(picture, 1.1)
    assert fade.version == version


def test_without_a_first_picture_nothing_is_seen_until_there_is_one() -> None:
    fade = CrossFade()
    assert fade.picture_at(0.0) is None
    fade.show(plain(7), 1.0)
    assert int(fade.picture_at(1.0)[0, 0, 0]) == 7


def test_a_picture_that_comes_early_starts_from_what_is_seen() -> None:
    fade = CrossFade(first=plain(0), first_fade_s=1.0)
    fade.show(plain(100), 0.0)
    before = int(fade.picture_at(0.3)[0, 0, 0])
    fade.show(plain(250), 0.3)
    after = int(fade.picture_at(0.3)[0, 0, 0])
    assert abs(before - after) <= 1


def test_a_steady_stream_of_pictures_never_jumps() -> None:
    fade = CrossFade(first=plain(0))
    rng = np.random.default_rng(3)
    seen, now, next_at = [], 0.0, 0.0
    for _ in range(600):
        if now >= next_at:
            fade.show(plain(int(rng.integers(0, 256))), now)
            next_at = now + float(rng.uniform(0.09, 0.16))
        seen.append(int(fade.picture_at(now)[0, 0, 0]))
        now += 1 / 60
    # At most the whole range in the shortest rhythm, one sixtieth of a second at a time.
    assert np.abs(np.diff(seen)).max() <= 255 / 0.06 / 60 + 1


def test_the_fade_takes_as_long_as_pictures_take() -> None:
    fade = CrossFade(first=plain(0))
    for step in range(40):
        fade.show(plain(step), step * 0.125)
    assert fade.duration_s == pytest.approx(0.125, abs=0.01)
    for step in range(40):
        fade.show(plain(step), 5.0 + step * 0.01)
    assert fade.duration_s == SHORTEST_S
    fade.show(plain(0), 500.0)
    assert fade.duration_s <= LONGEST_S


def test_a_smaller_picture_is_faded_to_in_its_own_size() -> None:
    fade = CrossFade(first=plain(0, 18, 32))
    fade.show(plain(90, 18, 32), 1.0)
    fade.show(plain(200, 9, 16), 2.0)
    assert fade.start.shape == fade.end.shape == (9, 16, 3)
    assert int(fade.picture_at(2.0)[4, 4, 0]) == 90


@pytest.mark.parametrize(("mix", "expected"), [(0.0, 0), (0.5, 100), (1.0, 200), (2.0, 200)])
def test_blend(mix: float, expected: int) -> None:
    assert int(blend(plain(0), plain(200), mix)[0, 0, 0]) == pytest.approx(expected, abs=1)
