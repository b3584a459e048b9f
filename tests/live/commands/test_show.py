"""`soundglass show`: what it does where there is no microphone or no display."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.commands import show
from live.settings.model import Settings


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No display and no microphone, as in a container."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("live.input.microphone.list_microphones", lambda: ())


def test_without_microphone_and_display_it_records_the_demo(capsys) -> None:
    fit_to_machine = show.fit_to_machine(Settings())
    assert fit_to_machine.input == "demo"
    assert fit_to_machine.headless
    assert fit_to_machine.record == Path("soundglass-demo.mp4")
    assert fit_to_machine.duration_s == show.RECORDING_S
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "no microphone" in said[0]
    assert "no display" in said[1]


def test_what_was_asked_for_is_kept(capsys) -> None:
    wanted = Settings(input="rain.flac", record=Path("mine.mp4"), duration_s=5)
    fit_to_machine = show.fit_to_machine(wanted)
    assert (fit_to_machine.input, fit_to_machine.record, fit_to_machine.duration_s) == (
        "rain.flac",
        Path("mine.mp4"),
        5.0,
    )
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_microphone_that_is_to_be_waited_for_is_not_replaced() -> None:
    assert show.fit_to_machine(Settings(headless=True, wait=True)).input == "mic"


def test_with_a_display_nothing_changes(capsys, monkeypatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    wanted = Settings(input="demo")
    assert show.fit_to_machine(wanted) == wanted
    assert capsys.readouterr().err == ""
