"""Where the panels hang in windows of all shapes."""

from __future__ import annotations

import pytest

from live.compose.panel_layout import panel_grid, panel_row
from live.compose.panel_shadow import shadow, shadow_box

SHAPES = [(1280, 720), (1920, 1080), (3840, 2160), (640, 360), (360, 640), (1080, 1920), (331, 187)]


@pytest.mark.parametrize(("width", "height"), SHAPES)
@pytest.mark.parametrize("places", [1, 4, 5])
def test_the_row_lies_inside_the_window(width: int, height: int, places: int) -> None:
    row = panel_row(width, height, places)
    assert len(row.lefts) == places
    assert row.lefts[0] > 0
    assert row.lefts[-1] + row.side < width
    assert 0 < row.top < row.top + row.side < row.bottom < height
    for left, after in zip(row.lefts, row.lefts[1:], strict=False):
        assert left + row.side < after


def test_panels_leave_the_scene_its_ground() -> None:
    row = panel_row(1280, 720, 4)
    covered = (row.lefts[-1] + row.side) * (row.bottom - row.top)
    assert covered < 0.12 * 1280 * 720


def test_the_shadow_lies_under_the_words_and_runs_out_to_nothing() -> None:
    row = panel_row(1280, 720, 4)
    left, top, width, height = shadow_box(row, 1)
    dark = shadow(round(width), round(height))
    assert max(dark[0].max(), dark[-1].max(), dark[:, 0].max(), dark[:, -1].max()) < 0.01
    words = round(row.top + row.side + 0.7 * row.caption - top)
    under = slice(round(row.lefts[1] - left), round(row.lefts[1] + row.side - left))
    assert dark[words, under].min() > 0.5


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080), (480, 900), (160, 120)])
@pytest.mark.parametrize("slots", [1, 2, 3, 4])
def test_a_window_of_panels_alone_holds_them_all(size: tuple[int, int], slots: int) -> None:
    grid = panel_grid(*size, slots)
    tall = grid.side + grid.caption
    assert len(set(grid.places)) == slots
    for x, y in grid.places:
        assert x >= 0.0
        assert y >= 0.0
        assert x + grid.side <= size[0]
        assert y + tall <= size[1]
    assert grid.side >= panel_row(*size, slots).side
