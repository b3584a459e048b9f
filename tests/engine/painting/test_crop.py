"""The crop covers windows of any shape and stays inside the picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.painting.crop import cover

WIDE = 16 / 9


@given(st.floats(0.1, 12.0), st.floats(1.0, 1.5))
def test_covers_any_window_from_inside_the_picture(aspect: float, zoom: float) -> None:
    crop = cover(WIDE, aspect, zoom)
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
