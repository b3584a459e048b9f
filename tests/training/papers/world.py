"""A data set of a few clips with sounds, pictures and labels, in shards."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

from training.papers.datasets.sample import Picture, Sample
from training.papers.datasets.shards import write_shards

LABELS = ("rain", "dog barking", "wind")
RATE_HZ = 16_000


def sound(number: int, seconds: float = 1.3) -> np.ndarray:
    """(n,) a tone of its own in noise."""
    rng = np.random.default_rng(number)
    time = np.arange(round(RATE_HZ * seconds)) / RATE_HZ
    tone = np.sin(2 * np.pi * (200 + 150 * number) * time)
    return (0.3 * tone + 0.05 * rng.standard_normal(len(time))).astype(np.float32)


def wav(samples: np.ndarray) -> bytes:
    """A whole file of it."""
    file = io.BytesIO()
    soundfile.write(file, samples, RATE_HZ, format="WAV")
    return file.getvalue()


def picture(number: int) -> Picture:
    """One colour with noise, wider than high."""
    rng = np.random.default_rng(number)
    pixels = rng.integers(0, 80, (30, 40, 3)) + rng.integers(0, 170, 3)
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "PNG")
    return Picture(0.5, file.getvalue())


def clip(number: int, split: str = "train") -> Sample:
    """A whole clip."""
    labels = (LABELS[number % len(LABELS)],)
    name = f"{split}{number}"
    return Sample(name, wav(sound(number)), (picture(number),), labels, (), split)


def write_world(folder: Path, clips: int = 8, per_shard: int = 4) -> Path:
    """Shards of a training split and of a smaller one for validation."""
    samples = [clip(i) for i in range(clips)]
    samples += [clip(20 + i, "val") for i in range(clips // 2)]
    write_shards(samples, folder, per_shard=per_shard)
    return folder
