"""The same recording under two names, which a manifest cannot tell.

Collections borrow from one another, so a file that measuring keeps away may be in training under
another name, cut or coded otherwise. Two files whose waveforms agree at some offset are one.
"""

from __future__ import annotations

import numpy as np

from engine.packets import F32
from training.sound.recordings import Recording, read_mono

RATE = 4000
LONGEST_S = 20
SAME = 0.9
"""Correlation above which two files are the same recording."""


def agreement(a: F32, b: F32) -> float:
    """Largest correlation of two waveforms over all offsets, 0 to 1."""
    size = 1 << (a.size + b.size).bit_length()
    both = np.fft.irfft(np.fft.rfft(a, size) * np.fft.rfft(b, size).conj(), size)
    return float(np.abs(both).max() / np.sqrt(float((a**2).sum() * (b**2).sum()) + 1e-12))


def twins_of(away: frozenset[str], recordings: list[Recording]) -> frozenset[str]:
    """Names of recordings not in `away` that are the same as one in it (labels alike)."""
    found: set[str] = set()
    for label in sorted({r.label for r in recordings}):
        theirs = [r for r in recordings if r.label == label]
        if not any(r.name in away for r in theirs):
            continue
        sounds = {r.name: read_mono(r.path, RATE)[: LONGEST_S * RATE] for r in theirs}
        kept = [r.name for r in theirs if r.name in away]
        for recording in theirs:
            name = recording.name
            if name not in away and any(
                agreement(sounds[name], sounds[other]) > SAME for other in kept
            ):
                found.add(name)
    return frozenset(found)
