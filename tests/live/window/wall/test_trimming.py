"""The corners and soft edges of screens: moved by hand, kept, and never lost for a broken file."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.compose.wall.mapping import WHOLE
from live.control.wall import HANDLES as CONTROLLED
from live.settings.screens import screens_path
from live.window.wall.trimming import HANDLES, HIGH, Trimming


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def trimming(told: list[str] | None = None) -> Trimming:
    return Trimming((told if told is not None else []).append)


def test_every_handle_goes_as_far_as_it_may_and_is_kept() -> None:
    made = trimming()
    assert CONTROLLED == HANDLES
    assert made.move("wall", "upper-right", (9.0, -0.1))
    assert made.place("wall", "upper-right") == (HIGH, -0.1)
    for edge in ("left", "top", "right", "bottom"):
        assert made.move("wall", edge, (9.0, 9.0))
        assert max(made.place("wall", edge)) == 0.5
    made.save()
    again = trimming()
    assert again.corners("wall")[1] == pytest.approx((HIGH, -0.1))
    assert again.edges("wall") == (0.5, 0.5, 0.5, 0.5)
    assert again.corners("another") == WHOLE
    again.reset("wall")
    assert (again.corners("wall"), again.edges("wall")) == (WHOLE, (0.0, 0.0, 0.0, 0.0))


def test_no_corner_is_pulled_through_the_picture() -> None:
    made = trimming()
    assert not made.move("wall", "upper-left", (1.0, 1.0))
    assert made.corners("wall") == WHOLE


def test_the_nearest_handle_is_taken() -> None:
    made = trimming()
    made.move("wall", "upper-left", (0.2, 0.2))
    made.move("wall", "right", (0.25, 0.0))
    assert made.nearest("wall", (0.25, 0.15)) == "upper-left"
    assert made.nearest("wall", (0.7, 0.5)) == "right"
    assert made.nearest("wall", (0.55, 0.95)) == "bottom"


def test_a_file_that_is_broken_is_said_and_left_as_it_is() -> None:
    screens_path().parent.mkdir(parents=True, exist_ok=True)
    screens_path().write_text("last = [")
    told: list[str] = []
    made = trimming(told)
    assert len(told) == 1
    assert str(screens_path()) in told[0]
    assert made.move("wall", "left", (0.1, 0.0))
    made.remember_last("wall")
    made.save()
    assert screens_path().read_text() == "last = ["


def test_corners_of_a_file_that_would_fold_are_those_of_the_screen() -> None:
    screens_path().parent.mkdir(parents=True, exist_ok=True)
    screens_path().write_text("[screen.wall]\ncorners = [[1, 0], [0, 0], [0, 1], [1, 1]]\n")
    assert trimming().corners("wall") == WHOLE


def test_a_place_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "soundglass").write_text("a file where the folder should be")
    told: list[str] = []
    made = trimming(told)
    for width in (0.1, 0.2):
        made.move("wall", "left", (width, 0.0))
        made.save()
    assert len(told) == 1
    assert made.edges("wall")[0] == 0.2
