"""Hearing a whole sound file as fast as the machine can, exactly as a live show would hear it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.hearing import Hearer
from engine.packets import F32, Hearing
from engine.resample import StreamResampler
from live.inputs import at_ring_rate
from live.shared_ring import RING_HZ
from live.sound_file import SoundFile


def hear_sound(sound: SoundFile, hearer: Hearer) -> Iterator[Hearing]:
    """Yield one hearing per whole hop of the sound; `captured_at_s` counts seconds of sound.

    Between two hearings exactly one hop went through the hearer, so that its `separated` and
    `slots_of` can be read for each.
    """
    yield from _hearings(at_bundle_rate(sound, hearer.sample_rate_hz), hearer)


def hear_to_the_end(sound: SoundFile, hearer: Hearer) -> Iterator[Hearing]:
    """Like `hear_sound`, with silence after the sound until its last sample is separated."""
    rate = hearer.sample_rate_hz
    tail = np.zeros(2 * hearer.hop + rate // 10, np.float32)

    def padded() -> Iterator[F32]:
        yield from at_bundle_rate(sound, rate)
        yield tail

    yield from _hearings(padded(), hearer)


def at_bundle_rate(sound: SoundFile, rate_hz: int) -> Iterator[F32]:
    """Yield the sound at a rate, by way of the ring's rate as in a live show; sample 0 stays 0."""
    resampler = StreamResampler(RING_HZ, rate_hz)
    for block in at_ring_rate(sound):
        yield resampler.process(block)
    yield resampler.flush()


def _hearings(blocks: Iterator[F32], hearer: Hearer) -> Iterator[Hearing]:
    taken = 0
    for block in blocks:
        begin = 0
        while begin < block.size:
            upto = min(block.size, begin + hearer.hop - taken % hearer.hop)
            taken += upto - begin
            yield from hearer.push(block[begin:upto], taken / hearer.sample_rate_hz)
            begin = upto
