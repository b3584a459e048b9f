"""Sound files for the commands to work on: tones that the tiny bundle hears as labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.tiny_models import tone_of

RATE = 44100
THUNDER = (0.0, 5.0)
FIREWORKS = (4.0, 9.0)
SECONDS = 10.0


def tone(label: str, span_s: tuple[float, float]) -> NDArray[np.float32]:
    """(SECONDS * RATE,) silence with the label's tone from span_s[0] to span_s[1]."""
    out = np.zeros(round(SECONDS * RATE), np.float32)
    sound = tone_of(label, span_s[1] - span_s[0], RATE)
    first = round(span_s[0] * RATE)
    out[first : first + sound.size] = sound
    return out


def two_tones(folder: Path) -> Path:
    """Write a stereo file in which thunder's tone and, overlapping it, fireworks' tone sound."""
    path = folder / "two.flac"
    mono = tone("thunder", THUNDER) + tone("fireworks", FIREWORKS)
    soundfile.write(path, np.stack([mono, mono], 1), RATE, subtype="PCM_24")
    return path
