"""Keeping the screen from going dark while a show fills it, by asking the desktop over D-Bus."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QMetaType, QObject
from PyQt6.QtDBus import (
    QDBus,
    QDBusArgument,
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusPendingReply,
    QDBusServiceWatcher,
)

SERVICE = INTERFACE = "org.freedesktop.ScreenSaver"
PATH = "/org/freedesktop/ScreenSaver"
REASON = "a show is running"
PATIENCE_MS = 2000
"""For an answer of the desktop; the show does not wait for it."""


class ScreenAwake(QObject):
    """Asks once, gives back once, and asks again where the desktop was started anew."""

    def __init__(self, parent: QObject, tell: Callable[[str], None]) -> None:
        """tell: gets a line when nobody keeps the screen awake. Nothing is asked before `want`."""
        super().__init__(parent)
        self._tell = tell
        self._wanted = False
        self._cookie: int | None = None
        self._asking: QDBusPendingCallWatcher | None = None
        self._services: QDBusServiceWatcher | None = None

    @property
    def kept(self) -> bool:
        """Whether the desktop keeps the screen awake for the show."""
        return self._cookie is not None

    def want(self, wanted: bool) -> None:
        """Keep the screen awake from now on, or let it sleep; may be called every frame."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if wanted:
            self._ask()
        else:
            self._give_back()

    def close(self) -> None:
        """Let the screen sleep again."""
        self.want(False)
        if self._asking is not None:  # the answer would come after the end: wait for it here
            self._asking.waitForFinished()
            if self._asking is not None:
                self._answered(self._asking)

    def _ask(self) -> None:
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            self._tell("the screen may go dark: there is no D-Bus to ask for it to stay on")
            return
        if self._services is None:
            watched = QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange
            self._services = QDBusServiceWatcher(SERVICE, bus, watched, self)
            self._services.serviceOwnerChanged.connect(self._desktop_changed)
        if self._asking is None:
            call = _call("Inhibit", ["Soundglass", REASON])
            self._asking = QDBusPendingCallWatcher(bus.asyncCall(call, PATIENCE_MS), self)
            self._asking.finished.connect(self._answered)

    def _answered(self, call: QDBusPendingCallWatcher) -> None:
        if call is not self._asking:
            return
        self._asking = None
        call.deleteLater()
        reply = QDBusPendingReply(call)
        if reply.isError():
            if self._wanted:
                why = reply.error().message().strip().rstrip(".") or reply.error().name()
                self._tell(f"the screen may go dark: {SERVICE} does not keep it on ({why})")
            return
        self._cookie = int(reply.argumentAt(0))
        if not self._wanted:
            self._give_back()

    def _give_back(self) -> None:
        cookie, self._cookie = self._cookie, None
        if cookie is None:
            return
        number = QDBusArgument(cookie, QMetaType.Type.UInt.value)
        bus = QDBusConnection.sessionBus()
        bus.call(_call("UnInhibit", [number]), QDBus.CallMode.Block, PATIENCE_MS)

    def _desktop_changed(self, service: str, old: str, new: str) -> None:
        self._cookie = None  # it went with the one who gave it
        if new and self._wanted:
            self._ask()


def _call(method: str, arguments: list[object]) -> QDBusMessage:
    made = QDBusMessage.createMethodCall(SERVICE, PATH, INTERFACE, method)
    made.setArguments(arguments)
    return made
