"""The crop covers windows of any shape and stays inside the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.window_crop import cover
from live.window_focus import Focus

WIDE = 16 / 9


@given(st.floats(0.1, 12.0), st.floats(1.0, 1.5), st.floats(0.0, 1.0))
def test_covers_any_window_from_inside_the_picture(
    aspect: float, zoom: float, focus_x: float
) -> None:
    crop = cover(WIDE, aspect, zoom, focus_x)
    assert crop.x >= 0.0
    assert crop.y >= 0.0
    assert crop.x + crop.width <= 1.0 + 1e-9
    assert crop.y + crop.height <= 1.0 + 1e-9
    assert WIDE * crop.width / crop.height == pytest.approx(aspect)
    assert max(crop.width, crop.height) == pytest.approx(1.0 / zoom)


def test_a_window_of_the_same_shape_shows_everything() -> None:
    crop = cover(WIDE, WIDE)
    assert (crop.x, crop.y, crop.width, crop.height) == pytest.approx((0.0, 0.0, 1.0, 1.0))


def test_a_wide_window_loses_more_sky_than_ground() -> None:
    crop = cover(WIDE, 3.2)
    above, below = crop.y, 1.0 - crop.y - crop.height
    assert above > below > 0.0


def test_a_tall_window_keeps_what_stands_out() -> None:
    picture = np.zeros((144, 256, 3), np.uint8)
    picture[..., 2] = np.linspace(60, 200, 144, dtype=np.uint8)[:, None]
    picture[80:130, 40:70] = (220, 120, 40)
    focus = Focus()
    for step in range(30):
        focus.look(picture)
        at = focus.at(step / 10, 0.5)
    crop = cover(WIDE, 0.5, focus_x=at)
    assert crop.x <= 40 / 256
    assert crop.x + crop.width >= 70 / 256


def test_the_focus_drifts_and_does_not_jump() -> None:
    left, right = np.zeros((2, 144, 256, 3), np.uint8)
    left[80:130, 20:60] = 255
    right[80:130, 200:240] = 255
    focus = Focus()
    focus.look(left)
    at = [focus.at(0.0, 0.5)]
    for step in range(1, 600):
        if step % 6 == 0:
            focus.look(right)
        at.append(focus.at(step / 60, 0.5))
    assert np.abs(np.diff(at)).max() < 0.02
    assert at[0] < 0.4
    assert at[-1] > 0.6
