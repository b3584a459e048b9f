"""Runs a window on a staged show in a process of its own, on a platform of its own.

    python -m tests.live.window_elsewhere SCENARIO FOLDER

Qt has one platform per process: what is to be seen on X or on two screens needs another one. And
once its main loop has ended, no event loop of that process waits any more, so that what runs the
whole window needs one too. Each scenario prints what it found as one JSON object and may leave
pictures of the screen in FOLDER.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from engine.sound.reactive import Reactive
from live.settings.model import Settings
from live.window.app import run_window
from live.window.main import ShowWindow
from tests.live.staged_show import StagedShow, halves, plain
from tests.until import LONGEST_S

STILL_LOOKS = 20
"""A third of a second without a change: all that glides is faster than that."""


def opened(show: StagedShow, view: str) -> ShowWindow:
    """Return a window that is on the screen, past its first fade."""
    window = ShowWindow(show, Settings(), view=view)
    window.resize(900, 420)
    window.show()
    window.overlay.note("", 0.0)
    settle(window)
    return window


def wait(seconds: float) -> None:
    """Let Qt run, a dozen times at least."""
    until_s, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < until_s or rounds < 12:
        QApplication.processEvents()
        time.sleep(0.002)
        rounds += 1


def wait_until(what: Callable[[], bool]) -> None:
    """Let Qt run until something has come."""
    until_s = time.monotonic() + LONGEST_S
    while not what():
        assert time.monotonic() < until_s
        wait(0.02)


def settle(window: ShowWindow) -> None:
    """Let Qt run until the window shows what its show says and nothing on it moves any more."""
    still, drawn = 0, None

    def looked() -> None:
        nonlocal still, drawn
        enlarger = getattr(getattr(window.scene, "fade", None), "enlarger", None)
        pending = enlarger is not None and (
            enlarger._work is not None or enlarger._asked is not window.session.scene
        )
        resting = not pending and window.scene.fade_state(time.monotonic())[1] == 1.0
        still = still + 1 if resting and window._pace._last is drawn else 0
        drawn = window._pace._last

    window._timer.timeout.connect(looked)
    wait_until(lambda: still >= STILL_LOOKS)
    window._timer.timeout.disconnect(looked)
    wait(0.1)  # what was drawn last is on the screen


def photograph(window: ShowWindow, path: Path) -> None:
    """Save what the screen shows of the window."""
    screen = window.screen()
    assert screen is not None
    assert screen.grabWindow(window.winId()).save(str(path))


def opengl(folder: Path) -> dict[str, object]:
    """Draw with OpenGL, loud and quiet, and press keys."""
    show = StagedShow(scene=halves((40, 80, 160), (200, 120, 60)))
    show.show_panel(1, 0)
    show.show_panel(3, 2)
    window = opened(show, "opengl")
    photograph(window, folder / "quiet.png")
    show.reactive = Reactive(level=0.9, onset=1.0, brightness=0.5)
    settle(window)
    photograph(window, folder / "loud.png")
    show.reactive = Reactive()
    show.scene = plain((60, 160, 90), 112, 192)
    settle(window)
    photograph(window, folder / "smaller.png")
    QTest.keyClick(window, Qt.Key.Key_P)
    QTest.keyClick(window, Qt.Key.Key_F)
    settle(window)
    full = window.commands.full_screen.on
    photograph(window, folder / "full.png")
    name = window.scene.view_name
    QTest.keyClick(window, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    return {"view": name, "full": full, "closed": not window.isVisible()}


def chosen(folder: Path) -> dict[str, object]:
    """Let the window choose how to draw."""
    window = opened(StagedShow(scene=halves((40, 80, 160), (200, 120, 60))), "auto")
    photograph(window, folder / "chosen.png")
    return {"view": window.scene.view_name}


def failing(folder: Path) -> dict[str, object]:
    """OpenGL gives up while it is running."""
    show = StagedShow(scene=halves((40, 80, 160), (200, 120, 60)))
    window = opened(show, "opengl")
    before = window.scene.view_name
    window.scene.failed.emit("the context is lost")
    settle(window)
    photograph(window, folder / "after.png")
    return {"before": before, "after": window.scene.view_name}


def screens(folder: Path) -> dict[str, object]:
    """Go from screen to screen."""
    window = opened(StagedShow(scene=halves((40, 80, 160), (200, 120, 60))), "painter")
    names = [window.screen().name()]
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_N)
        wait(0.2)
        names.append(window.screen().name())
    QTest.keyClick(window, Qt.Key.Key_F)
    QTest.keyClick(window, Qt.Key.Key_N)
    wait(0.2)
    names.append(window.screen().name())
    inside = window.screen().geometry().contains(window.geometry().center())
    return {"screens": names, "full": window.commands.full_screen.on, "inside": inside}


def settings(folder: Path) -> dict[str, object]:
    """Open the settings panel over either kind of scene, and change something by keyboard."""
    found: dict[str, object] = {}
    for view in ("painter", "opengl"):
        show = StagedShow(scene=halves((40, 80, 160), (200, 120, 60)))
        window = opened(show, view)
        window.resize(1180, 760)
        QTest.keyClick(window, Qt.Key.Key_O)
        wait(0.5)
        panel = window.commands.settings_panel
        assert panel is not None
        control = panel.rows["steps"].control
        control.setFocus()
        QTest.keyClick(control, Qt.Key.Key_Down)
        wait_until(lambda show=show: show.settings.steps == 1)
        wait_until(lambda window=window: window.overlay.note_text.startswith("steps: "))
        window.overlay.note("", 0.0)
        settle(window)
        photograph(window, folder / f"settings-{view}.png")
        found[view] = {
            "steps": show.settings.steps,
            "left": panel.x(),
            "drawn by": window.scene.view_name,
        }
        window.close()
    return found


def duration(folder: Path) -> dict[str, object]:
    """Run to the end of the duration that was asked for."""
    began = time.monotonic()
    code = run_window(StagedShow(scene=plain((90, 120, 150))), Settings(duration_s=1.0), "painter")
    return {"code": code, "seconds": time.monotonic() - began}


def error(folder: Path) -> dict[str, object]:
    """Something goes wrong in one of Qt's handlers."""

    def fail() -> None:
        raise RuntimeError("drawing went wrong")

    QTimer.singleShot(300, fail)
    began = time.monotonic()
    settings = Settings(duration_s=3600.0)
    code = run_window(StagedShow(scene=plain((90, 120, 150))), settings, "painter")
    return {"code": code, "seconds": time.monotonic() - began}


SCENARIOS = {
    "duration": duration,
    "error": error,
    "opengl": opengl,
    "chosen": chosen,
    "failing": failing,
    "screens": screens,
    "settings": settings,
}

if __name__ == "__main__":
    app = QApplication([])
    print(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
