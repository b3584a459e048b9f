"""Batches of clips out of shards: decoded beside the training, always in the same order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
import torch
from PIL import Image

from engine.packets import F32
from training.loop.plain_errors import InputError
from training.papers.datasets.sample import Picture, Sample, hear, look
from training.papers.datasets.shards import ShardReader
from training.papers.harness.system import Batch

AHEAD = 4
"""Clips that each decoding thread has before it."""
Given = TypeVar("Given")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How clips are to come."""

    rate_hz: int
    samples: int
    """Of sound: longer clips give their middle, shorter ones are followed by silence."""
    pixels: int | None
    """Of a clip's picture, cut square; None wants no picture."""
    frames: Mapping[str, int] | None = None
    """Which of its pictures stands for each clip; None takes the middle ones."""

    def picture(self, sample: Sample) -> Picture:
        """The picture that stands for a clip. Raises InputError where none was chosen."""
        if self.frames is None:
            return sample.pictures[len(sample.pictures) // 2]
        number = self.frames.get(sample.key)
        if number is None or number >= len(sample.pictures):
            raise InputError(
                f"the chosen frames have none for clip {sample.key}: choose them on these shards, "
                "with python -m training.papers.select"
            )
        return sample.pictures[number]


def batches(
    readers: Sequence[ShardReader], wanted: Wanted, count: int, skip: int, workers: int
) -> Iterator[Batch]:
    """Batches of `count` clips of each reader, one reader's after the other's, without end or not.

    Clips without a sound, or without a picture where one is wanted, are passed over.

    Args:
        readers: most often one.
        wanted: how the clips are to come.
        count: clips of each reader.
        skip: batches to leave out, for a run that goes on; nothing is decoded of them.
        workers: threads that decode.

    Raises:
        InputError: no clip has what is wanted, or one cannot be decoded.
    """
    with ThreadPoolExecutor(workers) as pool:
        streams = [_decoded(reader, wanted, count * skip, pool, workers) for reader in readers]
        while True:
            clips = [clip for stream in streams for clip in islice(stream, count)]
            if len(clips) < count * len(streams):
                return  # what is left of the last round is no batch
            sounds = torch.from_numpy(np.stack([clip.sound for clip in clips]))
            seen = [clip.picture for clip in clips if clip.picture is not None]
            pictures = torch.from_numpy(np.stack(seen)) if seen else None
            yield Batch(
                tuple(clip.key for clip in clips), sounds, pictures,
                tuple(clip.labels for clip in clips),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Clip:
    key: str
    sound: F32
    picture: F32 | None
    labels: tuple[str, ...]


def _decoded(
    reader: ShardReader, wanted: Wanted, skip: int, pool: ThreadPoolExecutor, workers: int
) -> Iterator[_Clip]:
    samples = islice(_usable(reader, reader.clips, wanted), skip, None)
    return ahead(pool, lambda sample: _decode(sample, wanted), samples, AHEAD * workers)


def ahead(
    pool: ThreadPoolExecutor, work: Callable[[Given], Done], given: Iterable[Given], most: int
) -> Iterator[Done]:
    """What work makes of each, in order, done by the pool at most so many before it is asked."""
    waiting = deque()
    for each in given:
        waiting.append(pool.submit(work, each))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _usable(samples: Iterable[Sample], clips: int, wanted: Wanted) -> Iterator[Sample]:
    passed = 0
    for sample in samples:
        if sample.audio and (sample.pictures or wanted.pixels is None):
            passed = 0
            yield sample
        elif (passed := passed + 1) > clips:
            raise InputError(
                "no clip of the data set has both a sound and a picture: prepare it from videos, "
                "or from sounds with pictures beside them"
            )


def _decode(sample: Sample, wanted: Wanted) -> _Clip:
    sound = cut(hear(sample, wanted.rate_hz), wanted.samples)
    picture = None
    if wanted.pixels is not None:
        picture = square(wanted.picture(sample), wanted.pixels)
    return _Clip(sample.key, sound, picture, sample.labels)


def cut(sound: F32, samples: int) -> F32:
    """(n,) -> (samples,): the middle of a longer sound, a shorter one with silence after it."""
    first = max(0, len(sound) - samples) // 2
    sound = sound[first : first + samples]
    return np.pad(sound, (0, samples - len(sound)))


def square(picture: Picture, pixels: int) -> F32:
    """(3, pixels, pixels) in [-1, 1]: the middle square, its sides brought to so many pixels."""
    image = Image.fromarray(look(picture))
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    box = (left, top, left + side, top + side)
    image = image.resize((pixels, pixels), Image.Resampling.LANCZOS, box)
    levels = np.asarray(image, np.float32).transpose(2, 0, 1) / 127.5 - 1
    # with a picture's channels last, torch on a processor writes beyond its memory in the backward
    # of a narrow ResNet's convolutions
    return np.ascontiguousarray(levels)
