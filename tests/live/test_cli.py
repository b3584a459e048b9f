"""The command line: help that teaches, errors of one line, and who wins over whom."""

from __future__ import annotations

import pytest

from live import cli
from live.commands import live as live_command
from live.settings.model import SPECS
from live.settings.options import gather_settings


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the only line on standard error; nothing may be on standard output."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1, err
    assert err.startswith("soundglass: ")
    return err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["liev"], "Did you mean live?"),
        (["zzz"], "Known are show, live"),
        (["--hlep"], "Did you mean --help?"),
        (["live", "--panles", "3"], "Did you mean --panels?"),
        (["live", "--panles=3"], "Did you mean --panels?"),
        (["live", "--panels"], "--panels"),
        (["live", "--panels", "9"], "--panels is 9, but must be a whole number from 0 to 4"),
        (["live", "--panels", "x"], "--panels is 'x'"),
        (["live", "--window", "nan"], "--window is nan"),
        (["live", "--hop", "3"], "from 0.1 to 2"),
        (["live", "--hop", "2", "--window", "1"], "hop"),
        (["live", "--runtime", "openvin"], "Did you mean openvino?"),
        (["live", "--record", "show.avi"], ".mp4"),
        (["live", "extra"], "extra"),
        (["live", "--settings", "/nowhere/s.toml"], "/nowhere/s.toml"),
        (["live", "--save-settings", "/proc/s.toml"], "/proc/s.toml"),
        (["live", "--input="], "--input"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert cli.main(arguments) == 2
    assert expected in one_line(capsys)


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["--help"], ["help"]):
        assert cli.main(arguments) == 0
        out = capsys.readouterr().out
        for name in cli.COMMANDS:
            assert f"\n  {name} " in out


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_has_help_with_an_example_and_json(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert f"\n  soundglass {name}" in out
    assert "--json" in out


def test_the_help_of_live_tells_every_default_and_range(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["live", "--help"])
    out = " ".join(capsys.readouterr().out.split())
    for spec in SPECS.values():
        assert f"--{spec.name}" in out
        assert spec.help in out
        if spec.kind in (int, float):
            assert f"default {spec.default:g}; {spec.allowed}" in out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("soundglass 0.")


def gathered(arguments: list[str]):
    return gather_settings(live_command.parser().parse(arguments))


def test_the_command_line_wins_over_the_file_over_the_defaults(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "show.toml"
    path.write_text("panels = 2\nseed = 5\nfullscreen = true\n", "utf-8")
    settings = gathered(["--settings", str(path), "--seed", "9", "--no-fullscreen"])
    assert (settings.panels, settings.seed, settings.fullscreen) == (2, 9, False)
    assert settings.hop_s == SPECS["hop"].default


def test_the_own_settings_file_is_read_without_asking(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert gathered([]).panels == SPECS["panels"].default
    (tmp_path / "soundglass").mkdir()
    (tmp_path / "soundglass" / "settings.toml").write_text("panels = 1\n", "utf-8")
    assert gathered([]).panels == 1


def test_saving_settings_writes_them_and_stops(capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "new" / "show.toml"
    assert cli.main(["live", "--panels", "3", "--save-settings", str(path)]) == 0
    assert gathered(["--settings", str(path)]).panels == 3
    assert str(path) in capsys.readouterr().out
