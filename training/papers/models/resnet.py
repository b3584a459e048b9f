"""ResNet-18 and -50 (He et al. 2016) in the public names of torchvision, timm and SwAV.

torchvision itself breaks torch's build for processors, and of it no more is needed than this.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from training.papers.checkpoints.strict import load_strictly, read_tensors
from training.papers.harness.across import SharedBatchNorm2d

BLOCKS = {18: (2, 2, 2, 2), 50: (3, 4, 6, 3)}


class ResNet(nn.Module):
    """(b, channels, h, w) pictures or spectrograms to (b, outputs) numbers.

    Without outputs what leaves is the mean over places: 512 or 2048 numbers at full width.
    """

    def __init__(
        self, depth: int = 18, channels: int = 3, outputs: int | None = None, width: int = 64
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 7, 2, 3, bias=False)
        self.bn1 = SharedBatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        given, kind = width, _Basic if depth == 18 else _Bottleneck
        for stage, count in enumerate(BLOCKS[depth]):
            inner, blocks = width * 2**stage, []
            for block in range(count):
                blocks.append(kind(given, inner, 2 if stage and not block else 1))
                given = inner * kind.widens
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.features = given
        self.fc = nn.Linear(given, outputs) if outputs else None
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        x = self.maps(x).mean((2, 3))
        return x if self.fc is None else self.fc(x)

    def maps(self, x: Tensor) -> Tensor:
        """(b, channels, h, w) -> (b, features, h / 32, w / 32): what there is at every place."""
        x = self.maxpool(relu(self.bn1(self.conv1(x))))
        for stage in range(4):
            x = getattr(self, f"layer{stage + 1}")(x)
        return x


class _Basic(nn.Module):
    widens = 1

    def __init__(self, given: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(given, inner, 3, stride, 1, bias=False)
        self.bn1 = SharedBatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, 1, 1, bias=False)
        self.bn2 = SharedBatchNorm2d(inner)
        self.downsample = _shortcut(given, inner * self.widens, stride)

    def forward(self, x: Tensor) -> Tensor:
        deep = self.bn2(self.conv2(relu(self.bn1(self.conv1(x)))))
        return relu(deep + (x if self.downsample is None else self.downsample(x)))


class _Bottleneck(nn.Module):
    widens = 4

    def __init__(self, given: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(given, inner, 1, bias=False)
        self.bn1 = SharedBatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False)
        self.bn2 = SharedBatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, inner * self.widens, 1, bias=False)
        self.bn3 = SharedBatchNorm2d(inner * self.widens)
        self.downsample = _shortcut(given, inner * self.widens, stride)

    def forward(self, x: Tensor) -> Tensor:
        deep = relu(self.bn2(self.conv2(relu(self.bn1(self.conv1(x))))))
        deep = self.bn3(self.conv3(deep))
        return relu(deep + (x if self.downsample is None else self.downsample(x)))


def _shortcut(given: int, made: int, stride: int) -> nn.Sequential | None:
    if given == made and stride == 1:
        return None
    return nn.Sequential(nn.Conv2d(given, made, 1, stride, bias=False), SharedBatchNorm2d(made))


def read_resnet(path: Path, depth: int, channels: int = 3, outputs: int | None = None) -> ResNet:
    """A public ResNet of any width. Raises CheckpointError.

    Heads are left out where none is asked for: `fc` of torchvision and timm, `projection_head` and
    `prototypes` of SwAV.
    """
    tensors = read_tensors(path)
    if outputs is None:
        heads = ("fc.", "projection_head.", "prototypes.")
        tensors = {name: x for name, x in tensors.items() if not name.startswith(heads)}
    width = tensors.get("conv1.weight", torch.empty(64)).shape[0]
    made = ResNet(depth, channels, outputs, width)
    load_strictly(made, tensors, path)
    return made
