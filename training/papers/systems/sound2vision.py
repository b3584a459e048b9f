"""Sound2Vision: a sound learns the feature of the picture that was taken with it.

Whatever paints from features of pictures then paints from sounds: a GAN that comes trained on
them, or a diffusion model that is taught to in a second stage, by pictures alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.functional import normalize

from training.papers.harness.across import gather
from training.papers.harness.draws import Draws
from training.papers.harness.system import Batch, Conditions, Progress, Stage, System
from training.papers.losses.infonce_l2 import infonce_l2
from training.papers.models.av_separator import SEEN, PictureFeatures, SoundFeatures
from training.papers.models.generators.protocol import Generator, Shape, fit

SECONDS = 10.0
HEARING = Stage("hearing", 100, 64, 1e-3, "Adam", weight_decay=1e-5, pixels=SEEN)


def pictures_stages(generator: Generator) -> tuple[Stage, ...]:
    """Teach a generator that is not trained on features of pictures; none for one that is.

    The papers do not say how: these are MACS's settings.
    """
    taught = Stage(
        "pictures", 15, 16, 1e-4, warm_up=0.1, cosine=True, clip=1.0, pixels=generator.pixels,
    )  # fmt: skip
    return (taught,) if generator.learns() else ()


class Sound2Vision(System):
    """See the module."""

    rate_hz = 16_000

    def __init__(
        self, ear: SoundFeatures, eye: PictureFeatures, generator: Generator, name: str,
        seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        """name: of the generator, for complaints."""
        super().__init__()
        self.ear, self.eye, self.generator, self.seconds = ear, eye, generator, seconds
        fit(generator, Shape(1, eye.network.features), "sound2vision", name)
        self.stages = (HEARING, *pictures_stages(generator))

    def learns(self, stage: str) -> Sequence[nn.Module]:
        """See `System`."""
        return (self.ear,) if stage == "hearing" else self.generator.learns()

    def forward(self, stage: str, batch: Batch, draws: Draws, progress: Progress) -> Tensor:
        """See `System`."""
        assert batch.pictures is not None
        seen = self.eye(batch.pictures)
        if stage == "pictures":
            return self.generator.loss(batch.pictures, seen[:, None], draws)
        return infonce_l2(gather(self.ear(batch.sound)[:, 0]), gather(seen))

    def conditions(self, sound: Tensor) -> Conditions:
        """See `System`; there are no panels."""
        heard = normalize(self.ear(sound), dim=2)
        return Conditions(heard, heard[:, None][:, :0])
