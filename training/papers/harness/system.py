"""What the harness trains, by stages; and a paper's system, which paints sounds besides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.papers.harness.draws import Draws
from training.papers.models.generators.protocol import Generator


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a system's training, as its paper has it."""

    name: str
    epochs: int
    batch: int
    """Samples of an optimiser's step, all processes and accumulated parts together."""
    rate: float
    """Highest learning rate."""
    optimiser: str = "AdamW"
    """AdamW or Adam."""
    weight_decay: float = 0.01
    warm_up: float = 0.0
    """Share of the steps over which the rate rises from 0."""
    cosine: bool = False
    """Whether the rate then falls to 0; else it stays."""
    clip: float | None = None
    """Largest magnitude of one number of a gradient."""
    pixels: int | None = None
    """Of the square pictures that it needs; None needs none."""
    steps: int | None = None
    """Where the paper counts these instead of epochs."""
    best: bool = False
    """Whether the epoch with the least loss on the validation split counts, not the last."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Clips of one process, all of one length."""

    keys: tuple[str, ...]
    sound: Tensor
    """(b, n) f32, [-1, 1] at the system's rate."""
    pictures: Tensor | None
    """(b, 3, p, p) f32, [-1, 1]."""
    labels: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where in a stage a step stands."""

    epoch: int
    epochs: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a sound asks of a generator."""

    scene: Tensor
    """(b, n, d) for the picture of everything."""
    panels: Tensor
    """(b, k, n, d) for a picture of each source; k is 0 where the paper paints none."""


@dataclass(frozen=True, slots=True)
class Painting:
    """Pictures of sounds."""

    scene: Tensor
    """u8 (b, h, w, 3)."""
    panels: Tensor
    """u8 (b, k, h, w, 3)."""


class Learner(nn.Module, ABC):
    """What is trained. Call it to train: its forward gives the loss, so that whatever wraps it
    sees every gradient."""

    rate_hz: int
    seconds: float
    stages: tuple[Stage, ...]

    @abstractmethod
    def learns(self, stage: str) -> Sequence[nn.Module]:
        """The modules that a stage trains; all others stand still."""

    @abstractmethod
    def forward(self, stage: str, batch: Batch, draws: Draws, progress: Progress) -> Tensor:
        """The loss of a stage on a batch, a scalar."""

    @property
    def samples(self) -> int:
        """Of a clip."""
        return round(self.rate_hz * self.seconds)


class System(Learner, ABC):
    """A paper's system."""

    generator: Generator

    @abstractmethod
    def conditions(self, sound: Tensor) -> Conditions:
        """(b, n) sounds, [-1, 1] at the system's rate, to what is painted from."""

    @torch.no_grad()
    def paint(self, sound: Tensor, seeds: Sequence[int], panels: bool = False) -> Painting:
        """Paint each of (b, n) sounds from noise of its own seed; its panels from the same noise.

        A picture depends on its own sound and seed, not on what is painted beside it.
        """
        self.eval()
        asked = self.conditions(sound)
        scene = self.generator.paint(asked.scene, seeds)
        kept = asked.panels if panels else asked.panels[:, :0]
        painted = [self.generator.paint(panel, seeds) for panel in kept.unbind(1)]
        empty = scene.new_zeros(len(scene), 0, *scene.shape[1:])
        return Painting(scene, torch.stack(painted, 1) if painted else empty)
