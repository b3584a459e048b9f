"""Who owns the treble that the models do not hear.

They work at 16 kHz; what a recording has above half of that belongs to whoever owns the octave
below, moment by moment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.packets import F32
from engine.sound.biquads import filter_sections

FROM_HZ = 5500.0
"""The octave below begins here."""
FRAME_S = 0.01
_BLOCK_S = 10.0


def high_shares(mixture: F32, sounds: Sequence[F32], rate: int) -> F32:
    """(k, frames) in [0, 1]: what each of k sounds (n,) has of the amplitude of a mixture (n,) over
    FROM_HZ, in frames of FRAME_S; at any moment they are 1 at most, all together."""
    frame = round(FRAME_S * rate)
    whole = [_powers(each, rate, frame) for each in (mixture, *sounds)]
    shares = np.sqrt(np.stack(whole[1:]) / np.maximum(whole[0], 1e-12)) if sounds else None
    if shares is None:
        return np.zeros((0, whole[0].size), np.float32)
    return (shares / np.maximum(shares.sum(0), 1.0)).astype(np.float32)


def at_rate(shares: F32, first: int, end: int, rate: int) -> F32:
    """(end - first,) a sound's shares (frames,) between its frames, at samples of another rate."""
    moments = np.arange(first, end) / rate / FRAME_S - 0.5
    return np.interp(moments, np.arange(shares.size), shares).astype(np.float32)


def _powers(samples: F32, rate: int, frame: int) -> F32:
    """(frames,) mean power over FROM_HZ, the last frame filled up with silence."""
    section = np.array([_high_pass(FROM_HZ, rate)] * 2)
    state = np.zeros((2, 1, 2))
    block = round(_BLOCK_S / FRAME_S) * frame
    found = []
    for first in range(0, samples.size, block):
        piece = np.asarray(samples[first : first + block], np.float32)
        piece = np.pad(piece, (0, -piece.size % frame))
        high, state = filter_sections(section, piece[None], state)
        found.append(np.square(high[0]).reshape(-1, frame).mean(1))
    return np.concatenate(found) if found else np.zeros(0, np.float32)


def _high_pass(hz: float, rate: int) -> list[float]:
    """A second-order Butterworth section (bilinear transform)."""
    w = math.tan(math.pi * hz / rate)
    a0 = 1 + math.sqrt(2) * w + w * w
    return [1 / a0, -2 / a0, 1 / a0, 1.0, 2 * (w * w - 1) / a0, (1 - math.sqrt(2) * w + w * w) / a0]
