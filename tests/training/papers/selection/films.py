"""Clips of ten frames of which one shows what is heard, known by construction."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from tests.training.papers.world import sound, wav
from training.papers.datasets.sample import Picture, Sample
from training.papers.datasets.shards import write_shards

KINDS = ((220, 40, 40), (40, 200, 60), (50, 70, 230))
"""Colours of what sounds: the first is the lowest tone."""
FRAMES = 10


def frame(kind: int, at: int) -> Picture:
    """A grey picture with a square of a kind's colour somewhere in it."""
    rng = np.random.default_rng((kind, at))
    pixels = rng.integers(90, 130, (48, 64, 3)).astype(np.uint8)
    top, left = rng.integers(2, 22), rng.integers(10, 30)
    pixels[top : top + 22, left : left + 22] = KINDS[kind]
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return Picture(0.5 + at % FRAMES, file.getvalue())


def film(number: int, split: str, right: int | None) -> Sample:
    """A clip that shows its kind in one frame and others in the rest; None: in every frame."""
    kind = number % len(KINDS)
    shown = [kind if right in (None, at) else (kind + 1 + at % 2) % len(KINDS)
             for at in range(FRAMES)]  # fmt: skip
    pictures = tuple(frame(each, FRAMES * number + at) for at, each in enumerate(shown))
    name = f"{split}{number}"
    return Sample(name, wav(sound(6 * kind + 2)), pictures, (), (), split)


def right_of(number: int) -> int:
    """Where the right frame of a film of the split `test` is; never the middle."""
    return (3 * number + 1) % 5


def write_films(folder: Path, train: int = 12, test: int = 9) -> Path:
    """Shards of a training split that shows what is heard, and of one that mostly does not."""
    samples = [film(i, "train", None) for i in range(train)]
    samples += [film(i, "test", right_of(i)) for i in range(test)]
    write_shards(samples, folder, per_shard=6)
    return folder
