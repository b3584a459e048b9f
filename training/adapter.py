"""Fits the adapter: joint sound-text embeddings to the generator's concept tokens.

    python -m training.adapter runs --hearing runs/hearing

Regression in the mean square gives, for an embedding that could be several things, the mean of
their tokens; the generator has seen such tokens while it trained.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from training.distil import load_painter
from training.generator import Adapter


def fit(
    embeddings: Tensor,
    labels: Tensor,
    vocabulary: Tensor,
    table: Tensor,
    steps: int = 3000,
    seed: int = 0,
) -> Adapter:
    """Fits an adapter.

    Args:
        embeddings: (n, 128) of sounds, unit length.
        labels: (n,) index of what each one is.
        vocabulary: (labels, 128) text embeddings: a phrase paints what its sound paints.
        table: (labels, c) concept tokens.
    """
    torch.manual_seed(seed)
    adapter = Adapter()
    optimiser = torch.optim.AdamW(adapter.parameters(), 1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    counts = torch.bincount(labels, minlength=len(vocabulary)).clamp(min=1)
    chances = (1.0 / counts.float())[labels]
    for _ in range(steps):
        rows = torch.multinomial(chances, 256, replacement=True)
        texts = torch.randint(0, len(vocabulary), (64,))
        seen = torch.cat([embeddings[rows], vocabulary[texts]])
        seen = seen + 0.03 * torch.randn_like(seen)
        target = table[torch.cat([labels[rows], texts])]
        loss = F.mse_loss(adapter(seen), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return adapter.eval()


def nearest_accuracy(adapter: Adapter, embeddings: Tensor, labels: Tensor, table: Tensor) -> float:
    """Share of embeddings whose token lies nearest to its own concept's."""
    with torch.no_grad():
        nearest = torch.cdist(adapter(embeddings), table).argmin(1)
    return float((nearest == labels).float().mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the finished student")
    parser.add_argument(
        "--hearing", type=Path, required=True, help="folder with embeddings.npz and vocabulary.npy"
    )
    a = parser.parse_args()
    table = load_painter(a.runs / "student.pt").table
    with np.load(a.hearing / "embeddings.npz") as cached:
        embeddings = torch.from_numpy(cached["embedding"])
        labels = torch.from_numpy(cached["label"]).long()
    vocabulary = torch.from_numpy(np.load(a.hearing / "vocabulary.npy"))
    adapter = fit(embeddings, labels, vocabulary, table)
    accuracy = nearest_accuracy(adapter, embeddings, labels, table)
    print(f"{accuracy:.1%} of {len(labels)} sounds land nearest to their own concept")
    save_file(adapter.state_dict(), a.runs / "adapter.safetensors")


if __name__ == "__main__":
    main()
