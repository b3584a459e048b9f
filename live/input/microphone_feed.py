"""Keeps a microphone in the ring: starts the capture process, and a new one whenever it fails.

While no capture process has sound, the show's own silence keeps the ring's clock going, so that
the rest of the show never waits for a device.

A microphone that gives nothing but zeros may be muted, or the sound server may have moved its
stream to another source when the one asked for went away, and leave it there. Such a stream is
opened again beside the one that runs, at growing intervals: what is opened anew stands on the
microphone that was asked for, and a muted one loses nothing by it. A constant is as good as zeros.

Where nobody is at the keys, one that has given nothing for ten minutes gives way to the next
microphone that there is, and so on round until one sounds.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time

from engine.trace import is_tracing, note_elsewhere
from live.errors import UserError
from live.input.capture_process import CaptureProcess, capture_command, capture_environment
from live.input.shared_ring import SharedRing
from live.input.silence import fill_with_silence
from live.messages import Messages

TICK_S = 0.02
STALL_S = (1.2, 5.0)
"""A device that gave sound and then gives none for so long is taken for gone: at first, and at
most. Each time it comes back it is given twice as long: some give sound in lumps."""
OPENING_S = 6.0
"""The longest that a device may take to give its first sound; Bluetooth needs seconds."""
SETTLE_S = 1.0
"""A stream knows how old its sound is only after a while; one that runs is not left before."""
RETRY_S = (0.5, 5.0)
"""Pause before a failed microphone is tried again: at first, and at most; it doubles."""
HELD_S = 5.0
"""A microphone that has held for so long is tried soon again when it fails."""
ZEROS_S = (10.0, 30.0)
"""Exact digital silence for so long is a fault, and the stream is opened again: at first, and the
longest from one time to the next; the time doubles."""
DEAD_S = (600.0, 60.0)
"""After so much of it the microphone is taken for dead, and the next one is tried; that one and
those after it are given so long."""


def list_microphone_names() -> tuple[str, ...]:
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

    def __init__(
        self,
        shared: SharedRing,
        wanted: str = "mic",
        after: str | None = None,
        *,
        waits: bool = False,
        messages: Messages | None = None,
    ) -> None:
        """wanted: "mic", a device's number or part of its name; see `live.input.microphone.choose`.

        after: take the microphone that follows this one instead.
        waits: a microphone that is not there at the start is waited for; nobody is at the keys.
        messages: is told of each change between sound, digital silence and waiting.
        """
        self.name = wanted
        self.wanted = wanted
        """What to ask for to get this microphone again."""
        self.message: str | None = None
        self._shared = shared
        self._after = after
        self._index: int | None = None
        self._waits = waits
        self._messages = messages or Messages()
        self._current: CaptureProcess | None = None
        """Writes to the ring."""
        self._next: CaptureProcess | None = None
        """Opens the microphone, to take over from the silence or from the current one."""
        self._opened_at_s = 0.0
        self._ready_at_s: float | None = None
        """Since when the next one has had sound to write."""
        self._retry_at_s = 0.0
        self._pause_s = RETRY_S[0]
        self._patience_s = STALL_S[0]
        self._heard = False
        """Sound has come at least once: from then on, silence counts as lost."""
        self._sounded_at_s = 0.0
        """When a sample last was not zero, or since when one is waited for."""
        self._zeros_s = ZEROS_S[0]
        self._reopen_at_s: float | None = None
        """When to open a stream again that gives only zeros; None while it gives sound."""
        self._dead_at_s = 0.0
        """When a microphone that is dead gives way to the next one."""
        self._dead = False
        self._moves_on = False
        """The next process opens the next microphone."""
        self._failure: str | None = None
        """Why there is no sound now; None while there is, and before the first attempt ends."""
        self._is_permanent = False
        """What failed does not pass by waiting."""
        self._first = threading.Event()
        """Set when the first opening has succeeded or failed."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)

    def start(self) -> None:
        """Begin; the sound comes when the device is open. See `wait_for_first`."""
        self._thread.start()

    def wait_for_first(self, timeout_s: float = OPENING_S) -> None:
        """Wait until the microphone is open for the first time, or has failed to open if it waits.

        Raises:
            UserError: it cannot be opened; the feed goes on trying unless it is stopped. One that
                waits raises only what waiting does not mend.
        """
        self._first.wait(timeout_s)
        if self._failure is not None and (self._is_permanent or not self._waits):
            raise UserError(self._failure)

    def stop(self) -> None:
        """End the capture process; afterwards the show is the ring's writer again."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(3.0)
        self._end_capture()

    @property
    def unheard(self) -> str | None:
        """Why nothing can be heard: the microphone is away or dead; None while it may sound."""
        return self.message if self._dead or self._failure is not None else None

    @property
    def capture_pid(self) -> int | None:
        """Process number of the capture process, None while there is none."""
        process = self._current or self._next
        return process.pid if process else None

    def _run(self) -> None:
        while not self._stop.wait(TICK_S):
            try:
                self._poll()
            except OSError as error:
                self._fail(
                    f"the capture process cannot be started ({error}): see soundglass doctor."
                )
        self._end_capture()

    def _poll(self) -> None:
        now_s = time.monotonic()
        if self._current is not None:
            self._check_current(self._current, now_s)
        if self._next is not None:
            self._check_next(self._next, now_s)
        elif self._current is None and now_s >= self._retry_at_s:
            self._open()
        if self._current is None and self._failure is not None:
            fill_with_silence(self._shared.ring, lost=self._heard)

    def _open(self) -> None:
        self._ready_at_s = None
        self._next = CaptureProcess(self._shared, self.wanted, self._after, self._index)

    def _check_next(self, process: CaptureProcess, now_s: float) -> None:
        alive = process.is_alive()
        self._note_opened(process)
        if alive and process.ready:
            self._ready_at_s = self._ready_at_s or now_s
            if self._current is None or now_s - self._ready_at_s > SETTLE_S:
                self._switch_writer(process, now_s)
        elif not alive or now_s - process.started_at_s > OPENING_S:
            if self._moves_on:
                self._stay()
                return
            if self._current is not None:
                # Some devices can be opened but once: try without the one that gives only zeros.
                self._end_capture()
                self._retry_at_s = now_s
                self._failure = self.message
                return
            gave_none = f"microphone {self.name!r} gives no sound: is it switched on?"
            went = f"microphone {self.name!r} went away."
            self._fail(process.error or (gave_none if alive else went), process.error_is_permanent)

    def _check_current(self, process: CaptureProcess, now_s: float) -> None:
        if not process.is_alive():
            self._fail(process.error or f"microphone {self.name!r} went away.")
            return
        if is_tracing():
            self._trace_capture()
        if now_s - self._shared.ring.heartbeat_s > self._patience_s:
            self._patience_s = min(2 * self._patience_s, STALL_S[1])
            self._fail(f"microphone {self.name!r} fell silent.")
            return
        if now_s - self._opened_at_s > HELD_S:
            self._pause_s = RETRY_S[0]
        self._check_for_zeros(now_s)

    def _check_for_zeros(self, now_s: float) -> None:
        if self._shared.last_sound_at_s > self._sounded_at_s:
            self._sounded_at_s = self._shared.last_sound_at_s
            if self._reopen_at_s is not None:
                self._sounds_again()
        elif self._reopen_at_s is None and now_s - self._sounded_at_s > ZEROS_S[0]:
            self._reopen_at_s = now_s
            self._report_problem(
                f"only digital silence comes from microphone {self.name!r}: is it muted? It is "
                "opened again until it sounds."
            )
        if self._reopen_at_s is not None and self._next is None and now_s >= self._reopen_at_s:
            self._zeros_s = min(2 * self._zeros_s, ZEROS_S[1])
            self._reopen_at_s = now_s + self._zeros_s
            self._moves_on = self._check_for_death(now_s)
            self._open()

    def _check_for_death(self, now_s: float) -> bool:
        """Whether the microphone has been silent for so long that the next one is to be tried."""
        if now_s - self._sounded_at_s < DEAD_S[0] or now_s < self._dead_at_s:
            return False
        if not self._dead:
            self._dead = True
            self._report_problem(
                f"microphone {self.name!r} has given only digital silence, or a constant, for "
                f"{DEAD_S[0] / 60:.0f} minutes: see to it, or choose another one."
            )
        self._dead_at_s = now_s + DEAD_S[1]
        if self._waits:
            self._after = self.name
        return self._waits

    def _stay(self) -> None:
        """Leave the next microphone, which cannot be opened, for the one that is open."""
        if self._next is not None:
            self._next.end()
        self._next, self._after, self._moves_on = None, None, False

    def _switch_writer(self, process: CaptureProcess, now_s: float) -> None:
        # The old one is ended before the new one may write; the new one has kept what came since.
        if self._current is not None:
            self._current.end()
        self._current, self._next = process, None
        self._opened_at_s = now_s
        self._traced = self._shared.ring.state()
        self._shared.set_writer(process.writer)
        self._shared.ring.beat()
        waited = self._failure is not None
        self._failure = None
        self._is_permanent = False
        if self._moves_on:
            self._moves_on = False
            self._messages.report_event(f"trying microphone {self.name!r} instead.")
        if self._reopen_at_s is None:
            self._sounded_at_s = now_s
            if waited:
                again = " again" if self._heard else ""
                self._messages.report_event(f"microphone {self.name!r} is open{again}: listening.")
            self.message = None
        self._heard = True
        self._first.set()

    def _sounds_again(self) -> None:
        self._reopen_at_s = None
        self._zeros_s = ZEROS_S[0]
        self._dead, self._dead_at_s, self._moves_on = False, 0.0, False
        self._messages.report_event(f"sound comes from microphone {self.name!r} again.")
        self.message = None
        if self._next is not None:
            self._next.end()
            self._next = None

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

    def _note_opened(self, process: CaptureProcess) -> None:
        if process.opened is None:
            return
        self.name, index = process.opened
        # From now on it is this one that is wanted, whatever stands around it in the list.
        if self._after is not None or self.wanted.isdigit():
            self.wanted, self._after, self._index = self.name, None, index

    def _fail(self, why: str, permanent: bool = False) -> None:
        self._end_capture()
        self._is_permanent = permanent
        # One line for each time of waiting, however often it is tried and whatever keeps it.
        if self._failure is None or self._reopen_at_s is not None:
            self._report_problem(self._waiting_line(why))
        self._failure = why
        if self._moves_on:
            self._stay()
        self._reopen_at_s, self._dead, self._dead_at_s = None, False, 0.0
        self._zeros_s = ZEROS_S[0]
        self._retry_at_s = time.monotonic() + self._pause_s
        self._pause_s = min(2 * self._pause_s, RETRY_S[1])
        self._first.set()

    def _waiting_line(self, why: str) -> str:
        line = f"waiting for microphone {self.name!r}"
        if not self._waits:
            return f"{line} (M takes another one)"
        which = " (the default one)" if self.wanted == "mic" == self.name else ""
        return f"{line}{which}: {why}"

    def _report_problem(self, line: str) -> None:
        self._messages.report_problem(line)
        self.message = line

    def _end_capture(self) -> None:
        """End the capture processes for certain, then take the turn to write back."""
        processes, self._current, self._next = (self._current, self._next), None, None
        for process in processes:
            if process is not None:
                process.end()
        self._shared.set_writer(SharedRing.SHOW)
