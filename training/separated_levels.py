"""What the encoder meets live: slots of the trained separator, with the label of what they hold.

    python -m training.separated_levels --pool runs/pool --separator runs/separator.pt -o
    runs/separated

Mixtures of one to three pooled sounds go through the separator; each sound's best slot is kept as
mel levels if it holds more of that sound than of the rest. `training.train_encoder --separated`
learns from them.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from engine.bundle import available_bundles, load_bundle
from training.arguments import count
from training.encoder import Encoder
from training.losses import si_sdr
from training.plain_errors import plain_errors
from training.separator import Separator
from training.separator_batches import SeparatorBatches
from training.shipped_separator import ShippedSeparator
from training.sound_pool import CLIP_S, HELD, PLAIN, TRAIN, Pool, load
from training.train_separator import load_separator
from training.whole_files import write_text

LEAST_SDR_DB = -2.0
"""A slot under this is somebody else's."""
MOST_SOUNDS = 3
"""Sounds of a mixture, of as many labels."""


@dataclass(frozen=True, slots=True)
class SeparatedLevels:
    """Row i is one slot of the separator."""

    levels: NDArray[np.float16]
    """(n, frames, bands) log10 mel power."""
    labels: NDArray[np.int64]
    """(n,) index into the pool's names."""
    split: NDArray[np.str_]
    """(n,) train, held or plain: where the mixture's sounds came from."""


def separate(
    pool: Pool,
    separator: Separator | ShippedSeparator,
    mixes: int,
    split: str,
    seed: int,
    least_db: float = LEAST_SDR_DB,
) -> SeparatedLevels:
    """Slots of `mixes` mixtures of the split's clips, 4 s each, of at least `least_db` SI-SDR."""
    batches = SeparatorBatches(pool, (split,), seed, CLIP_S)
    encoder, levels, labels = Encoder(), [], []
    for _ in tqdm(range(max(1, mixes // 8)), unit="batch", desc=split):
        drawn = batches.next(8, (0.3, 0.45, 0.25))
        with torch.no_grad():
            slots = separator.separate(drawn.mixture)
            quality = si_sdr(slots[:, :, None], drawn.truths[:, None])
            quality = torch.where((drawn.truths**2).sum(-1)[:, None] > 0, quality, -torch.inf)
            best, slot = quality.max(dim=1)
            mel = encoder.levels(slots.reshape(-1, slots.shape[2]))
        mel = mel.reshape(*slots.shape[:2], *mel.shape[1:]).numpy().astype(np.float16)
        for i, t in zip(*np.nonzero((best > least_db).numpy()), strict=True):
            levels.append(mel[i, slot[i, t]])
            labels.append(int(drawn.labels[i, t]))
    return SeparatedLevels(np.stack(levels), np.array(labels), np.array([split] * len(labels)))


def save(folder: Path, parts: list[SeparatedLevels]) -> None:
    """Writes the parts as one; the index comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "levels.npy", np.concatenate([p.levels for p in parts]))
    index = {
        "labels": np.concatenate([p.labels for p in parts]).tolist(),
        "split": np.concatenate([p.split for p in parts]).tolist(),
    }
    write_text(folder / "index.json", json.dumps(index))


def build_separated(
    pool: Pool, separator: Separator | ShippedSeparator, mixes: int, out: Path, seed: int = 7
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
    if not (folder / "index.json").is_file():
        raise FileNotFoundError(
            f"no separated levels in {folder}: run python -m training.separated_levels -o {folder}"
        )
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    levels = np.load(folder / "levels.npy", mmap_mode="r")
    return SeparatedLevels(levels, np.array(index["labels"]), np.array(index["split"]))


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: separates mixtures of the pool's clips."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument(
        "--separator", default="runs/separator.pt",
        help="checkpoint of training.train_separator, or a bundle's name or folder",
    )  # fmt: skip
    parser.add_argument("--mixes", type=count, default=2400)
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/separated"))
    args = parser.parse_args(argv)
    pool, path = load(args.pool), Path(args.separator)
    of_bundle = path.is_dir() or args.separator in available_bundles()
    separator = (
        ShippedSeparator(load_bundle(args.separator)) if of_bundle else load_separator(path)
    )
    build_separated(pool, separator, args.mixes, args.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
