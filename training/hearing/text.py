"""The text tower: words and letter groups, hashed, to the sphere that sounds live on.

Trained from scratch beside the audio encoder, so it knows the words it has met and, through shared
letter groups, their relatives (the subword idea of fastText, Bojanowski et al. 2017; the hashing
trick of Weinberger et al. 2009). It runs at export only: a bundle ships the vocabulary's
embeddings.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import torch
from torch import Tensor, nn

BUCKETS = 4096


def pieces_of(text: str) -> list[int]:
    """Buckets of a text's words and of their groups of 3 to 5 letters; never empty."""
    words = re.findall(r"[a-z]+", text.lower())
    pieces = [f"<{word}>" for word in words]
    for word in list(pieces):
        pieces += [word[i : i + n] for n in (3, 4, 5) for i in range(max(0, len(word) - n + 1))]
    return [zlib.crc32(piece.encode()) % BUCKETS for piece in pieces] or [0]


class TextTower(nn.Module):
    """Texts -> unit embeddings (b, d)."""

    def __init__(self, embedding: int = 128, width: int = 192) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(BUCKETS, width, mode="mean")
        self.layers = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 256), nn.ReLU(), nn.Linear(256, embedding)
        )

    def forward(self, texts: Sequence[str]) -> Tensor:
        """Sequence of b texts -> (b, d) unit length."""
        buckets = [pieces_of(text) for text in texts]
        offsets = [0]
        for pieces in buckets[:-1]:
            offsets.append(offsets[-1] + len(pieces))
        device = self.bag.weight.device
        flat = torch.tensor([i for pieces in buckets for i in pieces], device=device)
        out = self.layers(self.bag(flat, torch.tensor(offsets, device=device)))
        return nn.functional.normalize(out.float(), dim=-1)
