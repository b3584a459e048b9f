"""Keeps a microphone in the ring: starts the capture process, and a new one whenever it fails.

While no capture process has sound, the show's own silence keeps the ring's clock going, so that
the rest of the show never waits for a device.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import time

from engine.trace import note_elsewhere, tracing
from live.errors import UserError
from live.shared_ring import SharedRing
from live.silence import fill_with_silence

TICK_S = 0.02
STALL_S = (1.2, 5.0)
"""A device that gave sound and then gives none for so long is taken for gone: at first, and at
most. Each time it comes back it is given twice as long: some give sound in lumps."""
OPENING_S = 6.0
"""The longest that a device may take to give its first sound; Bluetooth needs seconds."""
RETRY_S = 0.5
PULSE_LATENCY_MS = "20"
_writers = itertools.count(1)


def capture_command(*arguments: str) -> list[str]:
    """Return the command line of a capture process."""
    return [sys.executable, "-m", "live.capture", *arguments]


def capture_environment() -> dict[str, str]:
    """Return the environment of a capture process: PulseAudio is asked for short buffers."""
    return {"PULSE_LATENCY_MSEC": PULSE_LATENCY_MS, **os.environ}


def microphones_now() -> tuple[str, ...]:
    """Return the names of the microphones there are now; empty when that cannot be found out.

    Takes some tenths of a second: a new process is asked, because PortAudio's list never changes.
    """
    try:
        done = subprocess.run(
            capture_command("--list"),
            capture_output=True,
            text=True,
            timeout=OPENING_S,
            stdin=subprocess.DEVNULL,
            env=capture_environment(),
        )
        said = json.loads(done.stdout.splitlines()[0])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return ()
    return tuple(each["name"] for each in said.get("microphones", ()))


class MicrophoneFeed:
    """Writes a microphone, or silence while it is away, into the ring until it is stopped."""

    ended = False
    """A microphone never comes to an end."""

    def __init__(self, shared: SharedRing, wanted: str = "mic", after: str | None = None) -> None:
        """wanted: "mic", a device's number or part of its name; see `live.microphone.choose`.

        after: take the microphone that follows this one instead.
        """
        self.name = wanted
        self.message: str | None = None
        self._shared = shared
        self._wanted, self._after = wanted, after
        self._child: subprocess.Popen[bytes] | None = None
        self._writer = SharedRing.SHOW
        self._started_at_s = 0.0
        self._retry_at_s = 0.0
        self._capturing = False
        self._patience_s = STALL_S[0]
        self._heard = False
        """Sound has come at least once: from then on, silence counts as lost."""
        self._said = b""
        self._child_error: str | None = None
        self._failure: str | None = None
        """Why there is no sound now; None while there is, and before the first attempt ends."""
        self._first = threading.Event()
        """Set when the first opening has succeeded or failed."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)

    def start(self) -> None:
        """Begin; the sound comes when the device is open. See `wait_for_first`."""
        self._thread.start()

    def wait_for_first(self, timeout_s: float = OPENING_S) -> None:
        """Wait until the microphone is open for the first time.

        Raises:
            UserError: it cannot be opened; the feed goes on trying unless it is stopped.
        """
        self._first.wait(timeout_s)
        if self._failure is not None:
            raise UserError(self._failure)

    def stop(self) -> None:
        """End the capture process; afterwards the show is the ring's writer again."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(3.0)
        self._end_child()

    @property
    def capture_pid(self) -> int | None:
        """Process number of the capture process, None while there is none."""
        child = self._child
        return child.pid if child else None

    def _run(self) -> None:
        while not self._stop.wait(TICK_S):
            try:
                self._look()
            except OSError as error:
                self._fail(
                    f"the capture process cannot be started ({error}): see soundglass doctor."
                )
        self._end_child()

    def _look(self) -> None:
        now_s = time.monotonic()
        if self._child is None:
            if now_s >= self._retry_at_s:
                self._begin(now_s)
        else:
            self._listen_to_child()
            if self._child.poll() is not None:
                self._fail(f"microphone {self.name!r} went away.")
            elif self._capturing:
                if tracing():
                    self._trace_capture()
                if now_s - self._shared.ring.heartbeat_s > self._patience_s:
                    self._patience_s = min(2 * self._patience_s, STALL_S[1])
                    self._fail(f"microphone {self.name!r} fell silent.")
            elif self._shared.ready == self._writer:
                self._hand_over()
            elif now_s - self._started_at_s > OPENING_S:
                self._fail(f"microphone {self.name!r} gives no sound: is it switched on?")
        if not self._capturing and self._failure is not None:
            fill_with_silence(self._shared.ring, lost=self._heard)

    def _begin(self, now_s: float) -> None:
        self._writer = next(_writers)
        self._started_at_s = now_s
        self._said, self._child_error = b"", None
        self._traced = self._shared.ring.state()
        arguments = ["--fd", str(self._shared.fd), "--writer", str(self._writer)]
        arguments += ["--parent", str(os.getpid()), "--device", self._wanted]
        arguments += ["--after", self._after] if self._after is not None else []
        self._child = subprocess.Popen(
            capture_command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[self._shared.fd],
            env=capture_environment(),
        )
        assert self._child.stdout is not None
        os.set_blocking(self._child.stdout.fileno(), False)

    def _hand_over(self) -> None:
        # The child writes from its next block on; this thread has written its last silence.
        self._shared.give_turn(self._writer)
        self._shared.ring.beat()
        self._capturing = self._heard = True
        self._failure = self.message = None
        self._first.set()

    def _trace_capture(self) -> None:
        """Keep in the trace what the capture process has written since the last look."""
        before, now = self._traced, self._shared.ring.state()
        if 0 < before.written < now.written:
            samples, lost = now.written - before.written, now.lost - before.lost
            note_elsewhere(
                "capture process", "capture", before.captured_at_s, now.captured_at_s,
                samples=samples, lost=lost,
            )  # fmt: skip
        self._traced = now

    def _listen_to_child(self) -> None:
        assert self._child is not None
        assert self._child.stdout is not None
        self._said += self._child.stdout.read() or b""
        *lines, self._said = self._said.split(b"\n")
        for line in lines:
            said = json.loads(line)
            if "opened" in said:
                self.name = said["opened"]
                # From now on it is this one that is wanted, whatever stands around it in the list.
                if self._after is not None:
                    self._wanted, self._after = self.name, None
            if "error" in said:
                self._child_error = said["error"]

    def _fail(self, why: str) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._listen_to_child()
        self._end_child()
        self._failure = self._child_error or why
        self.message = f"waiting for microphone {self.name!r} (M takes another one)"
        self._retry_at_s = time.monotonic() + RETRY_S
        self._first.set()

    def _end_child(self) -> None:
        """End the capture process for certain, then take the turn to write back."""
        child, self._child = self._child, None
        if child is not None:
            assert child.stdin is not None
            assert child.stdout is not None
            if child.poll() is None:
                # Nothing of value is in there: the ring holds all that it has said.
                child.kill()
            child.wait()
            child.stdin.close()
            child.stdout.close()
        self._capturing = False
        self._shared.give_turn(SharedRing.SHOW)
