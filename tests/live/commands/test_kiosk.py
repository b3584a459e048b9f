"""`soundglass kiosk`: two commands, and the show comes back whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live import cli
from live.kiosk.install import places
from live.kiosk.runs import Runs, read_runs, runs_path, write_runs
from live.settings.file import read_settings_file
from tests.until import until


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of our own, on a machine without systemd."""
    for name in ("CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setattr("live.kiosk.install.has_systemd", lambda: False)


Say = Callable[..., str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run `soundglass kiosk WORDS`; return what it said."""

    def run(*words: str, code: int = 0) -> str:
        assert cli.main(["kiosk", *words]) == code
        said = capsys.readouterr()
        return said.out + said.err

    return run


def test_install_status_and_remove(say: Say, tmp_path: Path, monkeypatch) -> None:
    assert "not installed" in say("status", code=1)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rain.wav").touch()
    options = ("--input", "./rain.wav", "--hours", "Mo-Fr 08:00-21:00", "--log", "log.jsonl")
    printed = say("install", "--print", *options)
    where = places()
    assert not where.entry.exists()
    assert not where.settings.exists()
    said = say("install", *options)
    for path in (where.entry, where.settings):
        assert f"wrote {path}" in said
        assert path.read_text() in printed
    settings = read_settings_file(where.settings)
    assert settings["fullscreen"] is True
    assert settings["hours"] == "Mo-Fr 08:00-21:00"
    assert settings["input"] == str(tmp_path / "rain.wav")
    assert settings["log"] == tmp_path / "log.jsonl"
    assert "started by the desktop" in say("status")
    assert str(where.entry) in say("remove", "--print")
    assert where.entry.exists()
    say("remove")
    assert not where.entry.exists()
    assert not where.settings.exists()
    assert "no kiosk is installed" in say("remove")


def test_what_is_wrong_is_one_line_and_writes_nothing(say: Say) -> None:
    assert "Did you mean install?" in say("instal", code=2)
    assert "overlap" in say("install", "--hours", "Mo 8:00-12:00,11:00-13:00", code=2)
    assert not places().settings.exists()


def test_the_file_of_somebody_else_is_left(say: Say) -> None:
    entry = places().entry
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nName=my own\n")
    for words in (("install",), ("remove",)):
        assert f"{entry} is there already" in say(*words, code=2)
    assert "my own" in entry.read_text()
    assert not places().settings.exists()


def test_installed_anew_it_has_the_new_settings(say: Say) -> None:
    say("install", "--light", "day")
    say("install", "--light", "night", "--no-fullscreen")
    settings = read_settings_file(places().settings)
    assert (settings["light"], settings["fullscreen"]) == ("night", False)


class Kiosk:
    """A kiosk of the demo without a window, under our own supervisor."""

    def __init__(self, bundle: Path, folder: Path) -> None:
        self.events = folder / "events.jsonl"
        self.log = folder / "log.jsonl"
        settings = folder / "kiosk.toml"
        settings.write_text(
            f'input = "demo"\nheadless = true\nbundle = "{bundle}"\nruntime = "onnxruntime"\n'
            f'events = "{self.events}"\nlog = "{self.log}"\n'
        )
        words = ["kiosk", "supervise", "--settings", str(settings)]
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "live.program", *words], stderr=subprocess.PIPE, text=True
        )

    def runs(self) -> Runs:
        return read_runs(runs_path())

    def said(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line).get("text", "") for line in lines]


@pytest.fixture
def kiosk(small_bundle: Path, tmp_path: Path) -> Iterator[Kiosk]:
    begun = Kiosk(small_bundle, tmp_path)
    yield begun
    begun.process.send_signal(signal.SIGTERM)
    begun.process.communicate(timeout=120)


def test_a_show_that_is_killed_comes_back_and_says_why_it_ended(kiosk: Kiosk, say: Say) -> None:
    until(lambda: kiosk.events.exists() and kiosk.events.stat().st_size)
    first = kiosk.runs().pid
    os.kill(first, signal.SIGKILL)
    until(lambda: any("the show before ended" in line for line in kiosk.said()))
    until(lambda: kiosk.runs().pid not in (0, first))
    line = next(line for line in kiosk.said() if "the show before ended" in line)
    assert line.endswith("it was ended by SIGKILL")
    said = say("status", code=1)  # it was not installed, only begun
    assert "it was ended by SIGKILL" in said
    kiosk.process.send_signal(signal.SIGTERM)
    kiosk.process.communicate(timeout=120)
    assert kiosk.process.returncode == 143
    assert kiosk.runs().began_s is None
    assert kiosk.runs().ends[-1].failed is False


def test_a_second_supervisor_is_one_line(kiosk: Kiosk, small_bundle: Path, tmp_path: Path) -> None:
    until(lambda: kiosk.runs().pid)
    other = Kiosk(small_bundle, tmp_path)
    _, said = other.process.communicate(timeout=120)
    assert other.process.returncode == 2
    assert said == "soundglass: another supervisor runs already: soundglass kiosk status.\n"


def test_after_three_quick_crashes_it_has_safe_settings_and_says_so(kiosk: Kiosk) -> None:
    until(lambda: kiosk.runs().pid)
    for _ in range(3):
        pid = kiosk.runs().pid
        until(lambda: kiosk.runs().began_s is not None)
        os.kill(pid, signal.SIGKILL)
        until(lambda pid=pid: kiosk.runs().pid not in (pid, 0))
    until(lambda: any("safe settings after 3 quick crashes" in line for line in kiosk.said()))
    assert kiosk.runs().is_safe
    assert kiosk.runs().quick == 3


def test_a_show_that_cannot_begin_keeps_its_reason(say: Say, tmp_path: Path) -> None:
    assert "nowhere.wav" in say("run", "--headless", "--input", "./nowhere.wav", code=2)
    end = read_runs(runs_path()).ends[-1]
    assert "nowhere.wav" in end.why
    assert end.is_quick
    assert "nowhere.wav" in say("status", code=1)


def test_what_systemd_says_of_the_end_is_kept(say: Say, monkeypatch) -> None:
    write_runs(Runs().begun(1, False, 1000.0), runs_path())
    monkeypatch.setenv("SERVICE_RESULT", "watchdog")
    monkeypatch.setenv("EXIT_STATUS", "ABRT")
    say("ended")
    end = read_runs(runs_path()).ends[-1]
    assert end.why == "the watchdog ended it: nothing was told any more"
    assert end.failed
    say("ended")  # it has ended already: nothing more to note
    assert len(read_runs(runs_path()).ends) == 1
