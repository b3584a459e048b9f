"""The best picture of every clip, by a trained localiser: shard by shard, so that a run that was
stopped goes on, and several processes share the work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from training.loop.whole_files import write_text
from training.papers.datasets.index import Shard, find_split, read_index
from training.papers.datasets.sample import Sample, hear
from training.papers.datasets.shards import ShardReader
from training.papers.harness.batches import AHEAD, ahead, cut, square
from training.papers.models.av_separator import SEEN
from training.papers.selection.localiser import Localiser

Chosen = dict[str, tuple[int, int]]
"""Key of a clip to the number of its best picture, from 0, and how many it has."""


def choose(
    localiser: Localiser, data: Path, kept: Path, weights: str, workers: int, rank: int, ranks: int
) -> None:
    """Choose the pictures of this process's shards, of all splits; each shard is looked at once.

    Args:
        localiser: trained, in evaluation mode.
        data: prepared data set.
        kept: folder for what was chosen.
        weights: fingerprint of the localiser's.
        workers: threads that decode.
        rank: which process this is, from 0; ranks: of how many.

    Raises:
        InputError: the data set is not whole, or a clip cannot be decoded.
    """
    mine = _shards(data)[rank::ranks]
    clips = sum(shard.clips for _, shard in mine)
    kept.mkdir(parents=True, exist_ok=True)
    with (
        ThreadPoolExecutor(workers) as pool,
        tqdm(total=clips, desc="choosing", unit="clip", disable=None if rank == 0 else True) as bar,
    ):
        for path, shard in mine:
            done = _place(kept, weights, shard)
            if not done.is_file():
                found = {}
                for clip in _decoded(localiser, path, shard, pool, AHEAD * workers):
                    found[clip.key] = _best(localiser, clip), len(clip.pictures)
                write_text(done, msgspec.json.encode(found).decode())
            bar.update(shard.clips)


def all_chosen(data: Path, kept: Path, weights: str) -> Chosen:
    """What all processes chose, in the order of the data set."""
    found: Chosen = {}
    for _, shard in _shards(data):
        text = _place(kept, weights, shard).read_bytes()
        found |= msgspec.json.decode(text, type=Chosen)
    return found


def _shards(data: Path) -> list[tuple[Path, Shard]]:
    index = read_index(data)
    return [
        pair
        for split, shards in index.splits.items()
        for pair in zip(find_split(data, split).paths, shards, strict=True)
    ]


def _place(kept: Path, weights: str, shard: Shard) -> Path:
    return kept / f"{hashlib.sha256(f'{weights}{shard.sha256}'.encode()).hexdigest()[:32]}.json"


@dataclass(frozen=True, slots=True)
class _Clip:
    key: str
    sound: Tensor
    pictures: Tensor


def _decoded(
    localiser: Localiser, path: Path, shard: Shard, pool: ThreadPoolExecutor, most: int
) -> Iterator[_Clip]:
    def decode(sample: Sample) -> _Clip:
        sound = cut(hear(sample, localiser.rate_hz), localiser.samples)
        pictures = np.stack([square(picture, SEEN) for picture in sample.pictures])
        return _Clip(sample.key, torch.from_numpy(sound), torch.from_numpy(pictures))

    samples = ShardReader((path,), 0, 1, None, False, shard.clips, shard.sha256)
    both = (sample for sample in samples if sample.audio and sample.pictures)
    return ahead(pool, decode, both, most)


def _best(localiser: Localiser, clip: _Clip) -> int:
    """Of pictures that are equally good the one nearest to the middle."""
    device = next(localiser.parameters()).device
    scores = localiser.scores(clip.sound.to(device), clip.pictures.to(device)).tolist()
    middle = len(scores) // 2
    return max(range(len(scores)), key=lambda i: (scores[i], -abs(i - middle), i))
