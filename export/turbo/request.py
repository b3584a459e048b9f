"""A request for a bundle made from public checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MOST_STEPS = 4
"""Of a sampler."""
PRECISIONS = ("fp32", "fp16", "bf16", "int8")


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build, and from what."""

    diffusion: str
    """Folder, or name on the hub; so is the VAE."""
    out: Path
    vae: str | None = None
    steps: tuple[int, ...] = (1, 2)
    size: tuple[int, int] = (288, 512)
    """(height, width) of a scene in pixels."""
    panel: tuple[int, int] = (256, 256)
    precision: str = "fp32"
    """fp32; fp16: kept and computed in half; bf16: kept so, and computed in single precision or as
    the chip prefers; int8: as bf16, with the matrices of the UNet in eight bits."""
    ears: str = "picturebook"
    """Bundle that it hears by: its separator, its encoder and its names."""
    look: str = "photograph"
    """The bundle's first style, one of `looks.LOOKS`."""
