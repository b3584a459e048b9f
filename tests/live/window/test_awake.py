"""The screen is kept from going dark while a show fills it, and only then.

The desktop's screen saver is a stand-in on a D-Bus of its own; see tests/live/window/screen_saver.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.live.staged_show import StagedShow
from tests.until import until

pytest.importorskip("PyQt6.QtDBus")

from PyQt6.QtCore import Qt

from live.settings.model import Settings
from live.window.main import ShowWindow
from tests.live.window.screen_saver import FIRST_COOKIE

ROOT = Path(__file__).parents[3]
SHOW = """
from PyQt6.QtWidgets import QApplication
from tests.live.staged_show import StagedShow
from engine.system.signals import take_signals
from live.settings.model import Settings
from live.window.app import run_window
from live.window.main import ShowWindow

class Show(StagedShow):
    def view(self):
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ShowWindow))
        line = f"{window._awake.kept} {window.overlay.note_text}"
        if line != getattr(self, "line", ""):
            self.line = line
            print(line, flush=True)
        return super().view()

take_signals()
run_window(Show(), Settings(fullscreen=True), "painter")
"""


@contextmanager
def bus() -> Iterator[str]:
    """Yield the address of a message bus of its own."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("needs dbus-daemon (Debian package of that name)")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait()


@contextmanager
def screen_saver(address: str, log: Path) -> Iterator[None]:
    """A stand-in on that bus, that logs what it is asked."""
    saver = subprocess.Popen(
        [sys.executable, "-m", "tests.live.window.screen_saver", str(log)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": address},
    )  # fmt: skip
    try:
        assert saver.stdout is not None
        assert saver.stdout.readline() == "there\n"
        yield
    finally:
        saver.terminate()
        saver.wait()


@contextmanager
def show(address: str) -> Iterator[subprocess.Popen[str]]:
    """A show in full screen, which prints whether the screen is kept, and its note."""
    program = subprocess.Popen(
        [sys.executable, "-c", SHOW], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={
            **os.environ, "DBUS_SESSION_BUS_ADDRESS": address, "PYTHONPATH": str(ROOT),
            "SOUNDGLASS_TEST_PLATFORM": "offscreen",
        },
    )  # fmt: skip
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def read_until(program: subprocess.Popen[str], words: str) -> None:
    """Read what a show prints as far as these words."""
    assert program.stdout is not None
    while words not in (line := program.stdout.readline()):
        assert line, "it has ended"


def lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def test_it_is_asked_for_once_and_given_back_at_the_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with bus() as address, screen_saver(address, log), show(address) as program:
        until(lambda: lines(log))
        read_until(program, "True ")
        program.terminate()
        _, said = program.communicate()
        assert "Traceback" not in said
        cookie = FIRST_COOKIE + 1
        assert lines(log) == [
            f"inhibit {cookie} Soundglass: a show is running", f"uninhibit {cookie}",
        ]  # fmt: skip


def test_a_desktop_that_is_started_anew_is_asked_anew(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with bus() as address, ExitStack() as running:
        first = running.enter_context(ExitStack())
        first.enter_context(screen_saver(address, log))
        running.enter_context(show(address))
        until(lambda: len(lines(log)) == 1)
        first.close()
        with screen_saver(address, log):
            until(lambda: len(lines(log)) == 2)
    assert all(line.startswith("inhibit") for line in lines(log))


def test_in_a_window_and_in_the_dark_the_screen_may_sleep(qtbot, monkeypatch) -> None:
    made = ShowWindow(StagedShow(), Settings(), view="painter")  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    wanted: list[bool] = []
    monkeypatch.setattr(made._awake, "want", wanted.append)
    qtbot.waitUntil(lambda: wanted[-1:] == [False])
    qtbot.keyClick(made, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: wanted[-1])
    view = made.session.view()
    made.session.view = lambda: replace(view, dark=1.0)  # type: ignore[method-assign]
    qtbot.waitUntil(lambda: not wanted[-1])


def test_without_anybody_to_ask_it_says_so_and_goes_on() -> None:
    with bus() as address, show(address) as program:
        read_until(program, "the screen may go dark: org.freedesktop.ScreenSaver")
        assert program.poll() is None
    with show("unix:path=/nowhere/at/all") as program:
        read_until(program, "the screen may go dark: there is no D-Bus")
        assert program.poll() is None
