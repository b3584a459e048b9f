"""The input of a running show: the feed that fills the shared ring, and the change to another."""

from __future__ import annotations

import time
from collections.abc import Callable

from live.errors import UserError
from live.input.feeds import Feed, make_feed
from live.input.microphone_feed import MicrophoneFeed
from live.input.shared_ring import RING_HZ, SharedRing
from live.input.sound_feed import SoundFeed
from live.messages import Messages

OPENING_S = 8.0
"""A microphone that is opened has so long to deliver its first block."""

HearFrom = Callable[[int, Callable[[], int | None]], None]
"""Called with the first sample to hear, counted in the ring, and with a function that returns the
sample at which the sound ends, None while it goes on."""


class InputSelector:
    """Holds the ring and the one feed that fills it; for one thread at a time."""

    def __init__(
        self,
        wanted: str,
        window_s: float,
        messages: Messages,
        *,
        waits: bool,
        ends: bool,
    ) -> None:
        """Open a feed; for wanted, window_s, messages and waits see `make_feed`.

        A microphone begins to open at once, a sound is played from `start` on.

        ends: whether hearing ends with a file. With a window nobody watches for that: silence
            follows there.

        Raises:
            UserError: the file cannot be used.
        """
        self._messages, self._waits, self._ends = messages, waits, ends
        self._hear_from: HearFrom = lambda sample, end: None
        self._first_sample = 0
        """Of the ring, at which hearing of this feed began."""
        self._feed: Feed | None = None
        self._began_s = time.monotonic()
        self._shared = SharedRing.create()
        try:
            self._feed = make_feed(self._shared, wanted, window_s, messages, waits=waits)
        except BaseException:
            self._shared.close()
            raise
        self.ring = self._shared.ring
        """Samples at `RING_HZ`."""
        self.ring_fd = self._shared.fd
        """Of the memory of the ring, for processes that read the sound too."""
        if isinstance(self._feed, MicrophoneFeed):
            self._feed.start()

    def wait_for_first(self) -> None:
        """Wait until the feed has sound; raises UserError when it cannot deliver any."""
        assert self._feed is not None
        self._feed.wait_for_first(OPENING_S)

    def start(self, hear_from: HearFrom) -> None:
        """Have the feed heard: a sound from its first sample, a microphone from now on.

        hear_from: is called now, and again with each other feed.
        """
        self._hear_from = hear_from
        self._hear()

    def _hear(self) -> None:
        feed = self._feed
        assert feed is not None
        if isinstance(feed, SoundFeed):
            feed.start()
            self._first_sample = feed.first_sample
        else:
            self._first_sample = self.ring.written
        self._hear_from(self._first_sample, lambda: self._end_of(feed))

    def _end_of(self, feed: Feed) -> int | None:
        return getattr(feed, "end_sample", None) if self._ends else None

    def select(self, wanted: str, window_s: float) -> None:
        """Change to a microphone, a file of at least `window_s` seconds or "demo".

        Raises:
            UserError: it cannot be opened; the feed before is opened again.
        """
        self._change(make_feed(self._shared, wanted, window_s, self._messages))

    def select_next_microphone(self) -> None:
        """Change to the microphone after this one; to the first if none is listened to.

        Raises:
            UserError: it cannot be opened; the feed before is opened again.
        """
        after = self._feed.name if isinstance(self._feed, MicrophoneFeed) else ""
        self._change(MicrophoneFeed(self._shared, after=after, messages=self._messages))

    def _change(self, feed: Feed) -> None:
        before = self._feed
        assert before is not None
        before.stop()
        if isinstance(feed, MicrophoneFeed):
            feed.start()
            try:
                feed.wait_for_first(OPENING_S)
            except UserError:
                feed.stop()
                self._reopen(before)
                raise
        self._feed = feed  # only now: until it sounds, the status names the feed before
        self._hear()

    def _reopen(self, before: Feed) -> None:
        wanted = before.wanted if isinstance(before, MicrophoneFeed) else before.name
        self._feed = make_feed(self._shared, wanted, 0.0, self._messages, waits=self._waits)
        if isinstance(self._feed, MicrophoneFeed):
            self._feed.start()
        self._hear()

    def stop(self) -> None:
        """Write no more to the ring, which can still be read."""
        if self._feed is not None:
            self._feed.stop()
            self._feed = None

    def close(self) -> None:
        """Close the ring."""
        self._shared.close()

    @property
    def name(self) -> str:
        """What is heard, for people; empty once stopped."""
        feed = self._feed
        return feed.name if feed else ""

    @property
    def message(self) -> str | None:
        """What keeps the input from sounding, None when all is well."""
        feed = self._feed
        return feed.message if feed else None

    @property
    def unheard(self) -> str | None:
        """Why a microphone gives nothing that could be heard; None while it does, or need not."""
        feed = self._feed
        return feed.unheard if isinstance(feed, MicrophoneFeed) else None

    @property
    def moved_at_s(self) -> float:
        """time.monotonic() at which something last came into the ring."""
        return self.ring.heartbeat_s or self._began_s

    @property
    def fault(self) -> str | None:
        """What was damaged in the sound heard so far, None when nothing was."""
        return getattr(self._feed, "fault", None)

    def progress(self) -> tuple[float, int]:
        """Return the seconds of sound written for this feed and the samples lost in the ring."""
        state = self.ring.state()
        return (state.written - self._first_sample) / RING_HZ, state.lost
