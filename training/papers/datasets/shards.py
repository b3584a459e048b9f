"""Samples in shards: written from any stream of them, read by as many processes as train."""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from torch.utils.data import IterableDataset
from webdataset.shardlists import split_by_worker
from webdataset.tariterators import group_by_keys, tar_file_expander

from training.loop.plain_errors import InputError
from training.papers.datasets.index import Index, Shard, find_split, in_order, write_index
from training.papers.datasets.sample import Sample
from training.papers.datasets.tar import sample_of, shard_file, write_tar

PER_SHARD = 64
"""Clips: small enough for eight processes with workers to share a test split of a thousand."""
AROUND = 128
"""Clips that wait to be drawn from where reading is shuffled; of ten pictures each, 60 MB."""


def write_shards(
    samples: Iterable[Sample], folder: Path, dataset: str = "own", per_shard: int = PER_SHARD
) -> Index:
    """Write samples, in their order, as a data set that `read_shards` reads; return its index.

    The same samples give the same files, byte for byte. Memory holds one shard a split.
    """
    waiting: dict[str, list[Sample]] = {}
    splits: dict[str, list[Shard]] = {}
    labels: Counter[str] = Counter()

    def write(split: str) -> None:
        done = splits.setdefault(split, [])
        done.append(write_tar(waiting.pop(split), folder / shard_file(split, len(done))))

    (folder / "index.json").unlink(missing_ok=True)
    for sample in samples:
        labels.update(set(sample.labels))
        waiting.setdefault(sample.split, []).append(sample)
        if len(waiting[sample.split]) == per_shard:
            write(sample.split)
    for split in list(waiting):
        write(split)
    index = Index(
        dataset, {name: tuple(done) for name, done in sorted(splits.items())}, in_order(labels)
    )
    write_index(folder, index)
    return index


def read_shards(
    folder: Path, split: str, rank: int = 0, ranks: int = 1, *,
    seed: int | None = None, repeat: bool = False,
) -> ShardReader:  # fmt: skip
    """The samples of a split that one of several processes reads, each sample by one process.

    Args:
        folder: of a prepared data set.
        split: part of it.
        rank: which process this is, from 0.
        ranks: how many there are.
        seed: of the order, anew each time round; None reads in the order of the files.
        repeat: go round without end. Processes have differing numbers of samples, so whoever trains
            counts steps, not rounds.

    Returns:
        An iterable of samples, and a torch IterableDataset: the workers of a DataLoader share its
        shards.

    Raises:
        InputError: no such split, a shard is missing, or there are fewer shards than processes.
    """
    found = find_split(folder, split)
    if len(found.paths) < ranks:
        raise InputError(
            f"{folder} has {len(found.paths)} shards of split {split} for {ranks} processes: start "
            "no more processes than shards, or prepare with a smaller --per-shard"
        )
    return ShardReader(found.paths, rank, ranks, seed, repeat, found.clips, found.fingerprint)


class ShardReader(IterableDataset):
    """See `read_shards`."""

    def __init__(
        self, paths: tuple[Path, ...], rank: int, ranks: int, seed: int | None, repeat: bool,
        clips: int, fingerprint: str,
    ) -> None:  # fmt: skip
        super().__init__()
        self.paths, self.rank, self.ranks = paths, rank, ranks
        self.seed, self.repeat = seed, repeat
        self.clips = clips
        """Of the whole split, once round, all processes together."""
        self.fingerprint = fingerprint
        """Equal on ranks that see equal shards."""

    def __iter__(self) -> Iterator[Sample]:
        for time_round in range(2**62 if self.repeat else 1):
            rng = None if self.seed is None else np.random.default_rng((self.seed, time_round))
            paths = list(self.paths)
            if rng is not None:
                rng.shuffle(paths)  # pyright: ignore[reportArgumentType]
            mine = list(split_by_worker(islice(paths, self.rank, None, self.ranks)))
            if not mine:
                return  # more workers than shards
            samples = _samples(mine)
            yield from samples if rng is None else _drawn(samples, rng)


def _samples(paths: list[Path]) -> Iterator[Sample]:
    for path in paths:
        try:
            with path.open("rb") as stream:
                files = tar_file_expander([{"url": str(path), "stream": stream}])
                yield from map(sample_of, group_by_keys(files))
        except (tarfile.TarError, KeyError, ValueError) as error:
            raise InputError(f"{path} is damaged ({error}): prepare the data set again") from error


def _drawn(samples: Iterator[Sample], rng: np.random.Generator) -> Iterator[Sample]:
    waiting: list[Sample] = []
    for sample in samples:
        waiting.append(sample)
        if len(waiting) > AROUND:
            at = int(rng.integers(len(waiting)))
            waiting[at], waiting[-1] = waiting[-1], waiting[at]
            yield waiting.pop()
    rng.shuffle(waiting)  # pyright: ignore[reportArgumentType]
    yield from waiting
