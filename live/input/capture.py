"""The capture process: one microphone into the shared ring, and nothing else.

Started by `live/input/microphone_feed.py` as `python -m live.input.capture`. It says how it goes in
JSON lines on its standard output and ends when the device does, when it is told to, or when the
process that started it is gone: whatever goes wrong with a device is mended by starting a new one.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from engine.packets import F32
from engine.sound.ring import SampleRing
from live.errors import UserError
from live.input.gaps import GapFinder
from live.input.microphone import PermanentError, choose, list_microphones, open_stream
from live.input.pulse_source import SourceWatch
from live.input.shared_ring import RING_HZ, SharedRing

POLL_S = 0.1
"""How often the process looks whether it is still wanted."""
AHEAD_S = 0.3
"""The ring's clock may be so much before the computer's; some devices give sound in lumps."""
KEPT_S = 1.0
"""So much of what comes before its turn is kept, to join on without a gap."""

STILL = 1e-6
"""Sound that moves by no more is a constant: the noise of every microphone is louder."""


class BlockWriter:
    """Puts blocks into the ring once it is this process's turn, gaps included."""

    def __init__(self, shared: SharedRing, writer: int) -> None:
        self._shared = shared
        self._writer = writer
        self._gaps = GapFinder(RING_HZ)
        self._began: tuple[int, float] | None = None
        """Where this process's sound begins in the ring, and when it wrote that."""
        self._last = 0.0
        """Sample before the next block."""
        self._kept: deque[tuple[F32, float]] = deque()
        """Blocks that came before the turn did, and when; without a gap, no longer than KEPT_S."""

    def write_block(self, samples: F32, captured_at_s: float, overflowed: bool) -> None:
        """Write samples (n,) at 48 kHz, the last of which was captured at captured_at_s."""
        lost = self._gaps.count_lost(samples.size, time.monotonic(), overflowed)
        if overflowed:
            self._shared.count_overflow()
        if self._shared.active_writer != self._writer:
            self._shared.mark_ready(self._writer)
            self._keep(samples, captured_at_s, broken=overflowed or lost > 0)
            return
        if self._moves(samples):
            self._shared.mark_sounding()
        ring = self._shared.ring
        now_s = time.monotonic()
        if self._began is None:
            block = samples.size
            self._kept.append((samples, captured_at_s))
            samples, lost = align_to_ring(ring, *concatenate(self._kept))
            self._kept.clear()
            self._began = (ring.written + lost + samples.size - block, now_s)
        written = ring.written - self._began[0]
        if written / RING_HZ - (now_s - self._began[1]) > AHEAD_S:
            # Sound of a time that silence stands for already, given all at once.
            ring.beat()
            return
        ring.write(samples, captured_at_s, lost)

    def _moves(self, samples: F32) -> bool:
        """Whether a block is neither digital silence nor another constant."""
        if not samples.size:
            return False
        low = min(float(samples.min()), self._last)
        high = max(float(samples.max()), self._last)
        self._last = float(samples[-1])
        return high - low > STILL

    def _keep(self, samples: F32, captured_at_s: float, *, broken: bool) -> None:
        if broken:
            self._kept.clear()
        self._kept.append((samples, captured_at_s))
        while sum(each.size for each, _ in self._kept) > KEPT_S * RING_HZ:
            self._kept.popleft()


def concatenate(blocks: Sequence[tuple[F32, float]]) -> tuple[F32, float]:
    """Return consecutive blocks as one, and when its last sample was captured.

    Blocks that a device gives in pairs claim one time for both: the earliest claim is the truest.
    """
    samples = np.concatenate([each for each, _ in blocks])
    end, claims = 0, []
    for each, captured_at_s in blocks:
        end += each.size
        claims.append(captured_at_s + (samples.size - end) / RING_HZ)
    return samples, min(claims)


def align_to_ring(ring: SampleRing, samples: F32, captured_at_s: float) -> tuple[F32, int]:
    """Fit a first block to the end of the ring: return its new samples, and how many are missing.

    The show's silence may reach a little further than this block's beginning.
    """
    state = ring.state()
    if state.written == 0:
        return samples, 0
    new = round((captured_at_s - state.captured_at_s) * RING_HZ)
    if new <= samples.size:
        return samples[samples.size - max(0, new) :], 0
    return samples, new - samples.size


def is_wanted(parent: int) -> bool:
    """Whether the process that started this one lives and has not closed our standard input."""
    readable, _, _ = select.select([sys.stdin], [], [], POLL_S)
    return os.getppid() == parent and not readable


def report(**what: object) -> None:
    """Write a line of JSON for the show; ends the process when the show no longer reads."""
    try:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()
    except OSError:
        os._exit(0)


def main() -> int:
    """Run until the device ends (1), nobody wants the sound any more (0) or it cannot open (2)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true", help="print the microphones and end")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--writer", type=int, default=1)
    parser.add_argument("--parent", type=int, default=os.getppid())
    parser.add_argument("--device", default="mic")
    parser.add_argument("--after")
    parser.add_argument("--index", type=int)
    options = parser.parse_args()
    # Ctrl-C in a terminal, and its end, reach this process too; the show decides when to stop.
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        microphones = list_microphones()
        report(microphones=[asdict(each) for each in microphones])
        if options.list:
            return 0
        microphone = choose(microphones, options.device, options.after, options.index)
        writer = BlockWriter(SharedRing(options.fd), options.writer)
        with open_stream(microphone, writer.write_block) as runs:
            report(opened=microphone.name, index=microphone.index)
            watch = SourceWatch()
            while is_wanted(options.parent):
                other = watch.other_source(time.monotonic())
                if other is not None:
                    report(
                        error=f"the sound server moved microphone {microphone.name!r} to {other}."
                    )
                    return 1
                if not runs():
                    report(error=f"microphone {microphone.name!r} went away.")
                    return 1
        return 0
    except UserError as error:
        report(error=str(error), lasts=isinstance(error, PermanentError))
        return 2


if __name__ == "__main__":
    code = main()
    # PortAudio's exit handlers hang when the sound server is gone.
    os._exit(code)
