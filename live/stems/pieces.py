"""The newest separated sound of every track, taken out on the hearing thread, piece by piece."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.packets import F32, Hearing

FADE_S = 0.02
"""Pieces overlap by so much and are faded into one another: what a track gets of the sound changes
from hearing to hearing, and would click."""


class Separated(Protocol):
    """What there is to know of the hearer that has made a hearing."""

    @property
    def sounds_end(self) -> int:
        """One past the newest sample that is taken apart."""
        ...

    @property
    def sounds_kept(self) -> int:
        """So many of the newest can be given."""
        ...

    def sounds_of(self, samples: int) -> dict[int, F32]:
        """track_id to its newest samples, of each that is heard now."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """What has come since the piece before."""

    epoch: int
    """Tracks and samples count anew in each."""
    sample_rate_hz: int
    first: int
    """Its first sample, of the epoch. It begins the length of a fade after the sounds in it do."""
    end: int
    """One past its last sample."""
    zero_at_s: float
    """time.time() of sample 0 of the epoch, as far as this piece tells."""
    tracks: Mapping[int, str]
    """Those that live, with their labels."""
    sounds: Mapping[int, F32]
    """Of the tracks that are heard: (end - first + fade,) samples."""

    @property
    def fade(self) -> int:
        """Samples by which sounds reach back into the piece before."""
        return round(FADE_S * self.sample_rate_hz)


class Cutter:
    """Cuts a hearer's sound into pieces that follow one another; for one thread."""

    def __init__(self) -> None:
        """Begin with the next hearing."""
        self._epoch: int | None = None
        self._end = 0

    def cut(self, hearing: Hearing, hearer: Separated) -> Piece | None:
        """Return what has come since the last hearing, with it; None when nothing has."""
        stamp = hearing.stamp
        rate = stamp.sample_rate_hz
        fade, end = round(FADE_S * rate), hearer.sounds_end
        if stamp.epoch != self._epoch:
            # Before the first hearing nobody has a track.
            self._epoch, self._end = stamp.epoch, max(fade, end - fade)
        first = max(self._end, end - hearer.sounds_kept + fade)
        if first > self._end:  # room to fade out and in again
            first = max(first, self._end + fade)
        if first >= end:
            return None
        self._end = end
        # Of the wall's clock, which may be set while the show runs: the day is told by it.
        ended_at_s = time.time() - (time.monotonic() - stamp.captured_at_s)
        return Piece(
            epoch=stamp.epoch,
            sample_rate_hz=rate,
            first=first,
            end=end,
            zero_at_s=ended_at_s - stamp.end_sample / rate,
            tracks={source.track_id: source.name for source in hearing.sources},
            sounds=hearer.sounds_of(end - first + fade),
        )
