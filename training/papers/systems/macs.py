"""MACS: multi-source audio-to-image generation with contextual significance and semantic alignment.

Stage 1 learns to take a mixture of two clips apart into slots, each told by the clips' labels, the
most significant first. Stage 2 teaches a frozen diffusion model to look at the slots.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from training.papers.harness.across import gather, own_rows
from training.papers.harness.draws import Draws, drawing
from training.papers.harness.system import Batch, Conditions, Progress, Stage, System
from training.papers.losses.macs import align, joint_weight, mixit, rank
from training.papers.models.clap import Clap
from training.papers.models.generators.protocol import Generator, Shape, fit
from training.papers.models.macs_separator import MacsSeparator

TEXTS = 5
"""Of one clip; a mixture has those of both."""
SLOTS = 6
SECONDS = 8.0
SEPARATOR = Stage("separator", 10, 16, 1e-3, warm_up=0.1, cosine=True)


def pictures_stage(pixels: int) -> Stage:
    """Stage 2."""
    return Stage(
        "pictures", 15, 16, 1e-4, warm_up=0.1, cosine=True, clip=1.0, pixels=pixels
    )


class Macs(System):
    """See the module."""

    rate_hz = 16_000

    def __init__(
        self, separator: MacsSeparator, clap: Clap, generator: Generator, name: str,
        trained: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """name: of the generator, for complaints. trained: stages whose weights are there."""
        super().__init__()
        self.separator, self.clap, self.generator = separator, clap, generator
        self.seconds = separator.samples / self.rate_hz
        fit(generator, Shape(separator.slots, clap.width), "macs", name)
        stages = (SEPARATOR, pictures_stage(generator.pixels))
        self.stages = tuple(stage for stage in stages if stage.name not in trained)

    def learns(self, stage: str) -> Sequence[nn.Module]:
        """See `System`."""
        return (self.separator,) if stage == "separator" else self.generator.learns()

    def forward(self, stage: str, batch: Batch, draws: Draws, progress: Progress) -> Tensor:
        """See `System`."""
        with drawing(draws):
            if stage == "separator":
                return self._separate(batch, draws, progress)
            assert batch.pictures is not None
            with torch.no_grad():
                heard = self.conditions(batch.sound).scene
            return self.generator.loss(batch.pictures, heard, draws)

    def _separate(self, batch: Batch, draws: Draws, progress: Progress) -> Tensor:
        shift = draws.shift(len(batch.sound))

        def other(rows: Tensor) -> Tensor:
            return own_rows(gather(rows).roll(shift, 0))

        partner = other(batch.sound)
        mixture = batch.sound + partner
        slots = self.separator(mixture)
        loss = mixit(slots, batch.sound, partner)
        joint = joint_weight(progress.epoch, progress.epochs)
        if not joint:
            return loss + 0 * self.separator.tau2  # every weight takes part, as processes expect
        heard = self.clap.sounds(slots, self.rate_hz)
        with torch.no_grad():
            whole = self.clap.sounds(mixture, self.rate_hz)
            texts = self._texts(batch.labels)
            texts = torch.cat([texts, other(texts)], 1)
        likeness = cosine_similarity(heard, whole[:, None], dim=-1)
        told = align(heard, texts, self.separator.tau2) + rank(gather(likeness))
        return (1 - joint) * loss + joint * told

    def _texts(self, labels: Sequence[Sequence[str]]) -> Tensor:
        said: list[str] = []
        for own in labels:
            said += [f"The sound of {label}" for label in own[:TEXTS]]
            said += ["Noise"] * (TEXTS - len(own))
        return self.clap.texts(said).unflatten(0, (-1, TEXTS))

    def conditions(self, sound: Tensor) -> Conditions:
        """See `System`; a panel is painted from one slot, with nothing in the others' places."""
        heard = self.clap.sounds(self.separator(sound), self.rate_hz)
        alone = torch.eye(heard.shape[1], device=heard.device)[None, :, :, None]
        return Conditions(heard, heard[:, None] * alone)
