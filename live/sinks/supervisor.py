"""Keeps one sink going: starts its process, and a new one whenever it fails or stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from live.film.sharing import SharedEncoding, SharedPictures
from live.output.backoff import Backoff
from live.sinks.address import Address
from live.sinks.feed import Feed
from live.sinks.process import END_S, SenderProcess

FIRST_PAUSE_S = 1.0
POLL_S = 0.1
STALL_S = 10.0
"""Who takes nothing for so long is given up, and tried again."""
START_S = 60.0
"""So long may a process take to start where the processor is short."""


class Supervisor:
    """One sink from `start` to `stop`, whatever happens at the other side."""

    def __init__(
        self,
        address: Address,
        feed: Feed | SharedEncoding | SharedPictures,
        ring_fd: int,
        say: Callable[[str], None],
    ) -> None:
        """say: is told in one line when the sink takes the picture, when it does so no longer, and
        when it does again."""
        self.address = address
        self.sends = False
        """Whether the other side takes the picture now."""
        self._feed, self._ring_fd, self._say = feed, ring_fd, say
        self._failing = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=address.said, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def ask_to_end(self) -> None:
        """Let the sink come to its end; returns at once."""
        self._stop.set()

    def stop(self) -> None:
        """End, and wait for it."""
        self.ask_to_end()
        self._thread.join()

    def _run(self) -> None:
        backoff = Backoff(FIRST_PAUSE_S)
        while not self._stop.is_set():
            why = self._send()
            self.sends = False
            if self._stop.is_set():
                return
            if not self._failing:
                self._failing = True
                self._say(
                    f"{self.address.said} gets no picture for now, and is tried again: {why}"
                )
            self._stop.wait(backoff.next_delay_s())

    def _send(self) -> str:
        """Send until that ends; return why it did."""
        shown = self._feed.join()
        try:
            process = SenderProcess(self.address, shown, self._ring_fd)
        except OSError as error:
            self._feed.leave()
            return f"its process cannot be started ({error.strerror})"
        try:
            return self._watch(process)
        finally:
            process.end(END_S if self._stop.is_set() else 0.0)
            self._feed.leave()

    def _watch(self, process: SenderProcess) -> str:
        while not self._stop.wait(POLL_S):
            if not process.is_alive():
                return process.error or "its process ended of itself"
            if process.sent and not self.sends:
                self._report_sending()
            still_s = time.monotonic() - process.moved_at_s
            if process.opens and still_s > STALL_S:
                return f"it has taken nothing for {STALL_S:.0f} s"
            if still_s > START_S:
                return "its process does not start"
        return "the show ends"

    def _report_sending(self) -> None:
        self.sends = True
        again = " again" if self._failing else ""
        self._failing = False
        self._say(f"{self.address.said} gets the picture{again}")
