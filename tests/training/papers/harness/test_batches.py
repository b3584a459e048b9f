"""Batches: the middle of what is too long, always the same clips, and none of them twice."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.papers.world import RATE_HZ, clip, picture, sound, wav
from training.loop.plain_errors import InputError
from training.papers.datasets.sample import Sample
from training.papers.datasets.shards import read_shards, write_shards
from training.papers.harness.batches import Wanted, batches, cut, square

SEEN = Wanted(RATE_HZ, RATE_HZ, 16)


def test_sounds_are_cut_in_the_middle_and_followed_by_silence() -> None:
    ramp = np.arange(10, dtype=np.float32)
    assert cut(ramp, 4).tolist() == [3, 4, 5, 6]
    assert cut(ramp[:2], 4).tolist() == [0, 1, 0, 0]


def test_pictures_are_their_middle_square() -> None:
    seen = square(picture(0), 16)
    assert seen.shape == (3, 16, 16)
    assert -1 <= seen.min() < seen.max() <= 1
    assert seen.flags.c_contiguous


def test_skipping_is_having_had_the_batches(world: Path) -> None:
    def few(skip: int, count: int) -> list:
        readers = [read_shards(world, "train", seed=3, repeat=True)]
        return list(islice(batches(readers, SEEN, 2, skip, 2), count))

    whole, rest = few(0, 7), few(4, 3)
    for had, has in zip(whole[4:], rest, strict=True):
        assert had.keys == has.keys
        assert torch.equal(had.sound, has.sound)
        assert torch.equal(had.pictures, has.pictures)
    once_round = [key for batch in whole[:4] for key in batch.keys]
    assert sorted(once_round) == sorted(f"train{i}" for i in range(8))


def test_streams_stand_one_after_the_other(world: Path) -> None:
    def stream(rank: int) -> list:
        readers = [read_shards(world, "train", rank, 2, seed=0)]
        return list(batches(readers, SEEN, 2, 0, 1))

    both = [read_shards(world, "train", rank, 2, seed=0) for rank in (0, 1)]
    for one, two, beside in zip(
        stream(0), stream(1), batches(both, SEEN, 2, 0, 1), strict=True
    ):
        assert beside.keys == one.keys + two.keys


def test_clips_without_what_is_wanted_are_passed_over(tmp_path: Path) -> None:
    blind = Sample("blind", wav(sound(1)), (), (), (), "train")
    mute = Sample("mute", b"", (picture(1),), (), (), "train")
    write_shards([blind, clip(0), mute, clip(1)], tmp_path / "some")
    (found,) = batches([read_shards(tmp_path / "some", "train")], SEEN, 2, 0, 1)
    assert sorted(found.keys) == ["train0", "train1"]
    heard = Wanted(RATE_HZ, RATE_HZ, None)
    (found,) = batches([read_shards(tmp_path / "some", "train")], heard, 3, 0, 1)
    assert found.pictures is None
    assert "blind" in found.keys
    write_shards([blind, mute], tmp_path / "none")
    reader = read_shards(tmp_path / "none", "train", repeat=True)
    with pytest.raises(InputError, match="no clip of the data set has both"):
        next(batches([reader], SEEN, 1, 0, 1))
    bad = Sample("bad", b"RIFF and no more", (picture(0),), (), (), "train")
    write_shards([bad], tmp_path / "bad")
    with pytest.raises(InputError, match="sound of bad cannot be read"):
        next(batches([read_shards(tmp_path / "bad", "train")], SEEN, 1, 0, 1))
