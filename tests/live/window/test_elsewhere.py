"""The window on a real X server with OpenGL, and on two screens."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from live.compose.light import NEUTRAL_LIGHT
from live.compose.panel_layout import panel_row
from tests.live.staged_show import COLOURS

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def x_display() -> Iterator[str]:
    """The name of a display of its own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb (Debian package xvfb)")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def run(scenario: str, folder: Path, **environment: str) -> dict:
    """What a scenario found, and under "errors" what it wrote on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.live.window_elsewhere", scenario, str(folder)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout.splitlines()[-1]), "errors": done.stderr}


def on_x(display: str) -> dict[str, str]:
    return {
        "DISPLAY": display,
        "SOUNDGLASS_TEST_PLATFORM": "xcb",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "XDG_SESSION_TYPE": "x11",
    }


def photograph(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def test_opengl_draws_scene_strip_and_light(x_display: str, tmp_path: Path) -> None:
    found = run("opengl", tmp_path, **on_x(x_display))
    if found["view"] != "OpenGL":
        pytest.skip(f"this X server has no OpenGL: {found['view']}")
    assert found["full"]
    assert found["closed"]
    quiet = photograph(tmp_path / "quiet.png")
    assert quiet.shape == (420, 900, 3)
    left, right = quiet[180, 300], quiet[180, 600]
    assert np.abs(left - np.array([40, 80, 160]) * NEUTRAL_LIGHT.gain).max() < 16
    assert np.abs(right - np.array([200, 120, 60]) * NEUTRAL_LIGHT.gain).max() < 16
    # No letterbox: the corners keep the scene's colour, only darker.
    for y, x in ((0, 0), (0, 899)):
        assert quiet[y, x].max() > 60
    row = panel_row(900, 420, 4)
    for track, place in ((1, 0), (3, 2)):
        y, x = round(row.top + 14), round(row.lefts[place] + row.side / 2)
        assert np.abs(quiet[y, x] - COLOURS[track]).max() < 14
    loud = photograph(tmp_path / "loud.png")
    assert (loud[180, 300] > left + 15).all()
    smaller = photograph(tmp_path / "smaller.png")
    assert (
        np.abs(smaller[180, [300, 600]] - np.array([60, 160, 90]) * NEUTRAL_LIGHT.gain).max() < 16
    )
    full = photograph(tmp_path / "full.png")
    assert full.shape == (800, 1280, 3)
    assert full[[0, 0, 799, 799], [0, 1279, 0, 1279]].max(axis=1).min() > 60
    assert full[760, 100].max() > 60, "P has hidden the strip and its shade"


def test_an_opengl_without_a_graphics_card_is_left_alone(x_display: str, tmp_path: Path) -> None:
    found = run("chosen", tmp_path, **on_x(x_display))
    assert found["view"].startswith("QPainter (")
    seen = photograph(tmp_path / "chosen.png")
    assert np.abs(seen[180, 300] - np.array([40, 80, 160]) * NEUTRAL_LIGHT.gain).max() < 16


def test_an_opengl_that_fails_is_replaced_while_it_runs(x_display: str, tmp_path: Path) -> None:
    found = run("failing", tmp_path, **on_x(x_display))
    if found["before"] != "OpenGL":
        pytest.skip(f"this X server has no OpenGL: {found['before']}")
    assert found["after"] == "QPainter (the context is lost)"
    seen = photograph(tmp_path / "after.png")
    assert np.abs(seen[180, 300] - np.array([40, 80, 160]) * NEUTRAL_LIGHT.gain).max() < 16


def test_the_settings_stand_over_the_scene_and_take_keys(x_display: str, tmp_path: Path) -> None:
    found = run("settings", tmp_path, **on_x(x_display))
    for view in ("painter", "opengl"):
        told = found[view]
        assert told["steps"] == 1, "Down has chosen the entry after 'left to the program'"
        seen = photograph(tmp_path / f"settings-{view}.png")
        left = told["left"]
        assert np.abs(seen[300, 100] - np.array([40, 80, 160]) * NEUTRAL_LIGHT.gain).max() < 16
        paper = seen[20:-20, left + 2 : left + 12]
        assert paper.max() < 60, f"{told['drawn by']}: the panel is dark from top to bottom"
        written = seen[:, left + 12 :].max(axis=2)
        assert (written > 200).sum() > 500, "there is text on it"


def test_a_window_ends_after_the_duration(tmp_path: Path) -> None:
    found = run("duration", tmp_path)
    assert found["code"] == 0
    assert found["seconds"] > 0.9


def test_an_error_in_drawing_closes_the_window_and_is_said(tmp_path: Path) -> None:
    found = run("error", tmp_path)
    assert found["code"] == 1
    assert found["seconds"] < 3000.0, "it ran to the end of its duration"
    assert "drawing went wrong" in found["errors"]


def test_n_goes_round_the_screens_also_in_full_screen(tmp_path: Path) -> None:
    config = tmp_path / "screens.json"
    screen = {"y": 0, "width": 1000, "height": 600, "logicalDpi": 96, "dpr": 1}
    config.write_text(
        json.dumps(
            {"screens": [{**screen, "name": "one", "x": 0}, {**screen, "name": "two", "x": 1000}]}
        )
    )
    found = run("screens", tmp_path, SOUNDGLASS_TEST_PLATFORM=f"offscreen:configfile={config}")
    assert found["screens"] == ["one", "two", "one", "two"]
    assert found["full"]
    assert found["inside"]
