"""The show on two screens of a real X server: over both, fitted to each, and never nowhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from live.compose.light import NEUTRAL_LIGHT
from live.compose.panel_layout import panel_grid, panel_row
from live.compose.wall.mapping import Placing, at
from live.compose.wall.soft_edge import ramp
from tests.live.staged_show import COLOURS
from tests.live.window.wall.x_screens import two_screens

ROOT = Path(__file__).parents[4]
BLUE, ORANGE = (
    np.array(each) * NEUTRAL_LIGHT.gain for each in ((40.0, 80.0, 160.0), (200.0, 120.0, 60.0))
)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server with the screens "left" and "right"."""
    with two_screens() as name:
        yield name


@pytest.fixture
def run(display: str, tmp_path: Path) -> Any:
    """What a scenario found; see tests.live.window.wall.elsewhere."""

    def made(scenario: str, **more: str) -> dict:
        environment = {
            "DISPLAY": display,
            "SOUNDGLASS_TEST_PLATFORM": "xcb",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "XDG_SESSION_TYPE": "x11",
            "XDG_CONFIG_HOME": str(tmp_path),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.live.window.wall.elsewhere", scenario, str(tmp_path)],
            cwd=ROOT, env={**os.environ, **environment, **more}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return made


def photograph(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def like(pixel: np.ndarray, colour: np.ndarray) -> bool:
    """Whether a pixel is of a colour, as dark as the corners of the scene are at most."""
    shares = pixel / colour
    return bool(shares.max() - shares.min() < 0.15 and 0.6 < shares.mean() < 1.1)


def test_a_full_window_follows_its_screen_and_is_remembered(run: Any) -> None:
    assert run("go_and_come")["full"]


def test_a_window_is_found_again_though_nobody_tells_that_its_screen_went(run: Any) -> None:
    found = run("small")
    assert found["on"] == ["right"]
    assert found["size"] == [400, 300]


def test_one_picture_spans_the_screens_that_are_there(run: Any, tmp_path: Path) -> None:
    found = run("span")
    assert found["aspect"] == pytest.approx(2 * 640 / 480)
    assert found["alone"] == pytest.approx(640 / 480)
    assert found["turned"] == pytest.approx(2 * 480 / 640)
    assert found["hud"]
    left, right = (photograph(tmp_path / f"span-{name}.png") for name in ("left", "right"))
    assert all(like(left[100, x], BLUE) for x in (5, 320, 630)), "its left half alone"
    assert all(like(right[100, x], ORANGE) for x in (10, 320, 634)), "its right half alone"
    assert left[5, 5].sum() < left[5, 630].sum() - 20, "its corners are those of the whole"
    row = panel_row(640, 480, 2)
    y, first = round(row.top + 20), round(row.lefts[0] + row.side / 2)
    second = round(row.lefts[1] + row.side / 2)
    for seen, x, track in ((left, first, 1), (left, second, 2), (right, first, 3)):
        assert np.abs(seen[y, x] - COLOURS[track]).max() < 14
    assert like(right[y, second], ORANGE), "there are three panels"
    clones = [photograph(tmp_path / f"clone-{name}.png") for name in ("left", "right")]
    assert np.abs(clones[0] - clones[1]).max() <= 2
    assert like(clones[1][100, 100], BLUE)
    assert like(clones[1][100, 540], ORANGE)


def test_screens_are_named_or_counted_and_one_that_is_not_there_is_said(run: Any) -> None:
    found = run("names")
    assert found["main"] == "right", "the first has the keys and what is read"
    assert [line for line in found["said"] if "screen" in line] == [
        "there is no screen nowhere to span",
        "there is no screen projector: showing on this one",
    ]


@pytest.mark.parametrize("view", ["painter", "opengl"])
def test_corners_and_soft_edges_are_where_they_were_put(
    run: Any, tmp_path: Path, view: str
) -> None:
    found = run(f"pinned_{view}")
    if view == "opengl" and found["view"] != "OpenGL":
        pytest.skip(f"this X server has no OpenGL: {found['view']}")
    assert found["edges"] == [[0, 0, 0.25, 0], [0.25, 0, 0, 0]], "the other screen follows"
    corners = ((0.2, 0.1), (1.0, 0.0), (0.9, 0.8), (0.0, 1.0))
    _check_left(photograph(tmp_path / f"pinned-{view}-left.png"), Placing(corners=corners))
    _check_left(
        photograph(tmp_path / f"turned-{view}-left.png"), Placing(turn=270, corners=corners)
    )
    right = photograph(tmp_path / f"pinned-{view}-right.png")
    row = panel_row(640, 480, 2)
    x, y = round(160 + row.lefts[0] + row.side / 2), round(row.top + row.side / 2)
    assert np.abs(right[y, x] - COLOURS[3]).max() < 14, "panels hang clear of the soft edge"
    for share in (0.1, 0.3, 0.4, 0.6, 0.75, 0.9):
        # the middle of the picture is the middle of where the screens overlap
        full, channel = (BLUE[2], 2) if share < 0.5 else (ORANGE[0], 0)
        expected = full * ramp(np.array([share], np.float32))[0]
        assert abs(right[200, round(share * 160), channel] - expected) < 0.1 * full


def _check_left(seen: np.ndarray, placing: Placing) -> None:
    def pixel(across: float, down: float) -> np.ndarray:
        x, y = at(placing.matrix, (across, down))
        return seen[round(y * 480), round(x * 640)]

    for across, down in ((0.03, 0.03), (0.5, 0.3), (0.03, 0.6), (0.45, 0.5)):
        assert like(pixel(across, down), BLUE), (across, down)
    # what lies just outside of the sides that were pulled in
    for across, down in ((-0.05, 0.3), (0.4, -0.05), (0.5, 1.06), (1.08, 0.9)):
        x, y = at(placing.matrix, (across, down))
        if 0 <= x < 1 and 0 <= y < 1:
            assert seen[round(y * 479), round(x * 639)].max() < 8, (across, down)
    wide, tall = placing.upright(640, 480)
    row = panel_row(wide, tall, 2)
    for slot, track in ((0, 1), (1, 2)):
        across, down = (row.lefts[slot] + row.side / 2) / wide, (row.top + row.side / 2) / tall
        assert np.abs(pixel(across, down) - COLOURS[track]).max() < 20, "panels are bent with it"


def test_both_views_bend_alike(run: Any, tmp_path: Path) -> None:
    if run("pinned_opengl")["view"] != "OpenGL":
        pytest.skip("this X server has no OpenGL")
    run("pinned_painter", XDG_CONFIG_HOME=str(tmp_path / "another"))
    for name in ("pinned", "turned"):
        for screen in ("left", "right"):
            one, two = (
                photograph(tmp_path / f"{name}-{view}-{screen}.png")
                for view in ("painter", "opengl")
            )
            off = np.abs(one - two).max(axis=2)
            assert np.median(off) <= 3
            assert (off > 40).mean() < 0.01, "edges and letters alone may differ"


def test_the_grid_is_moved_by_mouse_and_keys_and_kept(run: Any, tmp_path: Path) -> None:
    found = run("by_hand")
    assert found["dragged"] == pytest.approx([0.1, 0.1])
    assert found["soft"] == pytest.approx([0.0, 0.0, 0.2, 0.0], abs=0.002)
    assert found["handle"] == [2, "right"]
    assert found["nudged"] == pytest.approx([0, 0, found["soft"][2] + 11 / 640, 0])
    assert found["still full"]
    assert found["kept"][0] == pytest.approx(found["dragged"], abs=1e-4)
    assert found["kept"][1] == pytest.approx(found["nudged"], abs=1e-4)
    assert found["reset"] == [0, 0]
    grid = photograph(tmp_path / "grid-right.png")
    assert (grid.min(axis=2) > 150).mean() > 0.01, "there are white lines on both screens"


def test_panels_have_a_window_of_their_own(run: Any, tmp_path: Path) -> None:
    found = run("panels")
    assert found["hud"], "keys pressed on it are the main window's"
    apart, scene = (photograph(tmp_path / f"panels-{name}.png") for name in ("right", "left"))
    grid = panel_grid(640, 480, 4)
    for slot, (x, y) in enumerate(grid.places):
        seen = apart[round(y + grid.side / 2), round(x + grid.side / 2)]
        if slot < 3:
            assert np.abs(seen - COLOURS[slot + 1]).max() < 14
        else:
            assert seen.max() == 0
    assert grid.side > 1.8 * panel_row(640, 480, 4).side
    row = panel_row(640, 480, 4)
    y, x = round(row.top + row.side / 2), round(row.lefts[0] + row.side / 2)
    assert like(scene[y, x], BLUE), "none hangs over the scene"
    for name in ("hidden", "again"):
        seen = photograph(tmp_path / f"{name}-left.png")
        assert np.abs(seen[y, x] - COLOURS[1]).max() < 14, "they are back there"


def test_what_stands_still_has_wandered_by_whole_pixels(run: Any, tmp_path: Path) -> None:
    right, down = run("panels")["shift"]
    assert (right, down) != (0, 0)
    was, now = (photograph(tmp_path / f"{name}-right.png") for name in ("panels", "wandered"))
    moved = np.roll(was, (down, right), axis=(0, 1))
    assert np.abs(was - now).max() > 60
    assert np.abs(moved - now)[20:-20, 20:-20].max() <= 2, "but for a last trace of fading in"


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_it_is_as_fine_as_the_screen(run: Any, tmp_path: Path, scale: str) -> None:
    found = run("ratio", QT_SCALE_FACTOR=scale)
    factor = float(scale)
    wide, tall = 640 / factor, 480 / factor
    row = panel_row(wide, tall, 4)
    for view in ("painter", "opengl"):
        name, ratio, width = found[view]
        if view == "opengl" and name != "OpenGL":
            continue
        assert (ratio, width) == (factor, round(wide))
        seen = photograph(tmp_path / f"ratio-{view}-left.png")
        assert seen.shape == (480, 640, 3)
        line = seen[100, :, 0]
        low, high = line[300:310].mean(), line[330:340].mean()
        between = (line > low + 0.1 * (high - low)) & (line < low + 0.9 * (high - low))
        assert between[300:340].sum() <= 4, "where the halves meet, in pixels of the screen"
        for slot, track in ((0, 1), (1, 2), (2, 3)):
            left, top = factor * row.lefts[slot], factor * row.top
            inside = 0.06 * factor * row.side
            box = seen[
                round(top + inside) : round(top + factor * row.side - inside),
                round(left + inside) : round(left + factor * row.side - inside),
            ]
            assert np.abs(box - COLOURS[track]).max() < 14, "panels are where and as large"
        pulled = photograph(tmp_path / f"pulled-{view}-left.png")
        assert pulled[10, 10].max() < 8
        assert like(pulled[240, 300], BLUE)
        assert pulled[round(0.1 * 480) - 8, round(0.2 * 640)].max() < 8
