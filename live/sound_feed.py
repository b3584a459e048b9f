"""Plays a file or the demo into the ring in real time, as if it were a microphone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np

from engine.packets import F32
from engine.resample import StreamResampler
from live.ahead import ahead
from live.errors import UserError
from live.shared_ring import RING_HZ, RING_S, SharedRing
from live.sound_file import SoundFile

BLOCK = RING_HZ // 100


def at_ring_rate(sound: SoundFile) -> Iterator[F32]:
    """Yield a sound at 48 kHz, in mono blocks of about a second: what a live show of it hears.

    Raises:
        UserError: see `SoundFile.blocks`.
    """
    if sound.sample_rate_hz == RING_HZ:
        yield from sound.blocks()
        return
    resampler = StreamResampler(sound.sample_rate_hz, RING_HZ)
    for block in sound.blocks():
        yield resampler.process(block)
    yield resampler.flush()


class SoundFeed:
    """Writes a sound block by block, each when its last sample is due; silence after the end."""

    def __init__(self, shared: SharedRing, sound: SoundFile, loop: bool) -> None:
        """loop: begin again at the end, without a pause."""
        self.name = sound.name
        self.message: str | None = None
        self.ended = False
        self.end_sample: int | None = None
        """Where the sound ends in the ring, once it has."""
        self._ring = shared.ring
        self._sound = sound
        self._loop = loop
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def start(self) -> None:
        """Begin to play."""
        self._thread.start()

    def wait_for_first(self, timeout_s: float = 0.0) -> None:
        """A sound that could be opened plays at once: does nothing."""

    def stop(self) -> None:
        """Write no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def _run(self) -> None:
        state = self._ring.state()
        began_s = time.monotonic()
        if state.written:
            # Another input was here before: join on where its clock left off.
            began_s = max(state.captured_at_s, began_s - RING_S)
        written = 0
        for block in self._everything():
            due_s = began_s + (written + block.size) / RING_HZ
            wait_s = due_s - time.monotonic()
            if self._stop.wait(wait_s) if wait_s > 0 else self._stop.is_set():
                return
            self._ring.write(block, due_s)
            written += block.size

    def _everything(self) -> Iterator[F32]:
        """Blocks of 10 ms without end: the sound, then silence."""
        try:
            for second in self._seconds():
                for first in range(0, second.size, BLOCK):
                    yield second[first : first + BLOCK]
        except UserError as error:
            self.message = str(error)
        else:
            self.message = f"{self.name} is at its end"
        self.end_sample = self._ring.written
        self.ended = True
        silence = np.zeros(BLOCK, np.float32)
        while True:
            yield silence

    def _seconds(self) -> Iterator[F32]:
        while True:
            yield from ahead(at_ring_rate(self._sound))
            if not self._loop:
                return
