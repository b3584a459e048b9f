"""Several screens as one wall."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from live.compose.wall.arrange import Edges, Screen, arrange, facing
from live.compose.wall.soft_edge import GAMMA, ramp
from live.compose.wall.wander import STEP_S, wander_at

HD = (1920.0, 1080.0)


def screen(key: str, x: float, y: float, edges: Edges | None = None) -> Screen:
    return Screen(key, (x, y, *HD), HD, edges or Edges())


def test_two_beside_one_another_have_half_each_whatever_gap_the_desktop_has() -> None:
    tiles, aspect = arrange([screen("b", 2500, 40), screen("a", 0, 0)], 4)
    assert tiles["a"].part == pytest.approx((0.0, 0.0, 0.5, 1.0))
    assert tiles["b"].part == pytest.approx((0.5, 0.0, 0.5, 1.0))
    assert aspect == pytest.approx(2 * 16 / 9)
    assert (tiles["a"].panels, tiles["b"].panels) == (range(0, 2), range(2, 4))


def test_where_projectors_overlap_they_show_the_same_and_both_dim_it() -> None:
    tiles, aspect = arrange([screen("a", 0, 0, Edges(right=0.1)), screen("b", 1920, 0)], 4)
    assert aspect == pytest.approx(1.9 * 16 / 9)
    left, right = tiles["a"], tiles["b"]
    overlap = left.part[0] + left.part[2] - right.part[0]
    assert overlap == pytest.approx(0.1 / 1.9)
    assert left.edges == Edges(right=0.1)
    assert right.edges == Edges(left=pytest.approx(0.1))  # type: ignore[arg-type]


def test_four_make_a_square_and_panels_hang_below() -> None:
    four = [screen("a", 0, 0), screen("b", 1920, 0), screen("c", 0, 1080), screen("d", 1920, 1080)]
    tiles, aspect = arrange(four, 3)
    assert aspect == pytest.approx(16 / 9)
    assert tiles["d"].part == pytest.approx((0.5, 0.5, 0.5, 0.5))
    assert [tiles[key].panels for key in "abcd"] == [range(0), range(0), range(0, 2), range(2, 3)]
    tall = arrange([each for each in four if each.key in "ac"], 3)
    assert tall[1] == pytest.approx(8 / 9)
    softer = [screen("a", 0, 0, Edges(bottom=0.2)), four[2]]
    assert arrange(softer, 3)[1] == pytest.approx(16 / 9 / 1.8)


def test_every_panel_hangs_on_one_screen() -> None:
    for count in range(1, 5):
        for slots in range(5):
            tiles, _ = arrange([screen(f"{n}", 1920 * n, 0) for n in range(count)], slots)
            hung = [slot for n in range(count) for slot in (tiles[f"{n}"].panels or ())]
            assert hung == list(range(slots))


def test_who_overlaps_with_whom() -> None:
    small = Screen("b", (1920, 0, 960, 1080), (960.0, 1080.0))
    row = [screen("a", 0, 0), small]
    assert facing(row, "a", "right") == [("b", "left", 2.0)]
    assert facing(row, "b", "left") == [("a", "right", 0.5)]
    assert facing(row, "a", "left") == facing(row, "b", "right") == facing(row, "a", "top") == []
    below = [screen("a", 0, 0), screen("b", 0, 1080)]
    assert facing(below, "b", "top") == [("a", "bottom", 1.0)]


def test_what_soft_edges_leave_is_never_nothing() -> None:
    assert Edges(0.1, 0.0, 0.2, 0.5).inside(100, 200) == pytest.approx((10, 0, 70, 100))
    left, top, wide, tall = Edges(0.5, 0.5, 0.5, 0.5).inside(100, 100)
    assert (left, top, wide, tall) == (50, 50, 25, 25)


def test_two_soft_edges_give_as_much_light_as_a_hard_one() -> None:
    places = np.linspace(0.0, 1.0, 101, dtype=np.float32)
    light = ramp(places) ** GAMMA + ramp(1.0 - places) ** GAMMA
    assert np.allclose(light, 1.0, atol=1e-5)
    assert ramp(places)[0] == 0.0
    assert (np.diff(ramp(places)) > 0.0).all()


@pytest.mark.parametrize("most", [0, 1, 4])
def test_what_stands_still_wanders_a_pixel_at_a_time_everywhere_and_back(most: int) -> None:
    side = 2 * most + 1
    assert wander_at(0.0, most) == (0, 0)
    walk = [wander_at(STEP_S * step, most) for step in range(2 * side * side)]
    for (x0, y0), (x1, y1) in pairwise(walk):
        assert abs(x1 - x0) + abs(y1 - y0) == (1 if most else 0)
    assert set(walk) == {(x, y) for x in range(-most, most + 1) for y in range(-most, most + 1)}
