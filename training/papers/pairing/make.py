"""From two pools to shards of pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from engine.packets import F32
from training.papers.datasets.index import INDEX
from training.papers.datasets.layouts.clips import Listing
from training.papers.datasets.make import write_tasks
from training.papers.datasets.plan import plan
from training.papers.models.clap import Clap, read_clap
from training.papers.pairing.captions import read_captions
from training.papers.pairing.catalogue import entries, shards_of
from training.papers.pairing.draws import draw_pairs
from training.papers.pairing.mixing import mixed
from training.papers.pairing.pool import hear_pool
from training.papers.pairing.voices import Pair
from training.retrieval.setting import Setting


def make_pairs(
    pictures: Path, sounds: Path, captions: Path | None, clap: Path, folder: Path,
    setting: Setting, seed: int, per_shard: int, jobs: int,
) -> str:  # fmt: skip
    """Pair every picture with sounds of what it shows; return what became of them in a line.

    Args:
        pictures: prepared data set.
        sounds: prepared data set, another or the same.
        captions: a captioner's file; without one the pictures' own captions, or labels, count.
        clap: a checkpoint in transformers' format.
        folder: for the shards of pairs.
        setting: how sounds are retrieved and mixed.
        seed: of all draws.
        per_shard: pairs.
        jobs: processes that mix.

    Raises:
        InputError: a data set is not whole, there are no sounds, nothing fits.
        CheckpointError: CLAP cannot be read.
    """
    told = read_captions(captions) if captions else {}
    shown = [entry for shard in shards_of(pictures) for entry in entries(shard)]
    ear = read_clap(clap).to("cuda" if torch.cuda.is_available() else "cpu")
    pieces, heard = hear_pool(sounds, setting, ear, _fingerprint(clap), folder / "heard")
    drawn = draw_pairs(shown, told, _reader(ear), pieces, heard, setting, seed)
    listing = Listing("pairs")
    for key, split, why in drawn.left:
        listing.keys[key] = split
        listing.missing.append((key, why))
    pools = [hashlib.sha256((pool / INDEX).read_bytes()).hexdigest() for pool in (pictures, sounds)]
    tasks = plan(drawn.pairs, partial(_told, pools=pools), per_shard)
    return write_tasks(tasks, folder, listing, mixed, jobs)


def _reader(ear: Clap) -> Callable[[list[str]], F32]:
    return lambda texts: np.asarray(ear.texts(texts).cpu(), np.float32)


def _told(pair: Pair, pools: list[str]) -> object:
    """What a pair's sample depends on, wherever the pools lie."""
    parts = [*pair.shown.pictures, *(voice.piece.part for voice in pair.voices)]
    voices = [(voice.concept, voice.piece.start_s, voice.piece.seconds, voice.lufs)
              for voice in pair.voices]  # fmt: skip
    places = [(part.shard.name, part.at, part.size) for part in parts]
    return pools, pair.key, pair.split, pair.captions, pair.shown.times, voices, places


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
