"""A pool of sounds in pieces, each with what it sounds like: a unit vector of CLAP."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import torch
from tqdm import tqdm

from engine.packets import F32
from training.loop.plain_errors import InputError
from training.loop.whole_files import write_array
from training.papers.models.clap import Clap
from training.papers.pairing.catalogue import entries, shards_of
from training.papers.pairing.voices import RATE, Piece
from training.retrieval.pairs import starts_s
from training.retrieval.setting import Setting

_AT_ONCE = 16


def pieces(shard: Path, setting: Setting) -> list[Piece]:
    """The pieces of all sounds of a shard, in order."""
    found = []
    for entry in entries(shard):
        if entry.audio is not None:
            seconds = soundfile.info(io.BytesIO(entry.audio.read())).duration
            starts = starts_s(seconds, setting)
            found += [Piece(entry.audio, start, setting.piece_s) for start in starts]
    return found


def hear_pool(
    folder: Path, setting: Setting, clap: Clap, weights: str, kept: Path
) -> tuple[list[Piece], F32]:
    """All pieces of a pool, and (n, d) unit vectors of them; each shard is heard once.

    Args:
        folder: of a prepared data set.
        setting: how sounds are cut.
        clap: hears them.
        weights: fingerprint of its weights.
        kept: folder for what was heard, by which a run that was stopped goes on.

    Raises:
        InputError: the data set has no sounds, or is not whole.
    """
    found: list[Piece] = []
    heard: list[F32] = []
    kept.mkdir(parents=True, exist_ok=True)
    for shard in tqdm(shards_of(folder), unit="shard", desc="hearing", disable=None):
        ours = pieces(shard, setting)
        told = f"{weights}{setting.piece_s}{setting.most_pieces}{_digest(shard)}"
        path = kept / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.npy"
        if not path.is_file():
            write_array(path, _embed(ours, clap))
        found += ours
        heard.append(np.load(path, allow_pickle=False))
    if not found:
        raise InputError(f"{folder} has no sounds: prepare a data set that has")
    return found, np.concatenate(heard)


def _embed(ours: Sequence[Piece], clap: Clap) -> F32:
    device = clap.filters.device
    rows = [np.zeros((0, clap.width), np.float32)]
    for first in range(0, len(ours), _AT_ONCE):
        samples = np.stack([piece.samples() for piece in ours[first : first + _AT_ONCE]])
        with torch.inference_mode():
            rows.append(clap.sounds(torch.from_numpy(samples).to(device), RATE).cpu().numpy())
    return np.concatenate(rows)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
