"""The trained encoder's embeddings of many takes of every label: what the generator is conditioned
on.

    python -m training.embed_sounds --pool runs/pool --encoder runs/encoder.pt -o
    runs/embeddings.npz

The file holds `embedding` (n, 128) float32 of unit length, `label` (n,) int64 into the vocabulary
and `separated` (n,) bool: whether the take came out of a mixture.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from training.encoder import Encoder
from training.encoder_batches import EncoderBatches
from training.separated_levels import load_separated
from training.sound_pool import HELD, TRAIN
from training.sound_pool import load as load_pool
from training.train_encoder import load_encoder
from training.vocabulary import LABELS


def embed(
    encoder: Encoder, batches: EncoderBatches, takes: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(embeddings, labels, separated): per label `takes` alone and `takes` out of mixtures."""
    encoder.eval()
    found, labels, separated = [], [], []
    for label in tqdm(range(len(LABELS)), unit="label"):
        for whole in (True, False):
            with torch.no_grad():
                levels = batches.next(takes, label, whole).levels
                found.append(encoder.of_levels(levels).numpy())
            labels += [label] * takes
            separated += [not whole] * takes
    return np.concatenate(found).astype(np.float32), np.array(labels), np.array(separated)


def main(argv: list[str] | None = None) -> int:
    """Command line: writes the embeddings, whole or not at all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument("--encoder", type=Path, default=Path("runs/encoder.pt"))
    parser.add_argument("--separated", type=Path, help="folder of training.separated_levels")
    parser.add_argument("--takes", type=int, default=120, help="per label, alone and again mixed")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/embeddings.npz"))
    args = parser.parse_args(argv)
    separated = load_separated(args.separated) if args.separated else None
    batches = EncoderBatches(load_pool(args.pool), (TRAIN, HELD), 3, separated)
    embedding, label, mixed = embed(load_encoder(args.encoder)[0], batches, args.takes)
    partial = args.out.with_name("partial-" + args.out.name)
    np.savez(partial, embedding=embedding, label=label, separated=mixed)
    os.replace(partial, args.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
