"""Distils the teacher into a generator of one or two steps.

    python -m training.distil runs --minutes 20

The student starts from the teacher and learns the average velocity over ever longer intervals on
the grid 1/8, 1/4, 1/2, 1 (Shortcut models, Frans et al. 2024), each from two steps of its moving
average over half the interval (the interval-splitting identity, SplitMeanFlow, Guo et al. 2025):

    (t - r) u(z_t, r, t) = (t - s) u(z_t, s, t) + (s - r) u(z_s, r, s)

At zero length the target is the teacher's velocity with guidance baked in. Neither needs
Jacobian-vector products.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.latents import LatentPool
from training.painter_model import Painter, draw, tokens_of
from training.progress import MovingAverage, channels_last, load_checkpoint, train_for
from training.train_generator import SHARES, SIZES, Sizes, open_pools

PEAK_RATE = 4e-4
GUIDANCE = 2.0
GRID = (1.0, 0.5, 0.25, 0.125)
GRID_SHARES = (0.3, 0.35, 0.2, 0.15)
BOUNDARY = 0.3
"""Share of batches that hold the student to the teacher at zero length."""


def guided_velocity(
    teacher: Painter, noisy: Tensor, t: Tensor, tokens: Tensor, weights: Tensor
) -> Tensor:
    """The teacher's velocity under classifier-free guidance; silence is painted unguided."""
    both = torch.cat([noisy, noisy])
    known = torch.cat([torch.ones_like(t), torch.zeros_like(t)])
    velocity = teacher.generator(
        both,
        torch.cat([t, t]),
        torch.cat([t, t]),
        torch.cat([tokens, tokens]),
        torch.cat([weights, weights]),
        known,
    ).float()
    given, dropped = velocity.chunk(2)
    sounding = (weights.sum(1) > 0).float()[:, None, None, None]
    return given + (GUIDANCE - 1) * sounding * (given - dropped)


def pseudo_huber(error: Tensor, scale: float = 0.3) -> Tensor:
    """Squared near zero, absolute far out, so that few hard targets do not rule a batch."""
    return (torch.sqrt(error.square() + scale**2) - scale).mean() / scale


def distillation_loss(
    student: Painter,
    average: Painter,
    teacher: Painter,
    pools: tuple[LatentPool, ...],
    batch: int,
    rng: np.random.Generator,
) -> Tensor:
    """One batch of either kind: the teacher's velocity, or an interval split in two."""
    latents, labels, weights = draw(pools, SHARES, batch, rng)
    noise, one = torch.randn_like(latents), torch.ones(batch)
    tokens = tokens_of(teacher.table.detach(), labels, rng)
    with torch.autocast("cpu", torch.bfloat16):
        if rng.uniform() < BOUNDARY:
            t = torch.sigmoid(torch.randn(batch))
            noisy = torch.lerp(latents, noise, t[:, None, None, None])
            with torch.no_grad():
                target = guided_velocity(teacher, noisy, t, tokens, weights)
            made = student.generator(noisy, t, t, tokens, weights, one)
        else:
            length = float(rng.choice(GRID, p=GRID_SHARES))
            t = torch.from_numpy(
                length * rng.integers(1, round(1 / length) + 1, batch).astype(np.float32)
            )
            noisy = torch.lerp(latents, noise, t[:, None, None, None])
            target = split_target(average, noisy, t, length, tokens, weights)
            made = student.generator(noisy, t, t - length, tokens, weights, one)
    return pseudo_huber(made.float() - target)


@torch.no_grad()
def split_target(
    average: Painter, noisy: Tensor, t: Tensor, length: float, tokens: Tensor, weights: Tensor
) -> Tensor:
    """Mean of the two half-interval velocities along the moving average's own path."""
    one, half = torch.ones_like(t), length / 2
    first = average.generator(noisy, t, t - half, tokens, weights, one).float()
    middle = noisy - half * first
    second = average.generator(middle, t - half, t - length, tokens, weights, one).float()
    return 0.5 * (first + second)


def load_painter(path: Path) -> Painter:
    """The averaged painter of a run, frozen."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"{path}: no such checkpoint; run training.train_generator first")
    painter = channels_last(Painter())
    painter.load_state_dict(saved["average"])
    return painter.eval().requires_grad_(False)


def train(
    runs: Path,
    minutes: float,
    batch: int = 16,
    seed: int = 1,
    sizes: Sizes = SIZES,
    steps: int | None = None,
) -> Painter:
    """Distils for some minutes into runs/student.pt; returns the averaged student."""
    pools, teacher = open_pools(runs, sizes), load_painter(runs / "teacher.pt")
    student = channels_last(Painter())
    student.load_state_dict(teacher.state_dict())
    student.table.requires_grad_(False)
    mean = load_painter(runs / "teacher.pt")

    def loss_of(rng: np.random.Generator, average: MovingAverage) -> Tensor:
        mean.load_state_dict(average.state)
        return distillation_loss(student, mean, teacher, pools, batch, rng)

    out = runs / "student.pt"
    result = train_for(
        minutes, out, student, loss_of, PEAK_RATE, "student", seed, decay=0.995, steps=steps
    )
    student.load_state_dict(result.state)
    return student.eval()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the finished teacher")
    parser.add_argument("--minutes", type=float, default=20, help="time (default %(default)s)")
    a = parser.parse_args()
    train(a.runs, a.minutes)


if __name__ == "__main__":
    main()
