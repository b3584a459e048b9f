"""Turning a picture and pulling it to four corners."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.painting.crop import cover
from live.compose.wall.mapping import (
    PLAIN,
    TURNS,
    WHOLE,
    Corners,
    Placing,
    at,
    can_show,
    pulled,
    turned,
)

SHARE = st.floats(0.0, 0.2)


@given(st.lists(SHARE, min_size=8, max_size=8))
def test_every_corner_goes_where_it_is_pulled_and_straight_lines_stay_straight(
    by: list[float],
) -> None:
    corners: Corners = (
        (by[0], by[1]), (1 - by[2], by[3]), (1 - by[4], 1 - by[5]), (by[6], 1 - by[7]),
    )  # fmt: skip
    assert can_show(corners)
    matrix = pulled(corners)
    for whole, there in zip(WHOLE, corners, strict=True):
        assert at(matrix, whole) == pytest.approx(there)
    (x0, y0), (x1, y1), (x2, y2) = (at(matrix, (share, share)) for share in (0.0, 0.4, 1.0))
    assert (x1 - x0) * (y2 - y0) == pytest.approx((y1 - y0) * (x2 - x0), abs=1e-9)


def test_a_turned_picture_has_its_upper_left_where_who_turns_the_screen_back_sees_it() -> None:
    upper_left = {0: (0.0, 0.0), 90: (1.0, 0.0), 180: (1.0, 1.0), 270: (0.0, 1.0)}
    for degrees in TURNS:
        assert at(turned(degrees), (0.0, 0.0)) == pytest.approx(upper_left[degrees])
        there_and_back = turned(degrees) @ turned(-degrees)
        assert np.allclose(there_and_back, np.eye(3))
    assert Placing(turn=90).upright(1920, 1080) == (1080, 1920)
    assert Placing(turn=180).upright(1920, 1080) == (1920, 1080)


def test_corners_are_pulled_as_who_looks_at_it_upright_has_them() -> None:
    corners: Corners = ((0.1, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    placing = Placing(turn=90, corners=corners)
    assert at(placing.matrix, (0.0, 0.0)) == pytest.approx((1.0, 0.1))
    assert not placing.is_plain
    assert PLAIN.is_plain


@pytest.mark.parametrize(
    "corners",
    [
        ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0)),  # mirrored
        ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)),  # folded
        ((0.0, 0.0), (1.0, 0.0), (1.0, 0.01), (0.0, 0.01)),  # flat
        ((0.9, 0.9), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),  # a corner pulled through
    ],
)
def test_a_picture_that_would_be_folded_is_none(corners: Corners) -> None:
    assert not can_show(corners)


def test_the_parts_of_two_screens_make_the_picture_of_one_as_wide() -> None:
    whole = cover(16 / 9, 2560 / 720, zoom=1.02)
    left, right = (Placing(part=(x, 0.0, 0.5, 1.0)) for x in (0.0, 0.5))
    assert left.whole_aspect(1280, 720) == pytest.approx(2560 / 720)
    one, two = (each.crop(16 / 9, 1280, 720, 1.02) for each in (left, right))
    assert (one.x, one.y) == pytest.approx((whole.x, whole.y))
    assert one.x + one.width == pytest.approx(two.x)
    assert two.x + two.width == pytest.approx(whole.x + whole.width)
    assert one.height == pytest.approx(whole.height)
