"""Samples come back as they went in, each to one process, and the same bytes each time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from torch.utils.data import DataLoader
from webdataset.compat import WebDataset

from tests.training.papers.datasets.made import RATE, sample, sound_bytes, tone
from training.loop.plain_errors import InputError
from training.papers.datasets.index import read_index
from training.papers.datasets.sample import Picture, hear, look
from training.papers.datasets.shards import read_shards, write_shards

KEYS = ["-dash.and.dots_1", "_under#457#467", "__both__", "plain/with slash", "Größe", "x" * 120]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shards")
    write_shards((sample(f"clip{number}") for number in range(23)), made, per_shard=4)
    return made


def keys(reader) -> list[str]:
    return [found.key for found in reader]


def test_samples_come_back_as_they_went_in(tmp_path: Path) -> None:
    given = [sample(key) for key in KEYS]
    given.append(replace(sample("bare"), audio=b"", labels=(), captions=()))
    given.append(replace(sample("deaf"), pictures=(), audio=sound_bytes(format="WAV")))
    write_shards(given, tmp_path, per_shard=3)
    assert list(read_shards(tmp_path, "train")) == given


def test_plain_webdataset_reads_them_too(folder: Path) -> None:
    shard = str(folder / "train-00000.tar")
    found: list[dict] = [*WebDataset([shard], shardshuffle=False).decode("pil")]  # pyright: ignore
    assert [one["json"]["key"] for one in found] == ["clip0", "clip1", "clip2", "clip3"]
    assert found[0]["000.jpg"].size == (32, 24)
    assert "flac" in found[0]


def test_the_same_samples_are_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    write_shards((sample(f"clip{number}") for number in range(23)), tmp_path, per_shard=4)
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    assert "train-00005.tar" in names
    for name in names:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_each_sample_goes_to_one_process_and_one_worker(folder: Path) -> None:
    everything = {f"clip{number}" for number in range(23)}
    for seed in (None, 3):
        parts = [keys(read_shards(folder, "train", rank, 4, seed=seed)) for rank in range(4)]
        assert sorted(key for part in parts for key in part) == sorted(everything)
    reader = read_shards(folder, "train", 1, 2)
    loader = DataLoader(reader, batch_size=None, num_workers=5)  # of whom two have nothing to do
    assert sorted(keys(loader)) == sorted(keys(reader))


def test_the_order_is_the_seeds_and_differs_each_time_round(folder: Path) -> None:
    assert keys(read_shards(folder, "train")) == [f"clip{number}" for number in range(23)]
    first = keys(read_shards(folder, "train", seed=1))
    assert first == keys(read_shards(folder, "train", seed=1))
    assert first != keys(read_shards(folder, "train", seed=2))
    endless = iter(read_shards(folder, "train", seed=1, repeat=True))
    twice = [next(endless).key for _ in range(46)]
    assert twice[:23] == first
    assert sorted(twice[23:]) == sorted(first)
    assert twice[23:] != first


def test_ranks_can_tell_that_they_see_the_same(tmp_path: Path, folder: Path) -> None:
    one, other = (read_shards(folder, "train", rank, 2) for rank in range(2))
    assert one.fingerprint == other.fingerprint
    assert one.clips == 23
    write_shards([sample("another"), sample("and another")], tmp_path, per_shard=1)
    assert read_shards(tmp_path, "train", 0, 2).fingerprint != one.fingerprint


def test_labels_and_splits_are_told(tmp_path: Path) -> None:
    clips = [sample("a"), sample("b", "test", ("cat", "dog")), sample("c", "test", ())]
    write_shards(clips, tmp_path)
    index = read_index(tmp_path)
    assert index.labels == {"cat": 1, "dog": 2}
    assert {split: index.clips(split) for split in index.splits} == {"test": 2, "train": 1}


def test_what_cannot_be_read_is_one_line(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(InputError, match=r"6 shards of split train for 7 processes: start no more"):
        read_shards(folder, "train", 0, 7)
    with pytest.raises(InputError, match="no clips of split eval: it has train"):
        read_shards(folder, "eval")
    with pytest.raises(InputError, match=r"has no index\.json: prepare"):
        read_shards(tmp_path, "train")
    write_shards((sample(f"clip{number}") for number in range(4)), tmp_path, per_shard=2)
    shard = tmp_path / "train-00001.tar"
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-1000])
    with pytest.raises(InputError, match=r"train-00001\.tar is missing or cut short"):
        read_shards(tmp_path, "train")
    shard.write_bytes(b"\x00\xff" * (len(whole) // 2))
    with pytest.raises(InputError, match=r"train-00001\.tar is damaged"):
        list(read_shards(tmp_path, "train"))
    (tmp_path / "index.json").write_text('{"dataset": 1}')
    with pytest.raises(InputError, match=r"index\.json is damaged"):
        read_shards(tmp_path, "train")


def test_what_a_sample_sounds_and_looks_like() -> None:
    clip = sample("-a")
    assert hear(clip, RATE).shape == (RATE // 2,)
    assert hear(clip, 48_000).shape == (24_000,)
    bright = replace(clip, audio=sound_bytes(hz=440.0, format="WAV"))
    np.testing.assert_allclose(hear(bright, RATE), tone(), atol=1e-4)
    assert look(clip.pictures[1]).shape == (24, 32, 3)
    assert (look(clip.pictures[1]) == 200).all()
    with pytest.raises(InputError, match="bare has no sound"):
        hear(replace(clip, key="bare", audio=b""), RATE)
    with pytest.raises(InputError, match="cannot be read"):
        hear(replace(clip, audio=b"RIFFnoise"), RATE)
    with pytest.raises(InputError, match="cannot be read"):
        look(Picture(0.0, b"\xff\xd8"))


_MEMORY = """
import resource, sys
from training.papers.datasets import shards
from pathlib import Path
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seconds = sum(1 for _ in shards.read_shards(Path(sys.argv[1]), "train", seed=0)) * 10
print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_an_hour_is_read_in_less_than_300_megabytes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = rng.bytes(320_000)  # as large as ten seconds that do not compress

    def hour():
        for number in range(360):
            pictures = tuple(Picture(float(at), b"\xff\xd8" + noise[:30_000]) for at in range(10))
            yield replace(sample(f"clip{number}"), audio=b"RIFF" + noise, pictures=pictures)

    write_shards(hour(), tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(tmp_path)], capture_output=True, text=True, check=True
    )
    seconds, megabytes = map(int, done.stdout.split())
    assert seconds == 3600
    assert megabytes < 300
