"""A capture process as the show sees it: how it is started, what it says, how it is ended."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time

from live.input.shared_ring import SharedRing
from live.json_lines import JsonLines

PULSE_LATENCY_MS = "20"
_writers = itertools.count(1)


def capture_command(*arguments: str) -> list[str]:
    """Return the command line of a capture process."""
    return [sys.executable, "-m", "live.input.capture", *arguments]


def capture_environment() -> dict[str, str]:
    """Return the environment of a capture process: PulseAudio is asked for short buffers."""
    return {"PULSE_LATENCY_MSEC": PULSE_LATENCY_MS, **os.environ}


class CaptureProcess:
    """A process that opens one microphone, and writes to the ring while it is the active writer."""

    def __init__(
        self, shared: SharedRing, wanted: str, after: str | None, index: int | None
    ) -> None:
        """Start it; see `live.input.microphone.choose` for what is asked of it.

        Raises:
            OSError: no process can be started.
        """
        self.writer = next(_writers)
        """Its number as a writer of the ring."""
        self.started_at_s = time.monotonic()
        self.opened: tuple[str, int] | None = None
        """Name and number of the microphone that it has opened."""
        self.error: str | None = None
        """Why it has ended, in its own words."""
        self.error_is_permanent = False
        """Waiting does not mend what is wrong."""
        self._shared = shared
        arguments = ["--fd", str(shared.fd), "--writer", str(self.writer)]
        arguments += ["--parent", str(os.getpid()), "--device", wanted]
        arguments += ["--after", after] if after is not None else []
        arguments += ["--index", str(index)] if index is not None else []
        self._process = subprocess.Popen(
            capture_command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[shared.fd],
            env=capture_environment(),
        )
        assert self._process.stdout is not None
        self._said = JsonLines(self._process.stdout)

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    @property
    def ready(self) -> bool:
        """Whether it has sound to write and waits for its turn."""
        return self._shared.ready_writer == self.writer

    def is_alive(self) -> bool:
        """Read what it has reported; return whether it still runs."""
        # Asked before reading, so that nothing said on the way out is missed.
        alive = self._process.poll() is None
        for said in self._said.read():
            if "opened" in said:
                self.opened = said["opened"], said["index"]
            if "error" in said:
                self.error, self.error_is_permanent = said["error"], said.get("lasts", False)
        return alive

    def end(self) -> None:
        """End it for certain, at once: the ring holds all of value that it had."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
