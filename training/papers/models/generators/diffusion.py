"""A public diffusion model that learns to paint what is heard: beside its text, or instead of it.

Beside (MACS): the model stands still; decoupled attention and the bridge learn, and the text is
empty. Instead (Seeing Sound): the bridge's tokens take the text's place, and the model learns.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from diffusers.schedulers.scheduling_ddpm import DDPMScheduler
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from training.papers.checkpoints.strict import load_strictly, read_tensors
from training.papers.harness.draws import Draws
from training.papers.models.decoupled_attention import behind_text, decouple
from training.papers.models.generators.backbones import Backbone
from training.papers.models.generators.bridges import FeatureBridge, SlotBridge, TokenBridge
from training.papers.models.generators.gan import to_levels

DROPPED = 0.1
"""Share of the conditions that are nothing in training, so that sampling can be guided."""


class Diffusion(nn.Module):
    """See `Generator`."""

    def __init__(
        self,
        backbone: Backbone,
        bridge: SlotBridge | FeatureBridge | TokenBridge,
        beside: bool,
        guidance: float = 7.5,
        steps: int = 20,
    ) -> None:
        """beside: whether the sound stands beside the empty text, or instead of any."""
        super().__init__()
        self.backbone, self.bridge, self.beside = backbone, bridge, beside
        self.guidance, self.steps = guidance, steps
        self.takes, self.pixels = bridge.takes, backbone.pixels
        self._adapters = decouple(backbone.network, backbone.empty.shape[1]) if beside else []
        known = {k: v for k, v in backbone.scheduler.items() if not k.startswith("_")}
        self._noising: Any = DDPMScheduler.from_config(known)
        self._solver = known | {"algorithm_type": "dpmsolver++", "solver_order": 2}

    def learns(self) -> Sequence[nn.Module]:
        """See `Generator`."""
        return (self.bridge, *(self._adapters if self.beside else [self.backbone.network]))

    def loss(self, pictures: Tensor, condition: Tensor, draws: Draws) -> Tensor:
        """The mean squared error of the noise (or of what the model was made to tell)."""
        count = len(pictures)
        shape = (self.backbone.channels, self.backbone.size, self.backbone.size)
        latents = self.backbone.encode(pictures, draws.normal(count, *shape))
        noise = draws.normal(count, *shape)
        times = draws.whole(count, int(self._noising.config["num_train_timesteps"]))
        kept = draws.uniform(count) >= DROPPED
        context = self._context(condition * kept[:, None, None])
        noisy = self._noising.add_noise(latents, noise, times)
        answer = self.backbone.denoise(noisy, times, context).float()
        if self._noising.config["prediction_type"] == "v_prediction":
            return mse_loss(answer, self._noising.get_velocity(latents, noise, times))
        return mse_loss(answer, noise)

    @torch.no_grad()
    def paint(self, condition: Tensor, seeds: Sequence[int]) -> Tensor:
        """(b, n, d) -> u8 (b, p, p, 3) by DPM-Solver++, guided away from the nothing."""
        solver: Any = DPMSolverMultistepScheduler.from_config(self._solver)
        solver.set_timesteps(self.steps)
        shape = (self.backbone.channels, self.backbone.size, self.backbone.size)
        drawn = [torch.randn(shape, generator=torch.Generator().manual_seed(s)) for s in seeds]
        latents = torch.stack(drawn).to(condition.device) * solver.init_noise_sigma
        context = self._context(torch.cat([torch.zeros_like(condition), condition]))
        for time in solver.timesteps:
            times = time.to(condition.device).expand(len(context))
            answer = self.backbone.denoise(torch.cat([latents, latents]), times, context)
            nothing, heard = answer.float().chunk(2)
            guided = nothing + self.guidance * (heard - nothing)
            latents = solver.step(guided, time, latents, return_dict=False)[0]
        return to_levels(self.backbone.decode(latents))

    def _context(self, condition: Tensor) -> Tensor:
        tokens = self.bridge(condition)
        return behind_text(tokens, self.backbone.empty) if self.beside else tokens


def read_decoupled_unet(path: Path, generator: Diffusion) -> None:
    """Give it a public `<DATASET>_unet.pt`: the whole UNet with its decoupled layers.

    Raises CheckpointError.
    """
    load_strictly(generator.backbone.network, read_tensors(path), path)
