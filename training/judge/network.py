"""The judge: which of the vocabulary's sounds does a picture show?

A plain residual network with batch norm, unlike anything that the generator is made of or trained
with, and trained on real pictures of the image world alone (`training.train_judge`), from seeds of
its own. Its verdicts are what CRS-judge, R@1-judge and FID-judge are counted by.

Every cell of its last map votes for what stands there; a smooth maximum over the cells finds small
subjects, and a second opinion on the whole picture finds what has no place: weather, water, air.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.judge.pictures import resize_for_judge
from training.loop.trainer import load_checkpoint
from training.vocabulary import LABELS

FEATURES = 128
SHARPNESS = 4.0
"""Of the smooth maximum over cells: 0 would be their mean."""
USUAL_LOGIT = -3.0
"""Most labels are absent from most pictures: where the scores start."""


@dataclass(frozen=True, slots=True)
class JudgeOutput:
    """What the network makes of some pictures."""

    logits: Tensor
    """(b, labels): over 0 is more likely there than not."""
    cells: Tensor
    """(b, labels, h / 16, w / 16) votes of the places."""
    features: Tensor
    """(b, 128), what distances between sets of pictures are taken in."""


class Block(nn.Module):
    """Two convolutions with batch norm beside a straight or a projected path."""

    def __init__(self, entering: int, leaving: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(entering, leaving, 3, stride, 1, bias=False),
            nn.BatchNorm2d(leaving),
            nn.ReLU(),
            nn.Conv2d(leaving, leaving, 3, 1, 1, bias=False),
            nn.BatchNorm2d(leaving),
        )
        self.straight: nn.Module = nn.Identity()
        if stride != 1 or entering != leaving:
            self.straight = nn.Sequential(
                nn.Conv2d(entering, leaving, 1, stride, bias=False), nn.BatchNorm2d(leaving)
            )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.straight(x) + self.body(x))


class Judge(nn.Module):
    """f32 pictures (b, 3, h, w) in [-1, 1], any size that divides by 16, to `JudgeOutput`."""

    width: int
    """Channels of the first map; later ones have two and four times as many."""

    def __init__(self, labels: int = len(LABELS), width: int = 48) -> None:
        super().__init__()
        self.width = width
        self.trunk = nn.Sequential(
            nn.Conv2d(3, 32, 5, 2, 2, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            Block(32, width, 2),
            Block(width, 2 * width, 2),
            Block(2 * width, 2 * width, 1),
            Block(2 * width, 4 * width, 2),
            Block(4 * width, 4 * width, 1),
            nn.Conv2d(4 * width, FEATURES, 1, bias=False),
            nn.BatchNorm2d(FEATURES),
            nn.ReLU(),
        )
        self.votes = nn.Conv2d(FEATURES, labels, 1)
        self.whole = nn.Linear(FEATURES, labels)
        nn.init.constant_(self.whole.bias, USUAL_LOGIT)

    def forward(self, pictures: Tensor) -> JudgeOutput:
        found = self.trunk(pictures)
        cells, features = self.votes(found).float(), found.float().mean((2, 3))
        count = cells.shape[2] * cells.shape[3]
        strongest = (SHARPNESS * cells.flatten(2)).logsumexp(2) - float(np.log(count))
        return JudgeOutput(strongest / SHARPNESS + self.whole(features).float(), cells, features)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the judge says of n pictures."""

    scores: np.ndarray
    """f32 (n, labels) probabilities."""
    features: np.ndarray
    """f32 (n, 128)."""


@dataclass(frozen=True)
class TrainedJudge:
    """A judge with the threshold that it decides by and what is known about it."""

    model: Judge
    threshold: float
    """A label counts as found from this probability on."""
    facts: Mapping[str, Any]
    """Its own held-out accuracy and how it was trained, ready for JSON."""

    @torch.no_grad()
    def look(self, pictures: np.ndarray, batch: int = 32) -> Verdicts:
        """Judges u8 pictures (n, h, w, 3): as the bundle paints them, or at half that size."""
        scores, features = [], []
        for at in range(0, len(pictures), batch):
            # copied: a memory map is read-only
            small = np.array(resize_for_judge(pictures[at : at + batch]))
            seen = self.model(as_input(torch.from_numpy(small)))
            scores.append(seen.logits.sigmoid().numpy())
            features.append(seen.features.numpy())
        if not scores:
            none = np.zeros((0, self.model.votes.out_channels), np.float32)
            return Verdicts(none, np.zeros((0, FEATURES), np.float32))
        return Verdicts(np.concatenate(scores), np.concatenate(features))


def as_input(pictures: Tensor) -> Tensor:
    """u8 (b, h, w, 3) to f32 (b, 3, h, w) in [-1, 1], laid out for fast convolution."""
    scaled = pictures.permute(0, 3, 1, 2).float().div(127.5).sub(1.0)
    return scaled.to(memory_format=torch.channels_last)


def final_path(path: Path) -> Path:
    """Where the finished judge of a training checkpoint lies."""
    return path.with_suffix(".final.pt")


def load_judge(path: Path) -> TrainedJudge:
    """The finished judge of a run. Raises FileNotFoundError with the remedy."""
    saved = load_checkpoint(final_path(path))
    if saved is None:
        raise FileNotFoundError(
            f"{path}: no finished judge; train one with python -m training.train_judge "
            f"{path.parent}"
        )
    facts = saved["facts"]
    model = Judge(width=facts["width"])
    model.load_state_dict(saved["model"])
    return TrainedJudge(model.eval(), float(facts["threshold"]), facts)
