"""Seeing Sound: a diffusion transformer that listens, through every token of an audio transformer.

What is new in the paper is where its pairs come from: `training/papers/pairing`. The model itself
is a public one whose text is replaced by sound.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from training.papers.harness.draws import Draws
from training.papers.harness.system import Batch, Conditions, Progress, Stage, System
from training.papers.models.ast_tokens import AstTokens
from training.papers.models.generators.protocol import Generator, Shape, fit

SECONDS = 5.0
GUIDANCE = 4.5
"""PixArt's own."""


class SeeingSound(System):
    """See the module."""

    rate_hz = 16_000

    def __init__(
        self, ear: AstTokens, generator: Generator, name: str, seconds: float = SECONDS
    ) -> None:
        """name: of the generator, for complaints."""
        super().__init__()
        self.ear, self.generator, self.seconds = ear, generator, seconds
        fit(generator, Shape(None, ear.width), "seeing_sound", name)
        self.stages = (
            Stage(
                "pictures", 1, 640, 3.16e-5, weight_decay=3e-2, pixels=generator.pixels,
                steps=500_000,
            ),
        )  # fmt: skip

    def learns(self, stage: str) -> Sequence[nn.Module]:
        """See `System`."""
        return self.generator.learns()

    def forward(self, stage: str, batch: Batch, draws: Draws, progress: Progress) -> Tensor:
        """See `System`."""
        assert batch.pictures is not None
        return self.generator.loss(batch.pictures, self.ear(batch.sound), draws)

    def conditions(self, sound: Tensor) -> Conditions:
        """See `System`; there are no panels."""
        heard = self.ear(sound)
        return Conditions(heard, heard[:, None][:, :0])
