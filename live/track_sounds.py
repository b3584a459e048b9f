"""What each track sounds like by itself: the separator's slots gathered into tracks."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import soxr

from engine.hearing import Hearer
from engine.packets import F32, Hearing

FADE_S = 0.02
"""Length of the fade where a track enters or leaves a slot."""
LEAD_S = 1.0
"""A track's sound begins up to so much before the track does, for its birth takes some hops."""


class TrackSounds:
    """Collects, hop by hop, which slots a track's sound came out of."""

    def __init__(self, hearer: Hearer) -> None:
        self._hearer = hearer
        self._rate = hearer.sample_rate_hz
        self._pieces: list[F32] = []
        self._end = 0
        self._held: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        """By track: (slot, first, end) in samples, ascending."""
        self._free_since: dict[int, int] = defaultdict(int)
        """By slot: where its last holder let go of it."""

    def add(self, hearing: Hearing) -> None:
        """Take what the hearer separated since the hearing before."""
        first, self._end = self._end, self._hearer.separated_end
        self._pieces.append(self._hearer.separated(first, self._end))
        for source in hearing.sources:
            for slot in self._hearer.slots_of(source.track_id):
                self._hold(source.track_id, slot, first, self._end)

    def _hold(self, track: int, slot: int, first: int, end: int) -> None:
        held = self._held[track]
        if not held:
            lead = first - round(LEAD_S * self._rate)
            first = min(first, max(self._free_since[slot], lead, 0))
        for index, (other, begin, upto) in enumerate(held):
            if other == slot and upto == first:
                held[index] = (slot, begin, end)
                break
        else:
            held.append((slot, first, end))
        self._free_since[slot] = end

    @property
    def tracks(self) -> tuple[int, ...]:
        """Every track that had sound, ascending."""
        return tuple(sorted(track for track, held in self._held.items() if held))

    def sound_of(self, track: int, sample_rate_hz: int, frames: int) -> F32:
        """Return a track's sound, (frames,) at a rate, aligned with the input sample for sample."""
        slots = self._separated()
        out = np.zeros(slots.shape[1], np.float32)
        for slot, first, end in self._held[track]:
            out[first:end] += slots[slot, first:end] * self._fades(end - first)
        if sample_rate_hz != self._rate:
            out = soxr.resample(out, self._rate, sample_rate_hz).astype(np.float32)
        return np.pad(out[:frames], (0, max(0, frames - out.size)))

    def _separated(self) -> F32:
        if len(self._pieces) > 1:
            self._pieces = [np.concatenate(self._pieces, axis=1)]
        return self._pieces[0]

    def _fades(self, length: int) -> F32:
        ramp = min(round(FADE_S * self._rate), length // 2)
        gain = np.ones(length, np.float32)
        if ramp:
            gain[:ramp] = np.linspace(0.0, 1.0, ramp, endpoint=False, dtype=np.float32)
            gain[-ramp:] = gain[:ramp][::-1]
        return gain
