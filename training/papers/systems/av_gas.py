"""AV-GAS (Seeing Soundscapes): a mixture becomes two features, the foreground's and the
background's, each drawn to what frozen encoders of Sound2Scene's kind say of that source alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from training.papers.harness.across import gather, own_rows
from training.papers.harness.draws import Draws
from training.papers.harness.system import Batch, Conditions, Progress, Stage, System
from training.papers.losses.infonce_l2 import infonce_l2
from training.papers.models.av_separator import SEEN, PictureFeatures, SoundFeatures
from training.papers.models.generators.protocol import Generator, Shape, fit
from training.papers.systems.sound2vision import pictures_stages

SECONDS = 10.0
FOREGROUND = 0.5
"""Share of the foreground in the scene's feature."""
TARGETS = ("a2a", "a2v", "both")
"""Of the sound alone, of its picture, or of both: audio-to-audio, audio-to-visual alignment."""


def hearing_stage(targets: str) -> Stage:
    """The paper's one stage."""
    return Stage(
        "hearing", 50, 16, 1e-3, "Adam", weight_decay=1e-5, best=True,
        pixels=None if targets == "a2a" else SEEN,
    )  # fmt: skip


class AvGas(System):
    """See the module."""

    rate_hz = 16_000

    def __init__(
        self, ear: SoundFeatures, heard: SoundFeatures, eye: PictureFeatures, generator: Generator,
        name: str, targets: str = "a2a", background: Collection[str] = (),
        seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        """
        Args:
            ear: of two parts, which learns.
            heard: frozen encoder of single sounds; eye: of their pictures. One space.
            name: of the generator, for complaints.
            targets: one of TARGETS.
            background: labels of sounds that are heard behind others, whichever clip comes first.
            seconds: of a clip.
        """
        super().__init__()
        self.ear, self.heard, self.eye, self.generator = ear, heard, eye, generator
        self.targets, self.background, self.seconds = targets, frozenset(background), seconds
        fit(generator, Shape(1, eye.network.features), "av_gas", name)
        self.stages = (hearing_stage(targets), *pictures_stages(generator))

    def learns(self, stage: str) -> Sequence[nn.Module]:
        """See `System`."""
        return (self.ear,) if stage == "hearing" else self.generator.learns()

    def forward(self, stage: str, batch: Batch, draws: Draws, progress: Progress) -> Tensor:
        """See `System`."""
        if stage == "pictures":
            assert batch.pictures is not None
            seen = self.eye(batch.pictures)[:, None]
            return self.generator.loss(batch.pictures, seen, draws)
        shift = draws.shift(len(batch.sound))
        behind = torch.tensor([bool(self.background & {*own}) for own in batch.labels])
        behind = behind.to(batch.sound.device)
        swapped = behind & ~own_rows(gather(behind).roll(shift, 0))

        def front_and_back(own: Tensor) -> tuple[Tensor, Tensor]:
            other = own_rows(gather(own).roll(shift, 0))
            turned = swapped[:, None]
            return torch.where(turned, other, own), torch.where(turned, own, other)

        parts = self.ear(batch.sound + own_rows(gather(batch.sound).roll(shift, 0)))
        losses = []
        for target in self._targets(batch):
            for part, wanted in zip(parts.unbind(1), front_and_back(target), strict=True):
                losses.append(infonce_l2(gather(part), gather(wanted)))
        return torch.stack(losses).mean()

    @torch.no_grad()
    def _targets(self, batch: Batch) -> list[Tensor]:
        found = []
        if self.targets != "a2v":
            found.append(normalize(self.heard(batch.sound)[:, 0], dim=1))
        if self.targets != "a2a":
            assert batch.pictures is not None
            found.append(self.eye(batch.pictures))
        return found

    def conditions(self, sound: Tensor) -> Conditions:
        """See `System`: the scene from both parts, a panel from each."""
        parts = normalize(self.ear(sound), dim=2)
        front, back = parts.unbind(1)
        scene = FOREGROUND * front + (1 - FOREGROUND) * back
        return Conditions(scene[:, None], parts[:, :, None])
