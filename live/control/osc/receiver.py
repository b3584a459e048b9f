"""OSC in: a thread that empties the socket faster than anybody fills it."""

from __future__ import annotations

import select
import socket
import threading
import time
from contextlib import suppress

from live.control.desk import Desk, Outcome
from live.control.osc.address import unusable
from live.control.osc.packets import ERROR, MOST_BYTES, message, messages_of
from live.control.osc.playing import Playing
from live.errors import UserError

DRAIN_S = 0.01
"""A flood is taken apart this often, and then only the newest message of each address."""
MOST_WAITING = 2000
"""Packets that are kept apart meanwhile; more come from nobody who means a control."""
BUFFER_BYTES = 1 << 21
"""Asked of the system for what arrives while another thread has the interpreter."""

Sender = tuple[str, int]


def _key(packet: bytes, sender: Sender) -> object:
    """Return what messages have in common of which only the newest counts; None for a bundle.

    A question, which has no argument, does not take the place of a value sent before it.
    """
    address = packet.partition(b"\0")[0]
    tags = len(address) // 4 * 4 + 4
    asks = packet[tags : tags + 2] in (b"", b",\0")
    return None if address == b"#bundle" else (address, asks, sender)


class Receiver:
    """Listens on a UDP port from `start` to `stop`."""

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        """Take the port; 0 for any that is free.

        Raises:
            UserError: it cannot be listened on.
        """
        self._desk, self._playing = desk, Playing(desk)
        self._senders: dict[str, Sender] = {}
        """By origin, those that may have to be told of something that goes wrong later."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._socket.setblocking(False)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise unusable(error, host, port, "--osc") from error
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="osc in", daemon=True)
        desk.listen(self._told)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more, and give the port back."""
        self._wake.send(b"\0")
        if self._thread.is_alive():
            self._thread.join()
        for each in (self._socket, self._wake, self._woken):
            each.close()

    def _run(self) -> None:
        while True:
            ready, _, _ = select.select([self._socket, self._woken], [], [])
            if self._woken in ready:
                return
            for packet, sender in self._drain():
                self._take(packet, sender)

    def _drain(self) -> list[tuple[bytes, Sender]]:
        """Return what has arrived: of messages to one address by one sender, the newest."""
        until_s = time.monotonic() + DRAIN_S
        newest: dict[object, tuple[bytes, Sender]] = {}
        while time.monotonic() < until_s and len(newest) < MOST_WAITING:
            try:
                packet, sender = self._socket.recvfrom(MOST_BYTES + 1)
            except OSError:  # nothing is left, or a sender that is gone was answered
                break
            key = _key(packet, sender) or len(newest)
            newest.pop(key, None)
            newest[key] = (packet, sender)
        return list(newest.values())

    def _take(self, packet: bytes, sender: Sender) -> None:
        origin = f"osc {sender[0]}:{sender[1]}"
        self._senders.pop(origin, None)
        self._senders[origin] = sender
        while len(self._senders) > MOST_WAITING:
            self._senders.pop(next(iter(self._senders)))
        try:
            for address, values in messages_of(packet):
                for answer, said in self._playing.play(address, values, origin):
                    self._send(message(answer, *said), sender)
        except UserError as error:
            self._send(message(ERROR, str(error)), sender)

    def _told(self, outcome: Outcome) -> None:
        sender = self._senders.get(outcome.origin)
        if outcome.failed and sender is not None:
            self._send(message(ERROR, outcome.line), sender)

    def _send(self, packet: bytes, sender: Sender) -> None:
        with suppress(OSError):  # whoever asked is gone, or its line is full
            self._socket.sendto(packet, sender)
