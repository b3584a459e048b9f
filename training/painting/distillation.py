"""Distils the teacher into a painter of few steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.loop.compiled import compile_if_worthwhile
from training.loop.muon import muon_for
from training.loop.trainer import Step, channels_last, load_checkpoint, train_for
from training.painting.batches import draw, open_pools
from training.painting.generator import Conditions, Painter
from training.painting.pictures import PoolPlan
from training.vocabulary import LABELS

PEAK_RATE = 8e-4
GUIDANCE = 1.7
HALVES = 0.65
"""Share of batches that learn half the way from the teacher; the rest learns all of it."""
TEACHER_STEPS = 3
"""The teacher goes half the way in so many."""

Velocity = Callable[[Tensor, Tensor, Tensor], Tensor]


def guided_velocity(teacher: nn.Module, noisy: Tensor, t: Tensor, asked: Conditions) -> Tensor:
    """The teacher's velocity under classifier-free guidance; silence is painted unguided."""
    given = teacher(noisy, t, t, asked).float()
    dropped = teacher(noisy, t, t, asked.drop_sources()).float()
    sounding = (asked.weights.sum(1) > 0).float()[:, None, None, None]
    return given + (GUIDANCE - 1) * sounding * (given - dropped)


def pseudo_huber(error: Tensor, scale: float = 0.3) -> Tensor:
    """Squared near zero, absolute far out, so that few hard targets do not rule a batch."""
    return (torch.sqrt(error.square() + scale**2) - scale).mean() / scale


@torch.no_grad()
def mean_velocity(
    velocity: Velocity, noisy: Tensor, t: Tensor, length: float, steps: int
) -> Tensor:
    """Mean over [t - length, t] of a velocity field, along its own path in so many steps.

    velocity: from latents, t and r to u(z_t, r, t).
    """
    stride, total, at = length / steps, torch.zeros_like(noisy), noisy
    for step in range(steps):
        here = t - step * stride
        u = velocity(at, here, here - stride)
        at, total = at - stride * u, total + u
    return total / steps


def sample(velocity: Velocity, noise: Tensor, steps: int) -> Tensor:
    """Latents in so many equal steps from noise (b, c, h, w), from t = 1 to t = 0.

    velocity: as of `mean_velocity`.
    """
    z, one = noise, torch.ones_like(noise[:, 0, 0, 0])
    for step in range(steps):
        t, r = 1 - step / steps, 1 - (step + 1) / steps
        z = z - (t - r) * velocity(z, t * one, r * one)
    return z


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
    batch: int = 24,
    seed: int = 1,
    pictures: tuple[PoolPlan, ...] | None = None,
    steps: int | None = None,
    pairs: Tensor | None = None,
) -> Painter:
    """Distils for some minutes into runs/student.pt; returns the averaged student."""
    teacher, pools = load_painter(runs / "teacher.pt"), open_pools(runs, pictures)
    student, mean = load_painter(runs / "teacher.pt"), load_painter(runs / "teacher.pt")
    student.generator.requires_grad_(True)
    by_student, by_mean, by_teacher = (
        compile_if_worthwhile(painter.generator, minutes, steps)
        for painter in (student, mean, teacher)
    )

    def loss_of(step: Step) -> Tensor:
        drawn = draw(pools, batch, len(LABELS), step, pairs)
        latents, noise = drawn.latents, torch.randn_like(drawn.latents)
        known = torch.ones(batch, device=step.device)
        half = step.rng.uniform() < HALVES
        length = 0.5 if half else 1.0
        t = step.put(step.rng.choice((0.5, 1.0) if half else (1.0,), batch).astype(np.float32))
        noisy = torch.lerp(latents, noise, t[:, None, None, None])
        with step.autocast():
            with torch.no_grad():
                asked = drawn.conditions(teacher, known)
            if half:
                target = mean_velocity(
                    lambda z, t, _: guided_velocity(by_teacher, z, t, asked),
                    noisy, t, length, TEACHER_STEPS,
                )  # fmt: skip
            else:
                target = mean_velocity(
                    lambda z, t, r: by_mean(z, t, r, asked).float(), noisy, t, length, 2
                )
            made = by_student(noisy, t, t - length, asked)
        return pseudo_huber(made.float() - target)

    out = runs / "student.pt"
    ends = [student.generator.enter, student.generator.leave]
    result = train_for(
        minutes, out, student, loss_of, PEAK_RATE, "student", seed, decay=0.99, steps=steps,
        frozen=(teacher,), averaged=mean, make_optimiser=partial(muon_for, apart=ends),
    )  # fmt: skip
    student.load_state_dict(result.state)
    return student.eval()
