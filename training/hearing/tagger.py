"""A public tagger that has heard two million clips, as a teacher: 527 classes of AudioSet.

EfficientAT's mn04_as (Schmid, Koutini and Widmer, "Efficient large-scale audio tagging via
transformer-to-CNN knowledge distillation", ICASSP 2023): a MobileNetV3-large of width 0.4 on
log-mel. Its file is not a part of the product and is never needed to run it; what is learnt from it
ships in a network of our own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from training.loop.plain_errors import InputError

RATE_HZ = 32000
WINDOW, HOP, FOURIER, BANDS = 800, 320, 1024, 128
FEATURES, CLASSES = 384, 527
TOP_HZ = 15000.0

WEIGHTS_FILE = "mn04_as_mAP_432.pt"
CLASSES_FILE = "audioset_527_classes.csv"

_BLOCKS: tuple[tuple[int, int, int, bool, bool], ...] = (
    # channels between, kernel, stride, squeeze-excitation, hardswish; out channels are the next row
    (8, 3, 1, False, False),
    (24, 3, 2, False, False),
    (32, 3, 1, False, False),
    (32, 5, 2, True, False),
    (48, 5, 1, True, False),
    (48, 5, 1, True, False),
    (96, 3, 2, False, True),
    (80, 3, 1, False, True),
    (72, 3, 1, False, True),
    (72, 3, 1, False, True),
    (192, 3, 1, True, True),
    (272, 3, 1, True, True),
    (272, 5, 2, True, True),
    (384, 5, 1, True, True),
    (384, 5, 1, True, True),
)
_OUT = (8, 16, 16, 16, 16, 16, 32, 32, 32, 32, 48, 48, 64, 64, 64)


def _convolved(
    inner: int,
    outer: int,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    act: nn.Module | None = None,
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inner, outer, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outer, eps=1e-3),
        act or nn.Identity(),
    )


class _Excitation(nn.Module):
    """How strongly each channel counts, by the mean of all channels."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, inner)
        self.fc2 = nn.Linear(inner, channels)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3))))))[:, :, None, None]


class _Squeeze(nn.Module):
    """Channels weighed by what the whole picture holds."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = max(8, (channels // 4 + 4) // 8 * 8)
        if inner < 0.9 * (channels // 4):
            inner += 8
        self.conc_se_layers = nn.ModuleList([_Excitation(channels, inner)])

    def forward(self, x: Tensor) -> Tensor:
        return x * self.conc_se_layers[0](x)


class _Block(nn.Module):
    """MobileNetV3's inverted residual."""

    def __init__(
        self, inner: int, between: int, outer: int, kernel: int, stride: int, squeeze: bool,
        hard: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        act = nn.Hardswish if hard else nn.ReLU
        layers: list[nn.Module] = []
        if between != inner:
            layers.append(_convolved(inner, between, 1, act=act()))
        layers.append(_convolved(between, between, kernel, stride, between, act()))
        if squeeze:
            layers.append(_Squeeze(between))
        layers.append(_convolved(between, outer, 1))
        self.block = nn.Sequential(*layers)
        self.adds = stride == 1 and inner == outer

    def forward(self, x: Tensor) -> Tensor:
        y = self.block(x)
        return x + y if self.adds else y


def mel_filters() -> Tensor:
    """(513, 128) Kaldi's triangles, from 0 to 15,000 Hz on its mel scale."""

    def mel(hz: Tensor) -> Tensor:
        return 1127 * torch.log(1 + hz / 700)

    top = mel(torch.tensor(TOP_HZ, dtype=torch.float64))
    edges = torch.linspace(0, 1, BANDS + 2, dtype=torch.float64) * top
    bins = mel(torch.arange(FOURIER // 2, dtype=torch.float64) * RATE_HZ / FOURIER)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles = torch.clamp(torch.minimum(rising, falling), min=0)
    return nn.functional.pad(triangles, (0, 0, 0, 1)).float()


class Tagger(nn.Module):
    """Sound at 32 kHz -> what AudioSet's classes make of it. For asking, not for training."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [_convolved(1, 8, 3, 2, act=nn.Hardswish())]
        inner = 8
        for (between, kernel, stride, squeeze, hard), outer in zip(_BLOCKS, _OUT, strict=True):
            layers.append(_Block(inner, between, outer, kernel, stride, squeeze, hard))
            inner = outer
        layers.append(_convolved(inner, FEATURES, 1, act=nn.Hardswish()))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(FEATURES, 512), nn.Hardswish(),
            nn.Dropout(0.2), nn.Linear(512, CLASSES),
        )  # fmt: skip
        window = torch.hann_window(WINDOW, periodic=False)
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("mel", mel_filters(), persistent=False)
        self.window: Tensor
        self.mel: Tensor

    def levels(self, sound: Tensor) -> Tensor:
        """(b, n) at 32 kHz, peak about 1 -> (b, 1, 128, frames) normalised log-mel."""
        emphasised = sound[:, 1:] - 0.97 * sound[:, :-1]
        spectrum = torch.stft(
            emphasised, FOURIER, HOP, WINDOW, self.window, center=True, return_complex=True
        )
        power = spectrum.real**2 + spectrum.imag**2
        heard = torch.log(torch.einsum("bft,fm->bmt", power, self.mel) + 1e-5)
        return ((heard + 4.5) / 5)[:, None]

    @torch.no_grad()
    def forward(self, sound: Tensor) -> tuple[Tensor, Tensor]:
        """(b, n) at 32 kHz -> (b, 384) features, (b, 527) logits."""
        features = self.features(self.levels(sound)).mean((2, 3))
        return features, self.classifier[2:](features)


@dataclass(frozen=True, slots=True)
class Teacher:
    """A loaded tagger and the names of its classes."""

    tagger: Tagger
    classes: tuple[str, ...]


def load_teacher(folder: Path) -> Teacher:
    """The tagger of a folder that holds `mn04_as_mAP_432.pt` and `audioset_527_classes.csv`.

    Raises InputError, one line that names the file, where one is missing or altered.
    """
    weights, names = folder / WEIGHTS_FILE, folder / CLASSES_FILE
    tagger = Tagger()
    try:
        tagger.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    except FileNotFoundError as error:
        raise InputError(f"no teacher {weights}: name its folder, or train without one") from error
    except Exception as error:  # whatever an altered file makes torch say
        why = " ".join(str(error).split())[:100]
        raise InputError(f"{weights} is not the tagger mn04_as ({why}): fetch it again") from error
    try:
        with names.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        classes = tuple(row["display_name"] for row in rows)
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise InputError(f"{names} cannot be read as the names of the classes: {error}") from error
    if len(classes) != CLASSES:
        raise InputError(f"{names} names {len(classes)} classes, not {CLASSES}: fetch it again")
    return Teacher(tagger.eval(), classes)
