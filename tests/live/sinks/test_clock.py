"""The time of a stream is that of its sound, and its pictures have a fixed rate."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from engine.sound.ring import SampleRing
from live.film.forms import RATE
from live.input.shared_ring import RING_HZ, SharedRing
from live.sinks.clock import LATE_S, StreamClock, ticks


def test_the_clock_is_the_one_of_the_samples() -> None:
    ring = SampleRing.create(RING_HZ)
    ring.write(np.ones(4800, np.float32), time.monotonic())
    clock = StreamClock(ring)
    assert clock.new_sound().size == 0
    assert clock.now_s() < 60.0
    # A device that gives an hour of samples in a moment has had an hour.
    ring.write(np.full(480, 0.5, np.float32), time.monotonic(), lost=3600 * RING_HZ)
    assert clock.now_s() == pytest.approx(3600.01, abs=60.0)
    sound = clock.new_sound()
    assert sound.size == 3600 * RING_HZ + 480
    assert not sound.any()  # too old to be there: silence, and nothing is shifted
    ring.write(np.full(960, 0.5, np.float32), time.monotonic())
    assert clock.new_sound().tolist() == [0.5] * 960


class SetClock(StreamClock):
    """A clock that stands where it is set."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def now_s(self) -> float:
        return self.at_s


def test_each_picture_has_its_number_and_a_pause_leaves_some_out() -> None:
    clock, over = SetClock(), threading.Event()
    numbers = ticks(clock, RATE, over)
    assert next(numbers) == 0
    clock.at_s = 3.5 / RATE
    assert [next(numbers) for _ in range(3)] == [1, 2, 3]
    clock.at_s = 3.5 / RATE + LATE_S / 2  # not late enough to leave any out
    assert next(numbers) == 4
    clock.at_s = 100.0
    assert next(numbers) == 100 * RATE
    over.set()
    assert list(numbers) == []


def test_pictures_come_at_their_rate(shared: SharedRing) -> None:
    while not shared.ring.written:
        time.sleep(0.01)
    clock, over = StreamClock(shared.ring), threading.Event()
    for number in ticks(clock, RATE, over):
        assert clock.now_s() >= number / RATE
        if number >= RATE:
            over.set()
