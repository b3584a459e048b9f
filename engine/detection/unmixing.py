"""Shares a whole recording out among the labels that sound in it, and what they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.detection.extraction import Extraction
from engine.detection.parts import Part
from engine.packets import F32

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels

FADE_S = 0.03
"""In which a sound comes in and goes out, so that nothing clicks."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The next samples of everything."""

    mixture: F32
    """(n,)."""
    sounds: dict[int, F32]
    """(n,) of each label that sounds here. What they leave of the mixture is the rest."""


def share_out(
    bundle: Bundle, models: BundleModels, samples: F32, parts: Sequence[Part], hop: int,
    window_s: float, progress: Callable[[int], None] | None = None,
) -> Iterator[Piece]:  # fmt: skip
    """Yield samples (n,) piece by piece, taken apart; together they are as long as the samples.

    hop: samples, that parts count in. A label is asked for where its part begins, with the window
    before it to settle on, and no longer than it lasts, so that nobody claims what is another's.
    """
    manifest = bundle.manifest
    rate = manifest.sample_rate_hz
    extraction = Extraction(
        models.separator, manifest.separator, len(manifest.labels), round(window_s * rate), rate
    )
    n, late, given = samples.size, manifest.separator.latency_samples, 0
    fade = round(FADE_S * rate)
    number, before, final = 0, set[int](), -(-n // hop) - 1

    def active(at: int) -> set[int]:
        # what sounds at the end does so in the last samples too, which come out a hop later
        return {part.label for part in parts if part.first <= min(at, final) < part.end}

    while given < n:
        piece = np.zeros(hop, np.float32)
        here = np.nan_to_num(np.asarray(samples[number * hop : (number + 1) * hop], np.float32))
        piece[: here.size] = here
        asked = active(number)
        for label in asked - before:
            extraction.ask(label)
        extraction.push(piece)
        end = min(n, extraction.end)
        after = active(number + 1)
        sounds = {}
        for label in asked:
            sound = extraction.sound(label, given, end).copy()
            if label not in before:
                _fade(sound, fade, backwards=False)
            if label not in after:
                _fade(sound, fade, backwards=True)
            sounds[label] = sound
        yield Piece(extraction.mixture(given, end).copy(), sounds)
        for label in asked - after:
            extraction.drop(label)
        before = asked & after
        given, number = end, number + 1
        if progress is not None:
            progress(min(n, given + late))


def _fade(sound: F32, length: int, *, backwards: bool) -> None:
    """Let a sound (n,) come in, or go out, in place."""
    length = min(length, sound.size)
    ramp = (np.arange(length, dtype=np.float32) + 0.5) / max(1, length)
    if backwards:
        sound[sound.size - length :] *= ramp[::-1]
    else:
        sound[:length] *= ramp
