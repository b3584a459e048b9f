"""Whether a window can open is found out without risking the program."""

from __future__ import annotations

import pytest

from live.machine.display import display_fault


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_no_display() -> None:
    assert display_fault() == "no display"


def test_a_display_that_is_not_there(monkeypatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    fault = display_fault()
    assert fault is not None
    assert ":4711" in fault
    assert "\n" not in fault


def test_a_platform_that_works(monkeypatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display_fault() is None
