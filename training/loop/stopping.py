"""Ctrl-C and SIGTERM, heard between two steps instead of in the middle of one."""

from __future__ import annotations

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
