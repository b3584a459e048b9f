"""Plays a sound or the demo into the ring in real time, as if it were a microphone.

A stream that comes slower than that is waited for in silence, so that the ring's clock stays true.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import numpy as np

from engine.packets import F32
from engine.sound.resample import StreamResampler
from engine.trace import span
from live.errors import UserError
from live.input.prefetch import Prefetcher
from live.input.shared_ring import RING_HZ, SharedRing
from live.input.silence import fill_with_silence
from live.sounds.file import BLOCK_S, SoundFile

BLOCK = RING_HZ // 100
STREAM_BLOCK_S = 0.02
"""A stream is handed on in blocks of so much: it may be somebody speaking now."""
LATE_S = 0.25
"""A stream that is later than this has stopped; until then it is only uneven."""
SAID_S = 2.0
"""A stream that has stopped for so long is waited for with a message."""


def resample_to_ring(sound: SoundFile, block_s: float = BLOCK_S) -> Iterator[F32]:
    """Yield a sound at 48 kHz, in mono blocks of about a second: what a live show of it hears.

    Raises:
        UserError: see `SoundFile.blocks`.
    """
    if sound.sample_rate_hz == RING_HZ:
        yield from sound.blocks(block_s)
        return
    resampler = StreamResampler(sound.sample_rate_hz, RING_HZ)
    for block in sound.blocks(block_s):
        yield resampler.process(block)
    yield resampler.flush()


class SoundFeed:
    """Writes a sound block by block, each when its last sample is due; silence after the end.

    What cannot be read is a message, and silence for as long as it would last.
    """

    def __init__(self, shared: SharedRing, sound: SoundFile, loop: bool) -> None:
        """loop: begin again at the end, without a pause. The first seconds are made from now on."""
        self.name = sound.name
        self.message: str | None = None
        self.fault: str | None = None
        """What could not be read so far, in one line for people; None when all could."""
        self.ended = False
        self.first_sample = 0
        """Where the sound begins in the ring, once it has."""
        self.end_sample: int | None = None
        """Where the sound ends in the ring, once it has."""
        self._ring = shared.ring
        self._sound = sound
        self._loop = loop
        self._waits = False
        """It is a stream that gives nothing at the moment."""
        self._seconds = Prefetcher(self._sound_blocks())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def start(self) -> None:
        """Begin to play, after silence up to now if another input was here before."""
        if self._ring.written:
            fill_with_silence(self._ring, lost=False)
        self.first_sample = self._ring.written
        self._thread.start()

    def wait_for_first(self, timeout_s: float = 0.0) -> None:
        """A sound that could be opened plays at once: does nothing."""

    def stop(self) -> None:
        """Write no more."""
        self._stop.set()
        self._seconds.close()
        self._sound.stop()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def _run(self) -> None:
        blocks = self._blocks_then_silence()
        # Its clock starts with its first block, which a decoder may take a moment to give.
        block = next(blocks)
        state = self._ring.state()
        began_s = state.captured_at_s if state.written else time.monotonic()
        written = 0
        while True:
            due_s = began_s + (written + block.size) / RING_HZ
            wait_s = due_s - time.monotonic()
            if self._stop.wait(wait_s) if wait_s > 0 else self._stop.is_set():
                return
            with span("block", samples=block.size):
                self._ring.write(block, due_s)
            written += block.size
            block = next(blocks)

    def _blocks_then_silence(self) -> Iterator[F32]:
        """Blocks of 10 ms without end: the sound, then silence."""
        try:
            for second in self._stream_blocks() if self._sound.is_stream else self._seconds:
                self.fault = self._sound.fault
                self.message = f"waiting for {self.name}" if self._waits else self.fault
                for first in range(0, second.size, BLOCK):
                    yield second[first : first + BLOCK]
        except UserError as error:
            self.message = str(error)
        else:
            self.fault = self._sound.fault
            self.message = self.fault or f"{self.name} is at its end"
        self.end_sample = self._ring.written
        self.ended = True
        silence = np.zeros(BLOCK, np.float32)
        while True:
            yield silence

    def _stream_blocks(self) -> Iterator[F32]:
        """Blocks of a stream as they come, and silence where none comes in time."""
        silence = np.zeros(BLOCK, np.float32)
        with contextlib.suppress(StopIteration):  # it is at its end
            while True:
                block = self._seconds.take(LATE_S)
                since_s = time.monotonic() - LATE_S
                while block is None and not self._stop.is_set():
                    self._waits = time.monotonic() - since_s > SAID_S
                    yield silence
                    block = self._seconds.take(0.0)
                if block is None:
                    return
                self._waits = False
                yield block

    def _sound_blocks(self) -> Iterator[F32]:
        block_s = STREAM_BLOCK_S if self._sound.is_stream else BLOCK_S
        while True:
            yield from resample_to_ring(self._sound, block_s)
            if not self._loop:
                return
