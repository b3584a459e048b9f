"""The hearing thread: follows the ring, hop by hop, and puts hearings in the painter's mailbox."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.hearing.hearer import Hearer
from engine.mailbox import Mailbox
from engine.packets import F32, Hearing
from engine.sound.resample import StreamResampler
from engine.sound.ring import Overrun, SampleRing
from engine.trace import span
from live.input.shared_ring import RING_HZ
from live.show.turns import Turns

SLEEP_S = (0.002, 0.05)
"""Shortest and longest sleep while the next hop is not complete."""
BLOCK_S = 0.01
"""Sound arrives in blocks of so much: by that it is late at most when the clock says it is due."""


@dataclass(frozen=True, slots=True)
class _StartPoint:
    """Where in the ring to begin to hear."""

    sample: int
    end: Callable[[], int | None]
    """Where the sound ends in the ring; None while it goes on."""
    replayed: int = 0
    """So many of its first samples have been heard before: nothing is passed over among them."""


class HearingThread:
    """Hears every sample of the ring; when it is late it passes over hearings, never over sound."""

    def __init__(
        self,
        ring: SampleRing,
        hearer: Hearer,
        turns: Turns,
        mailbox: Mailbox[Hearing],
        on_hearing: Callable[[Hearing], None],
        on_failure: Callable[[str], None],
    ) -> None:
        """on_hearing is called with every hearing before the mailbox gets it."""
        self.latest: Hearing | None = None
        self.skipped = 0
        """Hops that were passed over because newer sound was there already."""
        self.overrun = 0
        """Samples at 48 kHz that were gone before they could be heard."""
        self.finished = False
        """Everything up to the end of the sound has been heard."""
        self.moved_at_s = time.monotonic()
        """When it last heard a hop, or had nothing to hear."""
        self.on_separated: Callable[[Hearing, Hearer], None] | None = None
        """Is called after every hearing with the hearer that has it; free to set before `start`."""
        self._ring, self._hearer, self._turns = ring, hearer, turns
        self._wanted = hearer
        self._switched = threading.Event()
        self._mailbox, self._on_hearing, self._on_failure = mailbox, on_hearing, on_failure
        self._resampler = StreamResampler(RING_HZ, hearer.sample_rate_hz)
        self._ratio = RING_HZ / hearer.sample_rate_hz
        self._begin: _StartPoint | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hearing", daemon=True)

    def start(self) -> None:
        """Begin to listen once `begin_at` has said where."""
        self._thread.start()

    def begin_at(self, sample: int, end: Callable[[], int | None] = lambda: None) -> None:
        """Forget everything and hear anew from this sample of the ring, to where `end` says."""
        self._begin = _StartPoint(sample, end)

    def switch_to(self, hearer: Hearer, replayed: int) -> threading.Event:
        """Hear with another hearer of the same rate from the next hop on.

        It hears the last `replayed` samples of the ring first, so that its first window is full.
        The event is set once the hearer before is no longer in use.
        """
        begin, switched = self._begin, threading.Event()
        assert begin is not None, "begin_at comes first"
        sample = max(begin.sample, self._ring.oldest, self._ring.written - replayed)
        self._wanted, self._switched = hearer, switched
        self._begin = _StartPoint(sample, begin.end, self._ring.written - sample)
        return switched

    def end(self) -> None:
        """Hear no more after the hop under way; returns at once."""
        self._stop.set()

    def stop(self) -> None:
        """End, and wait for the hop under way: its models may be closed then."""
        self.end()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        fresh = True
        while not self._stop.is_set():
            begin = self._begin
            if begin is None:
                self.moved_at_s = time.monotonic()
                self._stop.wait(SLEEP_S[0])
                continue
            try:
                if not fresh:
                    before, self._hearer = self._hearer, self._wanted
                    self._hearer.reset(before.epoch + 1)
                    self._resampler.reset()
                    self._switched.set()
                fresh = False
                self._follow(begin)
            except Exception as error:
                # Whatever it is, the show goes on: what is heard next begins anew.
                self._on_failure(f"hearing failed and begins anew: {error}")
                self._stop.wait(1.0)
                self._begin = _StartPoint(self._ring.written, begin.end)

    def _follow(self, begin: _StartPoint) -> None:
        """Hear from `begin` on until another beginning is asked for."""
        self.finished = False
        self._first = self._at = begin.sample
        self._heard = 0
        self._replayed = begin.replayed
        while not self._stop.is_set() and self._begin is begin:
            end = begin.end()
            available = self._ring.written if end is None else min(end, self._ring.written)
            if end is not None and self._at >= end:
                if not self.finished:
                    self._hear(self._resampler.flush())
                self.finished = True
                self.moved_at_s = time.monotonic()
                self._stop.wait(SLEEP_S[1])
                continue
            missing = self._at + self._samples_to_next_hop() - available
            if missing > 0 and (end is None or available < end):
                self._sleep(missing)
                continue
            self._read_to(available)

    def _samples_to_next_hop(self) -> int:
        """Samples of the ring until the next hop is complete; the resampler's delay is constant."""
        hop = self._hearer.hop
        return round((hop - self._heard % hop) * self._ratio)

    def _sleep(self, missing: int) -> None:
        state = self._ring.state()
        wait_s = missing / RING_HZ
        if state.written:
            self._turns.hearing_due_s = (
                state.captured_at_s
                + (self._at + self._samples_to_next_hop() - state.written) / RING_HZ
                + BLOCK_S
            )
        self._stop.wait(min(max(wait_s, SLEEP_S[0]), SLEEP_S[1]))

    def _read_to(self, available: int) -> None:
        try:
            samples = self._ring.read(self._at, available)
        except Overrun:
            lost = self._ring.oldest + RING_HZ - self._at
            self.overrun += lost
            raise RuntimeError(
                f"{lost / RING_HZ:.1f} s of sound were gone before they were heard"
            ) from None
        self._at = available
        with span("resample"):
            resampled = self._resampler.process(samples)
        self._hear(resampled)

    def _hear(self, samples: F32) -> None:
        if not samples.size:
            return
        hop = self._hearer.hop
        hops = (self._heard + samples.size) // hop - self._heard // hop
        self._heard += samples.size
        state = self._ring.state()
        newest = self._first + self._heard * self._ratio
        captured_at_s = state.captured_at_s - (state.written - newest) / RING_HZ
        if not hops:
            self._hearer.push(samples, captured_at_s)
            return
        with self._turns.hearing(), span("hear", hops=hops):
            hearings = self._hearer.push(np.asarray(samples), captured_at_s, newest_only=True)
            # Before painting gets the cores, or it would paint what was heard before.
            for hearing in hearings:
                self.latest = hearing
                self._on_hearing(hearing)
                self._mailbox.put(hearing)
                if self.on_separated is not None:
                    self.on_separated(hearing, self._hearer)
        self.moved_at_s = time.monotonic()
        old, self._replayed = int(self._replayed / self._ratio) // hop, 0
        self.skipped += max(0, hops - len(hearings) - old)
