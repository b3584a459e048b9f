"""Few-step samplers as plain numbers, so that they can be unrolled inside a graph.

Every step of Euler's and of the consistency sampler is linear in what it starts from, what the
network answers and fresh noise. The coefficients are taken from diffusers' own schedulers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.schedulers.scheduling_euler_discrete import EulerDiscreteScheduler
from diffusers.schedulers.scheduling_lcm import LCMScheduler

from export.turbo.request import MOST_STEPS
from training.papers.checkpoints.error import CheckpointError

ONE_STEP_ONLY = (
    "DDIMScheduler", "DDPMScheduler", "DEISMultistepScheduler", "DPMSolverMultistepScheduler",
    "EulerAncestralDiscreteScheduler", "PNDMScheduler", "UniPCMultistepScheduler",
)  # fmt: skip
"""Their first step from pure noise to a picture is Euler's; their later ones are not."""


@dataclass(frozen=True, slots=True)
class Step:
    """next = keep * latents + take * network(enter * latents, time) + stir * noise."""

    time: float
    enter: float
    keep: float
    take: float
    stir: float


@dataclass(frozen=True, slots=True)
class Sampler:
    """A few-step sampler: latents begin as `begin` times white noise."""

    begin: float
    steps: tuple[Step, ...]


def sampler(config: Mapping[str, Any], steps: int) -> Sampler:
    """The sampler of a scheduler's config in a number of steps. Raises CheckpointError."""
    name = str(config.get("_class_name"))
    if not 1 <= steps <= MOST_STEPS:
        raise CheckpointError(f"{steps} steps are asked for; give 1 to {MOST_STEPS}")
    if name == "LCMScheduler":
        return _consistency(LCMScheduler.from_config(dict(config)), steps)
    if name == "EulerDiscreteScheduler" or (name in ONE_STEP_ONLY and steps == 1):
        return _euler(config, steps)
    if name in ONE_STEP_ONLY:
        raise CheckpointError(f"the checkpoint's {name} is known in one step only; give --steps 1")
    raise CheckpointError(
        f"the checkpoint's scheduler is {name}; EulerDiscreteScheduler and LCMScheduler are known"
    )


def _euler(config: Mapping[str, Any], steps: int) -> Sampler:
    # Few-step models are made for trailing times: the first step begins at pure noise.
    scheduler: Any = EulerDiscreteScheduler.from_config(
        {k: v for k, v in config.items() if not k.startswith("_")}, timestep_spacing="trailing"
    )
    scheduler.set_timesteps(steps)
    kind, found = scheduler.config.prediction_type, []
    for i, time in enumerate(scheduler.timesteps.tolist()):
        sigma, after = float(scheduler.sigmas[i]), float(scheduler.sigmas[i + 1])
        whole = sigma**2 + 1
        # the clean picture that the network means is clean * latents + told * answer
        clean, told = {
            "epsilon": (1.0, -sigma),
            "v_prediction": (1 / whole, -sigma / whole**0.5),
            "sample": (0.0, 1.0),
        }[kind]
        rest = after / sigma
        found.append(Step(time, whole**-0.5, rest + (1 - rest) * clean, (1 - rest) * told, 0.0))
    return Sampler(float(scheduler.init_noise_sigma), tuple(found))


def _consistency(scheduler: Any, steps: int) -> Sampler:
    scheduler.set_timesteps(steps)
    times = [int(t) for t in scheduler.timesteps]
    kind, found = scheduler.config.prediction_type, []
    for i, time in enumerate(times):
        signal = float(scheduler.alphas_cumprod[time]) ** 0.5
        noise = float(1 - scheduler.alphas_cumprod[time]) ** 0.5
        clean, told = {
            "epsilon": (1 / signal, -noise / signal),
            "v_prediction": (signal, -noise),
            "sample": (0.0, 1.0),
        }[kind]
        skip, out = scheduler.get_scalings_for_boundary_condition_discrete(time)
        keep, take, stir = float(out * clean + skip), float(out * told), 0.0
        if i + 1 < len(times):
            left = float(scheduler.alphas_cumprod[times[i + 1]])
            keep, take, stir = left**0.5 * keep, left**0.5 * take, (1 - left) ** 0.5
        found.append(Step(float(time), 1.0, keep, take, stir))
    return Sampler(1.0, tuple(found))


def fresh_noise(noise: torch.Tensor, step: int) -> torch.Tensor:
    """Noise for the end of a step (0 is the first), from the picture's own by a fixed rule.

    (b, c, h, w), turned round in space and by `step + 1` channels: white again, unlike what the
    step began with, and walking as smoothly as the noise it is made of.
    """
    return torch.roll(noise, step + 1, 1).flip((2, 3) if step % 2 == 0 else (3,))
