"""What is remembered of screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.errors import UserError
from live.settings.screens import ScreenMemory, Trim, read_screens, screens_path

CORNERS = ((0.1, 0.0), (1.0, 0.05), (0.95, 1.0), (-0.05, 0.9))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_a_screen_keeps_its_corners_and_edges() -> None:
    assert read_screens() == ScreenMemory()
    name = 'Maker "EX" 7\\2 é'
    memory = ScreenMemory(name, {name: Trim(CORNERS, (0.1, 0.0, 0.25, 0.0)), "other": Trim()})
    memory.save()
    found = read_screens()
    assert found.last == name
    assert found.trims == {name: memory.trims[name]}, "one that fills its screen is not kept"
    assert found.trim("never seen") == Trim()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("last = 3", "not as soundglass writes it"),
        ("[screen]\na = 1", "no table of corners and edges"),
        ("[screen.a]\ncorners = [[0, 0], [1, 0], [1, 1]]", "not four pairs"),
        ("[screen.a]\ncorners = [[0, 0], [1, 0], [1, 1], [0, 9]]", "from -0.25 to 1.25"),
        ("[screen.a]\nedges = [0, 0, true, 0]", "not four numbers"),
        ("[screen.a]\nedges = [0, 0, 0.7, 0]", "from 0 to 0.5"),
        ("corners = [", "not valid TOML"),
    ],
)
def test_a_file_that_is_not_right_is_one_line_that_names_it(text: str, said: str) -> None:
    screens_path().parent.mkdir(parents=True, exist_ok=True)
    screens_path().write_text(text)
    with pytest.raises(UserError) as error:
        read_screens()
    assert said in str(error.value)
    assert str(screens_path()) in str(error.value)
    assert "\n" not in str(error.value)
