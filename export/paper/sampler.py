"""A scheduler of any number of steps as plain numbers, so that it can be unrolled inside a graph.

What a solver hands on is linear in the noise that it began with and in everything that the network
has answered so far. The numbers are read off diffusers' own scheduler: it is run on unit vectors,
one for the noise and one for each answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler


@dataclass(frozen=True, slots=True)
class Unrolled:
    """latents before step i = mix[i][0] * noise + the sum over k < i of mix[i][k + 1] * answer k;
    the last row are the finished latents."""

    times: tuple[float, ...]
    mix: tuple[tuple[float, ...], ...]


def unroll(solver: Mapping[str, Any], steps: int) -> Unrolled:
    """DPM-Solver++ of a config in a number of steps."""
    scheduler: Any = DPMSolverMultistepScheduler.from_config(dict(solver))
    scheduler.set_timesteps(steps)
    units = torch.eye(steps + 1, dtype=torch.float64)
    latents = units[0] * float(scheduler.init_noise_sigma)
    rows = [latents]
    for i, time in enumerate(scheduler.timesteps):
        latents = scheduler.step(units[i + 1], time, latents, return_dict=False)[0].double()
        rows.append(latents)
    return Unrolled(
        tuple(float(t) for t in scheduler.timesteps),
        tuple(tuple(row.tolist()) for row in rows),
    )


def mixed(row: tuple[float, ...], parts: list[torch.Tensor]) -> torch.Tensor:
    """The sum of noise and answers with a row's numbers; parts that count nothing are left out."""
    found = row[0] * parts[0]
    for number, part in zip(row[1:], parts[1:], strict=False):
        if number:
            found = found + number * part
    return found
