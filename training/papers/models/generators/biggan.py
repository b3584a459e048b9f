"""BigGAN's generator with IC-GAN's interface (Casanova et al. 2021): noise, class and feature.

The names of the weights are those of the public code, and every size is read off them. Spectral
normalisation is divided out as the weights are read: the generator comes trained and stays so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, interpolate, max_pool2d, normalize, relu

from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.strict import load_strictly, read_tensors

BOTTOM = 4
"""Pixels of the smallest picture inside."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a checkpoint's weights say of its architecture."""

    channels: tuple[int, ...]
    """Of the first picture inside and after every block, each of which doubles the size."""
    attends: int | None
    """Number of the block that attention follows."""
    noise: int
    """Numbers of noise for each block, and for the bottom."""
    feature: int
    """Numbers of a feature."""
    inner: int
    """To which it is brought."""
    classes: int
    """0 without classes."""
    word: int
    """Numbers of a class."""
    shared: int = 0
    """Classes that a checkpoint holds without using them."""

    @property
    def condition(self) -> int:
        """Numbers that steer one block."""
        return self.noise + self.inner + (self.word if self.classes else 0)


class BigGan(nn.Module):
    """Noise (b, noise numbers), features (b, feature) and classes (b,) to (b, 3, p, p), [-1, 1]."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes, c = sizes, sizes.channels
        self.shared = nn.Embedding(max(sizes.classes, sizes.shared, 1), sizes.word)
        self.shared_feat = nn.Linear(sizes.feature, sizes.inner)
        self.linear = nn.Linear(sizes.noise, c[0] * BOTTOM**2)
        self.blocks = nn.ModuleList()
        for i, (given, made) in enumerate(pairwise(c)):
            parts: list[nn.Module] = [_Block(given, made, sizes.condition)]
            if i == sizes.attends:
                parts.append(_Attention(made))
            self.blocks.append(nn.ModuleList(parts))
        self.output_layer = nn.Sequential(
            _Norm(c[-1]), nn.ReLU(), nn.Conv2d(c[-1], 3, 3, padding=1)
        )

    @property
    def noise(self) -> int:
        """Numbers of noise for one picture."""
        return self.sizes.noise * (len(self.blocks) + 1)

    @property
    def pixels(self) -> int:
        """Of a picture."""
        return BOTTOM * 2 ** len(self.blocks)

    def forward(self, noise: Tensor, feature: Tensor, label: Tensor | None = None) -> Tensor:
        """See the class; label is asked for where there are classes."""
        told = self.shared_feat(feature)
        if self.sizes.classes:
            assert label is not None, "a generator with classes asks for one"
            told = torch.cat([self.shared(label), told], 1)
        first, *rest = noise.split(self.sizes.noise, 1)
        x = self.linear(first).unflatten(1, (-1, BOTTOM, BOTTOM))
        for parts, own in zip(self.blocks, rest, strict=True):
            for part in parts:  # pyright: ignore[reportGeneralTypeIssues]
                x = part(x, torch.cat([told, own], 1))
        return self.output_layer(x).tanh()


class _Norm(nn.Module):
    stored_mean: Tensor
    stored_var: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("stored_mean", torch.zeros(channels))
        self.register_buffer("stored_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        return batch_norm(x, self.stored_mean, self.stored_var, self.gain, self.bias)


class _SteeredNorm(nn.Module):
    stored_mean: Tensor
    stored_var: Tensor

    def __init__(self, channels: int, condition: int) -> None:
        super().__init__()
        self.gain = nn.Linear(condition, channels, bias=False)
        self.bias = nn.Linear(condition, channels, bias=False)
        self.register_buffer("stored_mean", torch.zeros(channels))
        self.register_buffer("stored_var", torch.ones(channels))

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        x = batch_norm(x, self.stored_mean, self.stored_var)
        return x * (1 + self.gain(told)[:, :, None, None]) + self.bias(told)[:, :, None, None]


class _Block(nn.Module):
    def __init__(self, given: int, made: int, condition: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(given, made, 3, padding=1)
        self.conv2 = nn.Conv2d(made, made, 3, padding=1)
        self.conv_sc = nn.Conv2d(given, made, 1)
        self.bn1, self.bn2 = _SteeredNorm(given, condition), _SteeredNorm(made, condition)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        deep = self.conv1(interpolate(relu(self.bn1(x, told)), scale_factor=2))
        deep = self.conv2(relu(self.bn2(deep, told)))
        return deep + self.conv_sc(interpolate(x, scale_factor=2))


class _Attention(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        few, half = channels // 8, channels // 2
        self.theta = nn.Conv2d(channels, few, 1, bias=False)
        self.phi = nn.Conv2d(channels, few, 1, bias=False)
        self.g = nn.Conv2d(channels, half, 1, bias=False)
        self.o = nn.Conv2d(half, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        query = self.theta(x).flatten(2)
        key, value = (max_pool2d(part(x), 2).flatten(2) for part in (self.phi, self.g))
        looks = torch.softmax(query.transpose(1, 2) @ key, -1)
        seen = (value @ looks.transpose(1, 2)).unflatten(2, x.shape[2:])
        return self.gamma * self.o(seen) + x


def read_biggan(path: Path) -> BigGan:
    """A public IC-GAN generator of BigGAN's kind, its G's state_dict. Raises CheckpointError."""
    tensors = _plain(read_tensors(path))
    made = BigGan(_sizes(tensors, path))
    load_strictly(made, tensors, path)
    return made.eval().requires_grad_(False)


def _plain(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights with their spectral norms divided out, by the names that are used here."""
    found: dict[str, Tensor] = {}
    renamed = {"bn.running_mean": "stored_mean", "bn.running_var": "stored_var"}
    renamed |= {"output_layer.0.bn.weight": "output_layer.0.gain"}
    renamed |= {"output_layer.0.bn.bias": "output_layer.0.bias"}
    for name, tensor in tensors.items():
        if re.search(r"\.(u0|sv0|num_batches_tracked|accumulation_counter)$", name):
            continue
        if name.endswith(".weight") and (u := tensors.get(f"{name[:-7]}.u0")) is not None:
            matrix = tensor.flatten(1)
            v = normalize(u @ matrix, eps=1e-12)
            tensor = tensor / (v @ matrix.T).norm()
        for old, new in renamed.items():
            if name.endswith(old):
                name = name[: -len(old)] + new
        found[name] = tensor
    return found


def _sizes(tensors: Mapping[str, Tensor], path: Path) -> Sizes:
    try:
        count = 1 + max(int(n.split(".")[1]) for n in tensors if n.startswith("blocks."))
        convs = [tensors[f"blocks.{i}.0.conv1.weight"].shape for i in range(count)]
        noise = tensors["linear.weight"].shape[1]
        classes, word = tensors["shared.weight"].shape
        inner, feature = tensors["shared_feat.weight"].shape
        steered = tensors["blocks.0.0.bn1.gain.weight"].shape[1]
    except (KeyError, ValueError, IndexError) as error:
        raise CheckpointError(
            f"{path} is no generator of BigGAN's kind with a feature ({error} is missing); name "
            "IC-GAN's state_dict of G"
        ) from error
    attends = [i for i in range(count) if f"blocks.{i}.1.gamma" in tensors]
    known = steered == noise + inner + word
    return Sizes(
        (convs[0][1], *(conv[0] for conv in convs)), attends[0] if attends else None, noise,
        feature, inner, classes if known else 0, word, classes,
    )  # fmt: skip
