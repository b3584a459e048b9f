"""Each track of a sound file as a WAV, and the report that says what they are."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from engine.hearing.unmixing import UnmixedRecording
from engine.packets import F32
from live.files.timeline import Span
from live.paths.write_whole import write_whole
from live.sounds.file import SoundFile


def track_sound(unmixed: UnmixedRecording, track: int, sound: SoundFile) -> F32:
    """Return a track's sound at the file's rate, (sound.frames,), aligned sample for sample."""
    samples = unmixed.sound_of(track)
    if unmixed.sample_rate_hz != sound.sample_rate_hz:
        samples = soxr.resample(samples, unmixed.sample_rate_hz, sound.sample_rate_hz)
    return np.pad(samples[: sound.frames], (0, max(0, sound.frames - samples.size)))


def write_track(
    folder: Path, unmixed: UnmixedRecording, span: Span, sound: SoundFile
) -> dict[str, Any]:
    """Write source-<track>.wav into the folder and return its entry for sources.json.

    Raises:
        UserError: it cannot be written.
    """
    name = f"source-{span.track}.wav"
    written = io.BytesIO()  # libsndfile keeps to itself what it was that a disk refused
    # Floating point: a source may pass full scale where another one opposed it.
    soundfile.write(
        written, track_sound(unmixed, span.track, sound), sound.sample_rate_hz, "FLOAT",
        format="WAV",
    )  # fmt: skip
    write_whole(folder / name, written.getbuffer())
    return {
        "track": span.track,
        "file": name,
        "label": span.label,
        "probability": round(span.probability, 4),
        "start_s": round(span.start_s, 3),
        "end_s": round(min(span.end_s, sound.seconds), 3),
        "lufs": round(span.loudness_lufs, 2),
        "significance": round(span.significance, 4),
    }
