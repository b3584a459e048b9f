"""A small network that finds a sound in a picture (Chen et al. 2021, "Localizing Visual Sounds the
Hard Way"): two ResNets, and the cosine of the sound with every place of the picture.

Sound2Vision chooses its frames by a network of this kind; its own (Senocak et al. 2022, "Less Can
Be More") is another, of which the public file of frames is what there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import torch
from torch import Tensor, nn

from training.papers.harness.across import gather
from training.papers.harness.draws import Draws
from training.papers.harness.system import Batch, Learner, Progress, Stage
from training.papers.losses.localisation import likeness, localise
from training.papers.models.av_separator import SEEN, PictureMaps, SoundFeatures
from training.papers.models.resnet import ResNet, read_resnet

SECONDS = 10.0
"""Of Sound2Vision's clips: a frame is to show what is heard in all of its clip."""
LOCALISING = Stage("localising", 20, 64, 1e-4, "Adam", weight_decay=1e-5, pixels=SEEN)


class Localising(msgspec.Struct, frozen=True):
    """What a run of it is of; written when it begins."""

    data: str
    split: str
    seed: int
    batch: int
    """Clips of all processes together."""
    steps: int | None
    seen: str | None
    """File of the ResNet that the eye begins as."""
    width: int
    """Of the first layers; only trials have less than 64."""
    seconds: float
    """Of a clip."""


class Localiser(Learner):
    """See the module."""

    rate_hz = 16_000
    stages = (LOCALISING,)

    def __init__(self, ear: SoundFeatures, eye: PictureMaps, seconds: float = SECONDS) -> None:
        super().__init__()
        self.ear, self.eye, self.seconds = ear, eye, seconds

    def learns(self, stage: str) -> Sequence[nn.Module]:
        """See `Learner`."""
        return (self.ear, self.eye)

    def forward(self, stage: str, batch: Batch, draws: Draws, progress: Progress) -> Tensor:
        """See `Learner`."""
        assert batch.pictures is not None
        heard, seen = self.ear(batch.sound)[:, 0], self.eye(batch.pictures)
        return localise(gather(heard), gather(seen))

    @torch.inference_mode()
    def scores(self, sound: Tensor, pictures: Tensor) -> Tensor:
        """(n,) of one sound (samples,) and its pictures (n, 3, h, w) in [-1, 1]; high fits best."""
        return likeness(self.ear(sound[None])[0, 0], self.eye(pictures))


def build_localiser(seen: Path | None, width: int, seconds: float) -> Localiser:
    """One that has learnt nothing. seen: ResNet-18 of ImageNet to begin with, by torchvision's
    names; width: of the first layers where there is none. Raises CheckpointError."""
    eye = ResNet(18, width=width) if seen is None else read_resnet(seen, 18)
    return Localiser(
        SoundFeatures(ResNet(18, 1, eye.features, width)), PictureMaps(eye), seconds
    )
