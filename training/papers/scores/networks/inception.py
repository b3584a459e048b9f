"""The Inception that FID, KID and IS are defined by, in the public file's format.

Weights: `pt_inception-2015-12-05-6726825d.pth` of pytorch-fid, or the file of the same number of
torch-fidelity. It is Inception v3 but for two things, without which the scores are others: its mean
pools leave the border out, and its last block pools by the maximum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from training.papers.scores.networks.resize import for_inception
from training.papers.scores.networks.weights import Weights, fill, hash_of, read_state

FEATURES, CLASSES = 2048, 1008
Size = int | tuple[int, int]


class Unit(nn.Module):
    """Convolution, batch norm, rectifier; keeps the size where its stride is 1 and `same`."""

    def __init__(
        self, entering: int, leaving: int, size: Size, stride: int = 1, same: bool = True
    ) -> None:
        super().__init__()
        high, wide = (size, size) if isinstance(size, int) else size
        pad = (high // 2, wide // 2) if same and stride == 1 else 0
        self.conv = nn.Conv2d(entering, leaving, (high, wide), stride, pad, bias=False)
        self.bn = nn.BatchNorm2d(leaving, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.bn(self.conv(x)))


class Mixed(nn.Module):
    """Branches side by side; a branch is a chain of units, the last of which may be a pair.

    pool: "mean", "max", or "small" for the pooled branch of a block that halves the map.
    """

    def __init__(
        self,
        entering: int,
        branches: Sequence[Sequence[tuple[str, int, Size, int]]],
        pool: str,
        pooled: int = 0,
    ) -> None:
        """branches: chains of (name, channels, size, stride); a name that ends in "b" stands
        beside the one before. pooled: channels after the pool, 0 for the pool alone."""
        super().__init__()
        self.chains = [[name for name, *_ in chain] for chain in branches]
        self.pool = pool
        for chain in branches:
            width = before = entering
            for name, channels, size, stride in chain:
                width = before if name.endswith("b") else width
                self.add_module(name, Unit(width, channels, size, stride))
                before, width = width, channels
        if pooled:
            self.branch_pool = Unit(entering, pooled, 1)

    def forward(self, x: Tensor) -> Tensor:
        parts = []
        for chain in self.chains:
            now = before = x
            for name in chain:
                if name.endswith("b"):
                    parts.append(now)
                    now = getattr(self, name)(before)
                else:
                    before, now = now, getattr(self, name)(now)
            parts.append(now)
        if self.pool == "small":
            return torch.cat([*parts, F.max_pool2d(x, 3, 2)], 1)
        near = (
            F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
            if self.pool == "mean"
            else F.max_pool2d(x, 3, 1, 1)
        )
        return torch.cat([*parts, self.branch_pool(near)], 1)


def _block_a(entering: int, pooled: int) -> Mixed:
    double = "branch3x3dbl"
    branches = [
        [("branch1x1", 64, 1, 1)],
        [("branch5x5_1", 48, 1, 1), ("branch5x5_2", 64, 5, 1)],
        [(f"{double}_1", 64, 1, 1), (f"{double}_2", 96, 3, 1), (f"{double}_3", 96, 3, 1)],
    ]
    return Mixed(entering, branches, "mean", pooled)


def _block_b() -> Mixed:
    double = "branch3x3dbl"
    branches = [
        [("branch3x3", 384, 3, 2)],
        [(f"{double}_1", 64, 1, 1), (f"{double}_2", 96, 3, 1), (f"{double}_3", 96, 3, 2)],
    ]
    return Mixed(288, branches, "small")


def _block_c(inner: int) -> Mixed:
    wide, high = (1, 7), (7, 1)
    double = "branch7x7dbl"
    branches = [
        [("branch1x1", 192, 1, 1)],
        [("branch7x7_1", inner, 1, 1), ("branch7x7_2", inner, wide, 1),
         ("branch7x7_3", 192, high, 1)],
        [(f"{double}_1", inner, 1, 1), (f"{double}_2", inner, high, 1),
         (f"{double}_3", inner, wide, 1), (f"{double}_4", inner, high, 1),
         (f"{double}_5", 192, wide, 1)],
    ]  # fmt: skip
    return Mixed(768, branches, "mean", 192)


def _block_d() -> Mixed:
    branches = [
        [("branch3x3_1", 192, 1, 1), ("branch3x3_2", 320, 3, 2)],
        [("branch7x7x3_1", 192, 1, 1), ("branch7x7x3_2", 192, (1, 7), 1),
         ("branch7x7x3_3", 192, (7, 1), 1), ("branch7x7x3_4", 192, 3, 2)],
    ]  # fmt: skip
    return Mixed(768, branches, "small")


def _block_e(entering: int, pool: str) -> Mixed:
    wide, high = (1, 3), (3, 1)
    double = "branch3x3dbl"
    branches = [
        [("branch1x1", 320, 1, 1)],
        [("branch3x3_1", 384, 1, 1), ("branch3x3_2a", 384, wide, 1),
         ("branch3x3_2b", 384, high, 1)],
        [(f"{double}_1", 448, 1, 1), (f"{double}_2", 384, 3, 1), (f"{double}_3a", 384, wide, 1),
         (f"{double}_3b", 384, high, 1)],
    ]  # fmt: skip
    return Mixed(entering, branches, pool, 192)


class Inception(nn.Module):
    """f32 (b, 3, 299, 299) in [0, 255] to features (b, 2048) and logits (b, 1008)."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Unit(3, 32, 3, 2)
        self.Conv2d_2a_3x3 = Unit(32, 32, 3, same=False)
        self.Conv2d_2b_3x3 = Unit(32, 64, 3)
        self.Conv2d_3b_1x1 = Unit(64, 80, 1)
        self.Conv2d_4a_3x3 = Unit(80, 192, 3, same=False)
        self.Mixed_5b, self.Mixed_5c = _block_a(192, 32), _block_a(256, 64)
        self.Mixed_5d, self.Mixed_6a = _block_a(288, 64), _block_b()
        self.Mixed_6b, self.Mixed_6c = _block_c(128), _block_c(160)
        self.Mixed_6d, self.Mixed_6e = _block_c(160), _block_c(192)
        self.Mixed_7a = _block_d()
        self.Mixed_7b, self.Mixed_7c = _block_e(1280, "mean"), _block_e(2048, "max")
        self.fc = nn.Linear(FEATURES, CLASSES)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        x = (pictures - 128) / 128
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(F.max_pool2d(x, 3, 2)))
        x = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(F.max_pool2d(x, 3, 2))))
        x = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(x)))))
        features = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x))).mean((2, 3))
        # IS is counted without the bias, as by those who made it
        return features, F.linear(features, self.fc.weight)


def load_inception(path: Path) -> tuple[Inception, Weights]:
    """The network of a file. Raises InputError where that is another one."""
    network = Inception()
    fill(network, read_state(path), path, "the Inception of FID (2015-12-05)")
    return network.eval(), Weights("Inception 2015-12-05", hash_of(path))


@torch.inference_mode()
def inception_features(
    network: Inception, pictures: Iterable[Image.Image], way: str
) -> tuple[Tensor, Tensor]:
    """Features (b, 2048) and logits (b, 1008) of one batch of pictures."""
    return network(torch.stack([for_inception(picture, way) for picture in pictures]))
