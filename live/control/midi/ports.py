"""The MIDI devices that are plugged in: opened as they come, and found again when they return."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from live.control.desk import Desk, Outcome
from live.control.midi.player import Player
from live.errors import UserError

LOOK_S = 1.0
"""How often it is looked for devices that came or went."""
_NUMBERS = re.compile(r"( \d+:\d+| \d+)$")
"""What systems append to a device's name, another each time it is plugged in."""


class Backend(Protocol):
    """What is used of mido."""

    def get_input_names(self) -> list[str]:
        """Return the names of the ports there are."""
        ...

    def open_input(self, name: str, *, callback: Callable[[Any], None]) -> Any:
        """Return a port, open; it has `close`."""
        ...


class MidiPorts:
    """Listens to every device from `start` to `stop`."""

    def __init__(self, desk: Desk, backend: Backend | None = None) -> None:
        """backend: None for mido's usual one.

        Raises:
            UserError: what was learnt before cannot be read, or this machine has no MIDI.
            ModuleNotFoundError: mido or python-rtmidi is not installed.
        """
        self._desk, self._backend = desk, backend or _usual_backend()
        self._player = Player(desk)
        desk.knobs = self._player
        self._open: dict[str, Any] = {}
        self._refused: set[str] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi", daemon=True)

    def start(self) -> None:
        """Open what is there, and begin to look for more."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """Close every device."""
        self._desk.knobs = None
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        for port in self._open.values():
            port.close()
        self._open.clear()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_S):
            self.look()

    def look(self) -> None:
        """Open devices that came, and close those that went."""
        try:
            names = set(self._backend.get_input_names())
        except Exception:  # the system is just taking one away
            return
        for name in self._open.keys() - names:
            self._close(self._open.pop(name))
            self._tell(f"MIDI device {device_of(name)} is gone")
        self._refused &= names
        for name in sorted(names - self._open.keys() - self._refused):
            device = device_of(name)
            try:
                callback = partial(self._player.take, device)
                self._open[name] = self._backend.open_input(name, callback=callback)
                self._tell(f"MIDI device {device} is there")
            except Exception as error:
                self._refused.add(name)
                self._tell(f"MIDI device {device} cannot be opened ({error})", failed=True)

    def _close(self, port: Any) -> None:
        try:
            port.close()
        except Exception as error:
            self._tell(f"a MIDI device could not be closed ({error})", failed=True)

    def _tell(self, line: str, failed: bool = False) -> None:
        self._desk.tell(Outcome((), "midi", line, failed))


def device_of(port: str) -> str:
    """Return the name of a device from that of its port, the same whenever it is plugged in."""
    return _NUMBERS.sub("", port.partition(":")[2].strip() or port).strip() or port


def _usual_backend() -> Backend:
    import mido
    import rtmidi  # noqa: F401  # mido tells of its lack only when a port is opened

    try:
        mido.get_input_names()  # pyright: ignore[reportAttributeAccessIssue]
    except Exception as error:
        raise UserError(f"--midi: this machine has no MIDI ({error}); leave it out.") from error
    return mido  # pyright: ignore[reportReturnType]
