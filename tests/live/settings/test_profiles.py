"""Named profiles: who wins over whom, and what is said when one is missing or broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from live import cli
from live.commands import live as live_command
from live.errors import UserError
from live.settings.model import Settings
from live.settings.options import gather_settings
from live.settings.profiles import profile_path, profiles, read_profile, write_profile


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of this test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def gathered(*arguments: str) -> Settings:
    return gather_settings(live_command.parser().parse(arguments))


def test_a_profile_holds_only_what_it_is_about() -> None:
    settings = Settings(steps=2, panels_every=2, runtime="openvino", seed=7)
    path = write_profile("hall", settings, ("steps", "panels-every", "runtime"), "Made\nby hand.")
    assert path == profile_path("hall")
    assert path.read_text("utf-8").startswith("# Made\n# by hand.\n")
    assert read_profile("hall") == {"steps": 2, "panels_every": 2, "runtime": "openvino"}
    assert profiles() == ("hall",)


def test_the_command_line_wins_over_the_profile_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "soundglass").mkdir()
    (tmp_path / "soundglass" / "settings.toml").write_text("panels = 1\nhop = 0.5\nseed = 3\n")
    write_profile("hall", Settings(panels=2, hop_s=0.3), ("panels", "hop"), "")
    found = gathered("--profile", "hall", "--panels", "3")
    assert (found.panels, found.hop_s, found.seed) == (3, 0.3, 3)
    assert gathered().hop_s == 0.5


def test_a_profile_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["live", "--profile", "hall"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "no profile hall, nor any other" in said
    for name in ("tuned", "hall"):
        write_profile(name, Settings(), ("panels",), "")
    with pytest.raises(UserError, match="Did you mean tuned"):
        read_profile("tuend")
    with pytest.raises(UserError, match=r"There is hall, tuned\."):
        read_profile("zzz")


@pytest.mark.parametrize("name", ["", "../hall", "a/b", ".hidden", "x" * 70])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(UserError, match="no name for a profile"):
        read_profile(name)


def test_a_broken_profile_names_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_profile("hall", Settings(), ("panels",), "")
    for text, expected in (("panels = ", "not valid TOML"), ("panles = 3", "Did you mean panels?")):
        path.write_text(text)
        assert cli.main(["live", "--profile", "hall"]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert str(path) in said
        assert expected in said
