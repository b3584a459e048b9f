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
from torch import Tensor, nn

from training.batches import draw, open_pools
from training.compiled import compiled
from training.generator import Asked, Painter
from training.pictures import PoolPlan
from training.progress import Step, channels_last, load_checkpoint, train_for
from training.vocabulary import LABELS

PEAK_RATE = 4e-4
GUIDANCE = 1.5
GRID = (1.0, 0.5, 0.25, 0.125)
GRID_SHARES = (0.3, 0.35, 0.2, 0.15)
BOUNDARY = 0.25
"""Share of batches that hold the student to the teacher at zero length."""


def guided_velocity(teacher: nn.Module, noisy: Tensor, t: Tensor, asked: Asked) -> Tensor:
    """The teacher's velocity under classifier-free guidance; silence is painted unguided."""
    given = teacher(noisy, t, t, asked).float()
    dropped = teacher(noisy, t, t, asked.dropped()).float()
    sounding = (asked.weights.sum(1) > 0).float()[:, None, None, None]
    return given + (GUIDANCE - 1) * sounding * (given - dropped)


def pseudo_huber(error: Tensor, scale: float = 0.3) -> Tensor:
    """Squared near zero, absolute far out, so that few hard targets do not rule a batch."""
    return (torch.sqrt(error.square() + scale**2) - scale).mean() / scale


@torch.no_grad()
def split_target(
    average: nn.Module, noisy: Tensor, t: Tensor, length: float, asked: Asked
) -> Tensor:
    """Mean of the two half-interval velocities along the moving average's own path."""
    half = length / 2
    first = average(noisy, t, t - half, asked).float()
    middle = noisy - half * first
    second = average(middle, t - half, t - length, asked).float()
    return 0.5 * (first + second)


def load_painter(path: Path) -> Painter:
    """The averaged painter of a run, frozen."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"{path}: no such checkpoint; run training.train_generator first")
    weights = saved["average"]
    deep = sum(name.endswith("own_out.weight") for name in weights)
    coarse, fine = weights["generator.down.weight"].shape[:2]
    painter = channels_last(Painter(fine=fine, coarse=coarse, deep=deep))
    painter.load_state_dict(weights)
    return painter.eval().requires_grad_(False)


def train(
    runs: Path,
    minutes: float,
    batch: int = 16,
    seed: int = 1,
    pictures: tuple[PoolPlan, ...] | None = None,
    steps: int | None = None,
    pairs: Tensor | None = None,
) -> Painter:
    """Distils for some minutes into runs/student.pt; returns the averaged student."""
    pools, teacher = open_pools(runs, pictures), load_painter(runs / "teacher.pt")
    student, mean = load_painter(runs / "teacher.pt"), load_painter(runs / "teacher.pt")
    student.generator.requires_grad_(True)
    by_student, by_mean, by_teacher = (
        compiled(painter.generator, minutes, steps) for painter in (student, mean, teacher)
    )

    def loss_of(step: Step) -> Tensor:
        drawn = draw(pools, batch, len(LABELS), step, pairs)
        latents, noise = drawn.latents, torch.randn_like(drawn.latents)
        known = torch.ones(batch, device=step.device)
        with step.autocast():
            with torch.no_grad():
                asked = drawn.asked(teacher, known)
            if step.rng.uniform() < BOUNDARY:
                t = torch.sigmoid(torch.randn(batch, device=step.device))
                noisy = torch.lerp(latents, noise, t[:, None, None, None])
                with torch.no_grad():
                    target = guided_velocity(by_teacher, noisy, t, asked)
                made = by_student(noisy, t, t, asked)
            else:
                length = float(step.rng.choice(GRID, p=GRID_SHARES))
                t = length * step.rng.integers(1, round(1 / length) + 1, batch)
                t = step.put(t.astype(np.float32))
                noisy = torch.lerp(latents, noise, t[:, None, None, None])
                target = split_target(by_mean, noisy, t, length, asked)
                made = by_student(noisy, t, t - length, asked)
        return pseudo_huber(made.float() - target)

    out = runs / "student.pt"
    result = train_for(
        minutes, out, student, loss_of, PEAK_RATE, "student", seed, decay=0.995, steps=steps,
        frozen=(teacher,), averaged=mean,
    )  # fmt: skip
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
