"""Trains the teacher by flow matching on latents."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from training.loop.compiled import compile_if_worthwhile
from training.loop.muon import muon_for
from training.loop.trainer import Step, channels_last, train_for
from training.painting.batches import draw, open_pools
from training.painting.generator import Painter
from training.painting.latents import LatentPool
from training.painting.pictures import PoolPlan
from training.vocabulary import LABELS

PEAK_RATE = 1.5e-3
DROP = 0.1
PURE_NOISE = 0.2


def flow_loss(
    painter: Painter,
    velocity_of: torch.nn.Module,
    pools: tuple[LatentPool, ...],
    batch: int,
    step: Step,
    pairs: Tensor | None = None,
) -> Tensor:
    """Squared error of the velocity noise - x."""
    drawn = draw(pools, batch, len(LABELS), step, pairs)
    latents, noise = drawn.latents, torch.randn_like(drawn.latents)
    t = torch.sigmoid(0.5 + torch.randn(batch, device=step.device))
    t = torch.where(torch.rand_like(t) < PURE_NOISE, torch.ones_like(t), t)
    known = (torch.rand(batch, device=step.device) >= DROP).float()
    noisy = torch.lerp(latents, noise, t[:, None, None, None])
    with step.autocast():
        velocity = velocity_of(noisy, t, t, drawn.conditions(painter, known))
    return F.mse_loss(velocity.float(), noise - latents)


def train(
    runs: Path,
    minutes: float,
    batch: int = 24,
    seed: int = 0,
    pictures: tuple[PoolPlan, ...] | None = None,
    steps: int | None = None,
    pairs: Tensor | None = None,
    **sizes: int,
) -> Painter:
    """Trains for some minutes into runs/teacher.pt; returns the averaged teacher.

    pictures: other pools than the whole ones; pairs: see `batches.draw`; sizes: of the generator.
    """
    pools = open_pools(runs, pictures)
    torch.manual_seed(seed)
    painter = channels_last(Painter(**sizes))
    velocity_of = compile_if_worthwhile(painter.generator, minutes, steps)

    def loss_of(step: Step) -> Tensor:
        return flow_loss(painter, velocity_of, pools, batch, step, pairs)

    out = runs / "teacher.pt"
    ends = [painter.generator.enter, painter.generator.leave]
    average = train_for(
        minutes, out, painter, loss_of, PEAK_RATE, "teacher", seed, steps=steps,
        make_optimiser=partial(muon_for, apart=ends),
    )  # fmt: skip
    painter.load_state_dict(average.state)
    return painter.eval()
