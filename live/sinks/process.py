"""A sink's process as the show sees it: how it is started, what it says, how it is ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

from live.film.packets import SharedPackets
from live.film.shared_frames import SharedFrames
from live.json_lines import JsonLines
from live.sinks.address import Address

END_S = 3.0
"""So long may it take to end a stream."""


class SenderProcess:
    """A process that sends pictures and sound to one address until it is ended."""

    def __init__(
        self, address: Address, shown: SharedFrames | SharedPackets, ring_fd: int
    ) -> None:
        """Start it.

        shown: encoded where the address is that of a stream. ring_fd: the descriptor of the
        `SharedRing` of the sound.

        Raises:
            OSError: no process can be started.
        """
        self.sent = 0
        """Pictures that the other side has taken, to a second."""
        self.opens = False
        """It has started, and opens the way to the other side or has done so."""
        self.error: str | None = None
        """Why it has ended, in its own words."""
        self.moved_at_s = time.monotonic()
        """When it was started, or has last said anything."""
        job = {"kind": address.kind.value, "where": address.where, "ring": ring_fd}
        if isinstance(shown, SharedPackets):
            job["packets"] = shown.fd
        else:
            job |= {"frames": shown.fd, "width": shown.width, "height": shown.height}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "live.sinks.sender"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[shown.fd, ring_fd],
            start_new_session=True,  # Ctrl-C in a terminal is the show's to handle
        )
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        self._said = JsonLines(self._process.stdout)
        # Not on its command line, where others could read the keys of a stream.
        with contextlib.suppress(OSError):  # it has ended already
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Read what it has reported; return whether it still runs."""
        # Asked before reading, so that nothing said on the way out is missed.
        alive = self._process.poll() is None
        for said in self._said.read():
            self.opens = True
            self.sent, self.moved_at_s = said.get("sent", self.sent), time.monotonic()
            self.error = said.get("error", self.error)
        return alive

    def ask_to_end(self) -> None:
        """Let it send what waits, and end; returns at once."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def end(self, patience_s: float = 0.0) -> None:
        """End it for certain, and whatever it has started."""
        self.ask_to_end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        with contextlib.suppress(OSError):  # all of them have ended
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
