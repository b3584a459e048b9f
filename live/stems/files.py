"""The files of the tracks that live: each begins with its track, and goes on while it lives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path

import numpy as np

from engine.packets import F32
from live.stems.growing_wav import GrowingWav
from live.stems.pieces import Piece

LONGEST_S = 3600.0
"""A track of hours is cut into files, so that old ones can be removed."""


@dataclass(slots=True)
class _Track:
    """A track that lives."""

    file: GrowingWav
    held: F32
    """(fade,) its newest samples, not written yet: the next piece is faded in over them."""


class TrackFiles:
    """Puts pieces into files; for one thread. Every method raises OSError for a disk that is full.

    All files of an epoch lie on one line of time, their first samples as far apart as their
    beginnings say, to the sample.
    """

    def __init__(self, folder: Path) -> None:
        """folder: is there already."""
        self._folder = folder
        self._tracks: dict[int, _Track] = {}
        self._epoch: int | None = None
        self._zero_at_s = 0.0
        self._end = 0

    def add(self, piece: Piece) -> int:
        """Write a piece; return how many samples are missing before it, which stand as zeros."""
        if piece.epoch != self._epoch:
            self.close()
            self._epoch, self._end = piece.epoch, piece.first
            rate = piece.sample_rate_hz
            self._zero_at_s = round(piece.zero_at_s * rate) / rate  # so that all begin on a sample
        missing, self._end = piece.first - self._end, piece.end
        for track_id in [each for each in self._tracks if each not in piece.tracks]:
            self._finish(self._tracks.pop(track_id))
        for track_id, label in piece.tracks.items():
            sound = piece.sounds.get(track_id)
            track = self._tracks.get(track_id)
            if track is None:
                if sound is None:
                    continue  # it has not been heard yet
                begin = piece.first - piece.fade
                file = self._open(piece, begin, track_id, label)
                track = self._tracks[track_id] = _Track(file, np.zeros(piece.fade, np.float32))
            elif missing:
                gap = _silence(missing - piece.fade)
                track.file.write(np.concatenate([_fade_out(track.held), gap]))
                track.held = _silence(piece.fade)
            if track.file.samples >= LONGEST_S * piece.sample_rate_hz:
                track.file.close()
                track.file = self._open(piece, piece.first - piece.fade, track_id, label)
            track.file.write(self._joined(track, piece, sound))
        return missing

    def close(self) -> None:
        """Finish all of them."""
        while self._tracks:
            self._finish(self._tracks.popitem()[1])

    def give_up(self) -> None:
        """Let all of them go as they are; what comes next begins new ones."""
        for track in self._tracks.values():
            track.file.close()
        self._tracks.clear()
        self._epoch = None

    def _joined(self, track: _Track, piece: Piece, sound: F32 | None) -> F32:
        """Return what of a track's sound is to be written now; the rest is held."""
        size = piece.end - piece.first + piece.fade
        new = _silence(size) if sound is None else np.array(sound, np.float32)
        rising = np.linspace(0, 1, piece.fade, endpoint=False, dtype=np.float32)
        new[: piece.fade] = rising * new[: piece.fade] + (1 - rising) * track.held
        track.held = new[size - piece.fade :].copy()
        return new[: size - piece.fade]

    def _finish(self, track: _Track) -> None:
        track.file.write(_fade_out(track.held))
        track.file.close()

    def _open(self, piece: Piece, sample: int, track_id: int, label: str) -> GrowingWav:
        began = datetime.fromtimestamp(self._zero_at_s + sample / piece.sample_rate_hz)
        word = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "sound"
        stem = f"{began:%Y%m%d-%H%M%S}-{word}-{track_id}"
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        path = next(
            path for name in names if not (path := self._folder / f"{name}.wav").exists()
        )
        return GrowingWav(path, piece.sample_rate_hz, f"{label}, track {track_id}", began)


def _silence(samples: int) -> F32:
    return np.zeros(samples, np.float32)


def _fade_out(samples: F32) -> F32:
    return samples * np.linspace(1, 0, samples.size, endpoint=False, dtype=np.float32)
