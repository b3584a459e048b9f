"""OSC out: what is heard at the block rate, and every change of a control with its origin."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

from engine.packets import HeardSource, Hearing
from live.control.desk import Desk
from live.control.lane import PERIOD_S
from live.control.osc.packets import ROOT, bundle
from live.control.osc.playing import Message, value_message
from live.control.watch import Watch

BLOCK_S = 0.01
"""Sound arrives in blocks of this length."""


class Sender:
    """Sends bundles to one address from `start` to `stop`; whether anybody listens is not known."""

    def __init__(self, desk: Desk, address: tuple[str, int]) -> None:
        """address: a numeric IPv4 address, and a port."""
        self._desk, self._address = desk, address
        self._watch = Watch(desk)
        self._looked_s = 0.0
        self._hearing: Hearing | None = None
        self._slots: set[int] = set()
        """Of the scene, those that a source was told to be in."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="osc out", daemon=True)

    def start(self) -> None:
        """Begin with every control's value."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while not self._ended.wait(BLOCK_S):
            with suppress(OSError):  # no way there, or the line is full: the next block is newer
                self._socket.sendto(bundle(self._messages(), time.time()), self._address)

    def _messages(self) -> list[Message]:
        now = self._desk.session.reactive
        return [
            (f"{ROOT}/level", (float(now.level),)),
            (f"{ROOT}/onset", (float(now.onset),)),
            (f"{ROOT}/brightness", (float(now.brightness),)),
            *self._sources(),
            *self._changes(),
        ]

    def _changes(self) -> list[Message]:
        now_s = time.monotonic()
        if now_s - self._looked_s < PERIOD_S:
            return []
        self._looked_s = now_s
        return [value_message(c.control, c.value, c.origin) for c in self._watch.look()]

    def _sources(self) -> list[Message]:
        """Each source that stands in the scene, by its slot, with every hearing."""
        hearing, places = self._desk.session.hearing, self._desk.session.places
        if hearing is None or hearing is self._hearing:
            return []
        self._hearing = hearing
        told = []
        for source in hearing.sources:
            if source.track_id in places:
                told.append((source, *places[source.track_id]))
        gone = self._slots - {slot for _, slot, _, _ in told}
        self._slots = {slot for _, slot, _, _ in told}
        return [
            *(source_message(slot, source, x, y) for source, slot, x, y in told),
            *(source_message(slot, None, 0.5, 0.5) for slot in sorted(gone)),
        ]


def source_message(slot: int, source: HeardSource | None, x: float, y: float) -> Message:
    """Return /source/N label probability lufs x y; N counts from 1, an empty label is nobody.

    x, y: its middle in the scene, from the upper left, over width and height.
    """
    address = f"{ROOT}/source/{slot + 1}"
    if source is None:
        return address, ("", 0.0, -70.0, x, y)
    label, probability = source.labels[0] if source.labels else ("", 0.0)
    return address, (label, float(probability), float(source.loudness_lufs), x, y)
