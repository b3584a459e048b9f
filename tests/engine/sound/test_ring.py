"""The ring against a plain list, across processes, through writers' deaths and torn reads."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sound.ring import Overrun, RingError, SampleRing
from tests.until import LONGEST_S

WRITES = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 70)), max_size=30)


@given(capacity=st.integers(1, 64), writes=WRITES)
def test_ring_equals_plain_list(capacity: int, writes: list[tuple[int, int]]) -> None:
    ring = SampleRing.create(capacity)
    plain: list[float] = []
    lost_so_far = 0
    for size, lost in writes:
        block = np.arange(len(plain) + 1, len(plain) + 1 + size, dtype=np.float32)
        ring.write(block, captured_at_s=float(len(plain)), lost=lost)
        plain += [0.0] * lost + block.tolist()
        lost_so_far += lost
        assert ring.written == len(plain)
        assert ring.lost == lost_so_far
        oldest = max(0, len(plain) - capacity)
        assert ring.oldest == oldest
        assert ring.read(oldest, len(plain)).tolist() == plain[oldest:]
        middle = (oldest + len(plain)) // 2
        assert ring.read(oldest, middle).tolist() == plain[oldest:middle]
        if oldest:
            with pytest.raises(Overrun):
                ring.read(oldest - 1, len(plain))
        with pytest.raises(ValueError, match="not there yet"):
            ring.read(oldest, len(plain) + 1)


def test_state_is_published_as_one() -> None:
    ring = SampleRing.create(100)
    assert (ring.written, ring.lost, ring.captured_at_s, ring.heartbeat_s) == (0, 0, 0.0, 0.0)
    before_s = time.monotonic()
    ring.write(np.ones(7, np.float32), captured_at_s=12.5, lost=3)
    state = ring.state()
    assert (state.written, state.lost, state.captured_at_s) == (10, 3, 12.5)
    assert before_s <= ring.heartbeat_s <= time.monotonic()


def test_read_hands_out_a_copy() -> None:
    ring = SampleRing.create(8)
    ring.write(np.ones(8, np.float32), 0.0)
    held = ring.read(0, 8)
    ring.write(np.zeros(8, np.float32), 0.0)
    assert held.tolist() == [1.0] * 8


def test_what_a_write_is_about_to_overwrite_is_gone() -> None:
    """A writer stopped between claiming and publishing must not let a reader have torn samples."""
    memory = bytearray(SampleRing.bytes_needed(10))
    ring = SampleRing(memory, 10)
    ring.write(np.arange(10, dtype=np.float32), 0.0)

    class DiedError(Exception):
        pass

    class DyingWriter(SampleRing):
        def _put(self, first, samples, end):
            super()._put(first, samples, end)
            if samples.size:
                raise DiedError

    with pytest.raises(DiedError):
        DyingWriter(memory, 10).write(np.full(4, -1, np.float32), 1.0)
    assert ring.written == 10
    assert ring.read(4, 10).tolist() == [4, 5, 6, 7, 8, 9]
    with pytest.raises(Overrun):
        ring.read(3, 10)
    # The successor goes on counting where the dead one had published last.
    successor = SampleRing(memory, 10)
    successor.write(np.array([20, 21], np.float32), 2.0, lost=successor.gap(2, 2.0, 4))
    assert ring.state().lost == 8 - 2
    assert ring.read(16, 18).tolist() == [20, 21]
    assert ring.read(10, 16).tolist() == [0] * 6


def test_gap_counts_by_the_clock() -> None:
    ring = SampleRing.create(48000)
    assert ring.gap(480, 100.0, 48000) == 0
    ring.write(np.zeros(480, np.float32), 100.0)
    assert ring.gap(480, 100.01, 48000) == 0
    assert ring.gap(480, 100.005, 48000) == 0
    assert ring.gap(480, 101.01, 48000) == 48000


def test_attaching_to_something_else_is_refused() -> None:
    with pytest.raises(RingError, match="needs"):
        SampleRing(bytearray(10), 100)
    with pytest.raises(RingError, match="something else"):
        SampleRing(bytearray(b"x" * SampleRing.bytes_needed(4)), 4)
    memory = bytearray(SampleRing.bytes_needed(8))
    SampleRing(memory, 8)
    with pytest.raises(RingError, match="8 samples, not 4"):
        SampleRing(memory, 4)
    with pytest.raises(RingError, match="at least one"):
        SampleRing(bytearray(1000), 0)


def test_writes_that_are_no_run_of_samples_are_refused() -> None:
    ring = SampleRing.create(8)
    with pytest.raises(ValueError, match="takes samples"):
        ring.write(np.zeros((2, 2), np.float32), 0.0)
    with pytest.raises(ValueError, match="takes samples"):
        ring.write(np.zeros(2, np.float32), 0.0, lost=-1)
    with pytest.raises(ValueError, match="no range"):
        ring.read(3, 2)


CAPACITY = 4096


def _write_for_ever(name: str) -> None:
    """Each sample's value tells its own index (exactly, modulo 2**20)."""
    memory = SharedMemory(name)
    ring = SampleRing(memory.buf, CAPACITY)
    rng = np.random.default_rng()
    while True:
        at = ring.written
        block = np.arange(at, at + int(rng.integers(1, 700))) % 2**20
        ring.write(block.astype(np.float32), float(at + block.size))


def test_reads_are_whole_while_another_process_writes_and_is_killed() -> None:
    memory = SharedMemory(create=True, size=SampleRing.bytes_needed(CAPACITY))
    ring = SampleRing(memory.buf, CAPACITY)
    context = multiprocessing.get_context("fork")
    try:
        written = reads = 0
        for turn in range(1, 4):
            writer = context.Process(target=_write_for_ever, args=(memory.name,), daemon=True)
            writer.start()
            assert writer.pid is not None
            try:
                until = time.monotonic() + LONGEST_S
                goal = written + 300_000
                while ring.written < goal or reads < 5 * turn:
                    assert time.monotonic() < until
                    state = ring.state()
                    assert state.captured_at_s == float(state.written)
                    assert state.written >= written
                    written = state.written
                    first = max(0, written - CAPACITY + 900)
                    try:
                        got = ring.read(first, written)
                    except Overrun:
                        continue
                    reads += 1
                    assert np.array_equal(got, np.arange(first, written) % 2**20)
            finally:
                os.kill(writer.pid, signal.SIGKILL)
                writer.join()
    finally:
        ring.close()
        memory.close()
        memory.unlink()
