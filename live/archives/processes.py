"""Hears recordings on the cores of this machine: a process each, with one recording at a time.

Decoders are libraries of C, and a broken file can end the process that decodes it: another one
tries it once more, and what does it again is a recording that cannot be read.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from engine.bundle.load import BundleError
from engine.runtimes.model import ModelError
from engine.system.outside import outside_fault
from live.archives.ear import How, hear
from live.archives.lines import Recording, error_line
from live.errors import UserError

Heard = tuple[Recording, bytes | None]
"""A recording and its line, None where it has gone."""
_POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals that no file sends."""


def hear_on_cores(
    recordings: Iterator[Recording], folder: bytes, how: How, processes: int
) -> Iterator[Heard]:
    """Yield each recording with its line, as they are done.

    Args:
        recordings: they are taken one by one, as processes are free.
        folder: that their names begin in.
        how: to hear.
        processes: at most so many.

    Raises:
        UserError: the bundle cannot be opened, or the memory is too little.
    """
    first = [each for _, each in zip(range(processes), recordings, strict=False)]
    with _one_thread_each():
        members = [_Member(folder, how) for _ in first]
    try:
        for member, recording in zip(members, first, strict=True):
            member.give(recording)
        while busy := {member.pipe: member for member in members if member.recording is not None}:
            for pipe in wait(list(busy)):
                member = busy[pipe]  # pyright: ignore[reportArgumentType]
                heard = member.take()
                if heard is not None:
                    yield heard
                    member.give(next(recordings, None))
    finally:
        for member in members:
            member.end()


class _Member:
    """One process, begun anew when a recording has ended it."""

    def __init__(self, folder: bytes, how: How) -> None:
        self._folder, self._how = folder, how
        self.recording: Recording | None = None
        """What it hears now."""
        self._ended = 0
        self._begin()

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        given = (theirs, self._folder, self._how)
        self._process = context.Process(target=_serve, args=given, daemon=True)
        with _deaf():
            self._process.start()
        theirs.close()  # so that its end is seen here

    def give(self, recording: Recording | None) -> None:
        """Have it hear another one; None: nothing more."""
        self.recording, self._ended = recording, 0
        if recording is None:
            self.end()
        else:
            self._send()

    def take(self) -> Heard | None:
        """Return what it has done; None where it ended and tries once more."""
        assert self.recording is not None
        try:
            line, fault = self.pipe.recv()
        except (EOFError, OSError):
            return self._after_its_end()
        if fault is not None:
            raise UserError(fault)
        return self.recording, line

    def end(self) -> None:
        """End the process, whatever it does."""
        self.pipe.close()
        self._process.terminate()
        self._process.join()

    def _send(self) -> None:
        with suppress(OSError):  # it has ended: seen by `take`
            self.pipe.send(self.recording)

    def _after_its_end(self) -> Heard | None:
        assert self.recording is not None
        self._process.join()
        code = self._process.exitcode or 0
        if -code in _OUTSIDE:
            raise UserError(
                "the processes that hear are ended from outside, for want of memory perhaps: run "
                "this again with fewer --threads; what is described stays."
            )
        if code >= 0:
            raise RuntimeError(f"a process that hears has ended by itself (exit code {code})")
        self._ended += 1
        with _one_thread_each():
            self._begin()
        if self._ended == 1:
            self._send()
            return None
        why = f"reading it ends the process ({signal.Signals(-code).name})"
        return self.recording, error_line(self.recording, self._how.by, why)


def _serve(pipe: Connection, folder: bytes, how: How) -> None:
    """Hear what comes by the pipe, to its end: that of the process at its other side included."""
    parent = os.getppid()

    def heed() -> None:
        if os.getppid() != parent:
            os._exit(0)  # nobody is left to tell

    with suppress(EOFError, OSError):
        while True:
            recording = pipe.recv()
            pipe.send(try_to_hear(folder, recording, how, heed))


def try_to_hear(
    folder: bytes, recording: Recording, how: How, heed: Any = lambda: None
) -> tuple[bytes | None, str | None]:
    """Return the line, None where it has gone; and what no other recording will mend, in words."""
    try:
        return hear(folder, recording, how, heed), None
    except (UserError, BundleError, ModelError) as error:
        return None, str(error)
    except Exception as error:
        line = outside_fault(error)
        if line is None:
            raise
        return None, line


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are begun inside never hear Ctrl-C, which a terminal sends to all of them."""
    # Begun by the first process otherwise, which then hears: it unblocks signals as it begins.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that are begun inside give their libraries one thread."""
    before = {name: os.environ.get(name) for name in _POOLS}
    os.environ.update(dict.fromkeys(_POOLS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
