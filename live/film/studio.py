"""The process that composes, as the show sees it."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Collection
from typing import Any

from engine.packets import U8
from live.film.forms import Form
from live.film.packets import SharedPackets
from live.film.shared_frames import SharedFrames
from live.film.wire import ViewWriter, receive, send
from live.view.picture import View

START_S = 60.0
"""So long may it take to start where the processor is short."""
ANSWER_S = 10.0
"""One that has not composed a picture after so long never will."""


class StudioError(Exception):
    """It has failed, and composes nothing more; the text says why."""


class Studio:
    """A process that composes pictures of one size until it is closed, or fails."""

    def __init__(self, packets: SharedPackets, frames: SharedFrames) -> None:
        """Start it; it puts what it makes there. Raises OSError: no process can be started."""
        self.size = frames.width, frames.height
        self._writer = ViewWriter()
        self._line, theirs = socket.socketpair()
        with theirs:
            fds = [theirs.fileno(), packets.fd, frames.fd]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "live.film.composing", *map(str, (*fds, *self.size))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=fds,
                start_new_session=True,  # Ctrl-C in a terminal is the show's to handle
            )
        self._line.settimeout(START_S)
        self._ready = False

    def wait(self) -> None:
        """Wait until it has started; what is to be shown is looked at after that."""
        if not self._ready:
            self._receive()
            self._ready = True
            self._line.settimeout(ANSWER_S)

    def compose(
        self, view: View, at_s: float, forms: Collection[Form], encoded: bool, key: bool
    ) -> bytes:
        """Have a picture of this moment made in these forms; return the JPEG, if that is one.

        encoded: whether encoded pictures are wanted from time to time. key: whether somebody waits
        for a key picture.

        Raises:
            StudioError: it could not.
        """
        head, new = self._writer.write(view)
        head |= {"at_s": at_s, "forms": [form.value for form in forms]}
        self._send(head | {"encoded": encoded, "key": key}, new)
        said, body = self._receive()
        if "error" in said:
            raise StudioError(said["error"])
        return bytes(body)

    def rest(self) -> None:
        """Say that nothing is wanted for now. Raises StudioError: it has failed."""
        self._send({"encoded": False}, [])

    def close(self) -> None:
        """End it; whoever waits for it in another thread gets an error."""
        self._process.kill()
        self._process.wait()
        self._line.close()

    def kill(self) -> None:
        """End it from another thread than the one that uses it, which then gets an error."""
        self._process.kill()

    def _send(self, head: dict[str, Any], parts: list[U8]) -> None:
        try:
            send(self._line, head, parts)
        except OSError as error:
            raise _failed(error) from error

    def _receive(self) -> tuple[dict[str, Any], memoryview]:
        try:
            return receive(self._line)
        except (OSError, EOFError) as error:
            raise _failed(error) from error


def _failed(error: Exception) -> StudioError:
    still = isinstance(error, TimeoutError)
    return StudioError("its process " + ("stands still" if still else "has ended"))
