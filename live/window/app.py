"""Opening the window and running it to its end."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from engine.system.signals import notify_on_signal
from live.window.icon import icon
from live.window.main import ShowWindow

if TYPE_CHECKING:
    from live.control.desk import Desk
    from live.settings.model import Settings
    from live.show.session import Session

SWITCH_S = 0.001


def run_window(
    session: Session, settings: Settings, view: str = "auto", desk: Desk | None = None
) -> int:
    """Show a started session in a window until it is closed; returns the exit code.

    The window neither starts nor stops the session: whoever started it stops it. view is "auto"
    (OpenGL where there is a graphics card, else QPainter), "opengl" or "painter". desk: as
    `ShowWindow` has it.
    """
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
    app.setApplicationName("Soundglass")
    app.setApplicationDisplayName("Soundglass")
    app.setDesktopFileName("soundglass")
    app.setWindowIcon(icon())
    window = ShowWindow(session, settings, view, desk)
    window.wall.open(settings)
    if settings.duration_s > 0:
        QTimer.singleShot(round(1000 * settings.duration_s), window.close)
    return _run(app, window)


def _run(app: QApplication, window: ShowWindow) -> int:
    """Run Qt's loop so that Ctrl-C and errors in drawing end it in good order."""
    failed = False

    def end() -> None:
        window.close()
        app.quit()  # also out of a dialogue that is open

    def interrupted() -> None:
        QTimer.singleShot(0, end)  # Qt may be in the midst of anything

    def unhandled(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        # PyQt ends the process when an exception leaves one of its handlers; close instead, so
        # that a recording that is running is finished.
        nonlocal failed
        failed = True
        traceback.print_exception(kind, error, trace)
        window.close()
        app.quit()

    # A thread that computes in Python may hold the interpreter for 5 ms by default; a frame asks
    # for the interpreter several times, and that would be felt.
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    hook, sys.excepthook = sys.excepthook, unhandled
    try:
        with notify_on_signal(interrupted):
            app.exec()
    finally:
        sys.excepthook = hook
        sys.setswitchinterval(interval_s)
    return 1 if failed else 0
