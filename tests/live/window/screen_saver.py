"""A stand-in for the desktop's screen saver: logs what it is asked, on the session bus.

    python -m tests.live.window.screen_saver LOG
"""

from __future__ import annotations

import sys
from pathlib import Path

from PyQt6.QtCore import QCoreApplication, QMetaType, pyqtClassInfo, pyqtSlot
from PyQt6.QtDBus import QDBusAbstractAdaptor, QDBusArgument, QDBusConnection, QDBusMessage

from live.window.awake import PATH, SERVICE

FIRST_COOKIE = 4_000_000_000
"""More than a signed number holds: cookies are unsigned."""


@pyqtClassInfo("D-Bus Interface", SERVICE)
@pyqtClassInfo(
    "D-Bus Introspection",
    f'<interface name="{SERVICE}">'
    '<method name="Inhibit"><arg direction="in" type="s"/><arg direction="in" type="s"/>'
    '<arg direction="out" type="u"/></method>'
    '<method name="UnInhibit"><arg direction="in" type="u"/></method></interface>',
)
class ScreenSaver(QDBusAbstractAdaptor):
    """Gives cookies and takes them back."""

    def __init__(self, parent: QCoreApplication, log: Path) -> None:
        """log: a file that gets a line for each call."""
        super().__init__(parent)
        self._log = log
        self._cookie = FIRST_COOKIE

    @pyqtSlot(str, str, QDBusMessage)
    def Inhibit(self, who: str, why: str, message: QDBusMessage) -> None:  # noqa: N802
        """Keep the screen on."""
        self._cookie += 1
        self._say(f"inhibit {self._cookie} {who}: {why}")
        message.setDelayedReply(True)
        cookie = QDBusArgument(self._cookie, QMetaType.Type.UInt.value)
        QDBusConnection.sessionBus().send(message.createReply(cookie))

    @pyqtSlot("uint", QDBusMessage)
    def UnInhibit(self, cookie: int, message: QDBusMessage) -> None:  # noqa: N802
        """Let it sleep."""
        self._say(f"uninhibit {cookie}")

    def _say(self, line: str) -> None:
        with self._log.open("a") as log:
            log.write(f"{line}\n")


if __name__ == "__main__":
    app = QCoreApplication([])
    saver = ScreenSaver(app, Path(sys.argv[1]))
    bus = QDBusConnection.sessionBus()
    assert bus.registerObject(PATH, app)
    assert bus.registerService(SERVICE)
    print("there", flush=True)
    app.exec()
