"""Ctrl-C and SIGTERM, heard between two steps instead of in the middle of one; and by the clock."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether a signal asked the run to stop."""

    def __init__(self) -> None:
        self.signal_number: int | None = None
        """Of the signal that came; None as long as none did."""

    def raise_signal(self) -> None:
        """Raises what the signal would have raised: KeyboardInterrupt, or SystemExit."""
        if self.signal_number == signal.SIGINT:
            raise KeyboardInterrupt
        if self.signal_number is not None:
            raise SystemExit(128 + self.signal_number)


@contextmanager
def stopping() -> Iterator[Stop]:
    """Notes the first Ctrl-C or SIGTERM inside the block; a second one acts at once."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop  # only the main thread may listen
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, _: FrameType | None) -> None:
        stop.signal_number = number
        for each, handler in before.items():
            signal.signal(each, handler)

    for number in before:
        signal.signal(number, note)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class TimeIsOverError(Exception):
    """The minutes of `for_minutes` have passed."""


@contextmanager
def for_minutes(minutes: float | None) -> Iterator[None]:
    """Stops the block after so many minutes as Ctrl-C would, but raises TimeIsOverError; None:
    never. In the main thread alone."""
    by_clock, main = threading.Event(), threading.get_ident()

    def interrupt() -> None:
        by_clock.set()
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, signal.SIGINT)  # which a waiting system call hears too
        else:
            _thread.interrupt_main()

    if minutes is None:
        yield
        return
    clock = threading.Timer(60 * minutes, interrupt)
    clock.daemon = True
    try:
        clock.start()
        yield
    except KeyboardInterrupt:
        if by_clock.is_set():
            raise TimeIsOverError from None
        raise
    finally:
        clock.cancel()
        if clock.is_alive():
            clock.join()
