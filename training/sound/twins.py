"""The same recording under two names, which a manifest cannot tell.

Collections borrow from one another, so a file that measuring keeps away may be in training under
another name, cut or coded otherwise. Two files whose waveforms agree at some offset are one.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from engine.packets import F32
from engine.system.terminal import say
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


def drop_twins(recordings: list[Recording]) -> list[Recording]:
    """Those that are not one before them, of the same label, over again; says which are left out.

    Reads them all; takes some minutes for a thousand.
    """
    met: dict[str, list[F32]] = defaultdict(list)
    kept = []
    for recording in recordings:
        sound = read_mono(recording.path, RATE)[: LONGEST_S * RATE]
        before = met[recording.label]
        if any(agreement(sound, other) > SAME for other in before):
            say(f"left out, being there under another name: {recording.name}")
            continue
        before.append(sound)
        kept.append(recording)
    return kept
