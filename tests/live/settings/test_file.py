"""The settings file: what is written is read back, and what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.errors import UserError
from live.settings.file import read_settings_file, write_settings_file
from live.settings.model import SPECS, Settings


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    settings = Settings(
        input='a "quoted" \\ name\twith ünïcode',
        panels=2,
        window_s=2.5,
        fullscreen=True,
        wait=False,
        record=tmp_path / "show.mp4",
        sensitivity_db=-3.5,
    )
    path = tmp_path / "deep" / "show.toml"
    write_settings_file(settings, path)
    assert Settings(**read_settings_file(path)) == settings


def test_the_file_explains_every_setting(tmp_path: Path) -> None:
    write_settings_file(Settings(), tmp_path / "s.toml")
    text = (tmp_path / "s.toml").read_text("utf-8")
    for spec in SPECS.values():
        assert spec.help in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("panles = 3", "Did you mean panels?"),
        ("windw = 3", "Did you mean window?"),
        ("zzzzqqq = 3", "Known are input"),
        ("panels = 9", "panels is 9, but must be a whole number from 0 to 4"),
        ('panels = "3"', "panels is '3'"),
        ("panels = 3.0", "panels is 3.0"),
        ("window = nan", "window is nan"),
        ("fullscreen = 'yes'", "fullscreen is 'yes', but must be true or false"),
        ("[panels]\nx = 1", "panels is"),
        ("panels = ", "not valid TOML"),
        ('runtime = "openvin"', "Did you mean openvino?"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as caught:
        read_settings_file(path)
    assert expected in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="UTF-8"):
        read_settings_file(path)


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_settings_file(tmp_path)
    with pytest.raises(UserError, match="is a folder"):
        write_settings_file(Settings(), tmp_path)
