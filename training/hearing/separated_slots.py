"""Slots of the trained separator as the encoder meets them, with the shares of what they hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from training.hearing.encoder import Encoder
from training.hearing.pool import CLIP_S, HELD, PLAIN, TRAIN, Pool
from training.hearing.separator import Separator
from training.hearing.separator_batches import SeparatorBatches
from training.loop.whole_files import write_text
from training.vocabulary import EVERYDAY

LEAST_EXPLAINED = 0.4
"""Share of a slot's energy that scaled copies of the mixture's sounds must explain."""
LEAST_DB = -25.0
"""Slots this far under the loudest are not heard in a show either."""
STEEPNESS_DB = 3.0
"""Shares are softmax(level / this): a sound 9 dB under another has a twentieth."""
OFTEN = 12.0
"""How often everyday sounds are drawn beside the others: what is often heard together."""
MOST_SOUNDS = 3
"""Sounds of a mixture, of as many labels."""


@dataclass(frozen=True, slots=True)
class SeparatedLevels:
    """Row i is one slot of the separator."""

    levels: NDArray[np.float16]
    """(n, frames, bands) log10 mel power."""
    shares: NDArray[np.float16]
    """(n, names) how much of each of the pool's names is in it; rows sum to 1."""
    split: NDArray[np.str_]
    """(n,) train, held or plain: where the mixture's sounds came from."""


def shares_of(slots: Tensor, truths: Tensor) -> tuple[Tensor, Tensor]:
    """slots (b, k, n), truths (b, t, n), zeros where absent -> how much of each truth is in each
    slot (b, k, t), rows summing to 1, and the share of the slot's energy that they explain (b, k).

    By least squares: slot = sum of scaled truths + rest.
    """
    gram = truths @ truths.transpose(1, 2)
    power = gram.diagonal(dim1=1, dim2=2)
    there = power > 0
    gram = gram + torch.diag_embed(torch.where(there, 1e-6 * power, 1.0) + 1e-12)
    scale = torch.linalg.solve(gram, truths @ slots.transpose(1, 2)).transpose(1, 2)
    energy = scale**2 * power[:, None]
    level_db = 10 * torch.log10(energy + 1e-12)
    level_db = torch.where(there[:, None].expand_as(level_db), level_db, -torch.inf)
    explained = energy.sum(2) / ((slots**2).sum(2) + 1e-12)
    return torch.softmax(level_db / STEEPNESS_DB, dim=2), explained


def separate(
    pool: Pool,
    separator: Separator,
    mixes: int,
    split: str,
    seed: int,
    least_explained: float = LEAST_EXPLAINED,
) -> SeparatedLevels:
    """Slots of `mixes` mixtures of the split's clips, 4 s each."""
    often = np.array([OFTEN if name in EVERYDAY else 1.0 for name in pool.names])
    batches = SeparatorBatches(pool, (split,), seed, CLIP_S, often=often)
    encoder, levels, shares = Encoder(), [], []
    for _ in tqdm(range(max(1, mixes // 8)), unit="batch", desc=split):
        drawn = batches.next(8, (0.25, 0.5, 0.25))
        with torch.no_grad():
            slots = separator.separate(drawn.mixture)
            held, explained = shares_of(slots, drawn.truths)
            power = (slots**2).sum(2)
            loud = power > power.amax(1, keepdim=True) * 10 ** (LEAST_DB / 10)
            mel = encoder.levels(slots.reshape(-1, slots.shape[2]))
        mel = mel.reshape(*slots.shape[:2], *mel.shape[1:]).numpy().astype(np.float16)
        for i, k in zip(*np.nonzero((loud & (explained > least_explained)).numpy()), strict=True):
            row = np.zeros(len(pool.names), np.float16)
            here = drawn.labels[i] >= 0
            row[drawn.labels[i, here].numpy()] = held[i, k, here].numpy()
            levels.append(mel[i, k])
            shares.append(row)
    return SeparatedLevels(np.stack(levels), np.stack(shares), np.array([split] * len(levels)))


def save(folder: Path, parts: list[SeparatedLevels]) -> None:
    """Writes the parts as one; the index comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "levels.npy", np.concatenate([p.levels for p in parts]))
    np.save(folder / "shares.npy", np.concatenate([p.shares for p in parts]))
    index = {"split": np.concatenate([p.split for p in parts]).tolist()}
    write_text(folder / "index.json", json.dumps(index))


def build_separated(
    pool: Pool, separator: Separator, mixes: int, out: Path, seed: int = 7
) -> None:
    """Slots of `mixes` mixtures of the training clips, and of fewer of the held-out ones, if there
    are any, into the folder `out`."""
    wanted = ((TRAIN, mixes), (HELD, mixes // 4), (PLAIN, mixes // 8))
    parts = [
        separate(pool, separator, count, split, seed)
        for split, count in wanted
        if len(np.unique(pool.labels[pool.split == split])) >= MOST_SOUNDS
    ]
    save(out, parts)


def load_separated(folder: Path) -> SeparatedLevels:
    """Reads what `save` wrote. Raises FileNotFoundError with the remedy."""
    if not ((folder / "index.json").is_file() and (folder / "shares.npy").is_file()):
        raise FileNotFoundError(
            f"no separated levels in {folder}: run python -m training.separated_levels -o {folder}"
        )
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    levels = np.load(folder / "levels.npy", mmap_mode="r")
    return SeparatedLevels(levels, np.load(folder / "shares.npy"), np.array(index["split"]))
