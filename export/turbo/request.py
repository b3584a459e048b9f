"""A request for a bundle made from public checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from export.turbo.labels import AUDIOSET

WINDOW_S, HOP_S = 5.0, 0.25
"""CLAP hears ten seconds: a window of five is repeated once, with no silence left over."""
MOST_STEPS = 4
"""Of a sampler."""
PRECISIONS = ("fp32", "fp16", "bf16", "int8")


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build, and from what."""

    diffusion: str
    """Folder, or name on the hub; so are the next two."""
    clap: str
    out: Path
    vae: str | None = None
    labels: Path = AUDIOSET
    steps: tuple[int, ...] = (1, 2)
    size: tuple[int, int] = (288, 512)
    """(height, width) of a scene in pixels."""
    panel: tuple[int, int] = (256, 256)
    precision: str = "fp32"
    """fp32; fp16: kept and computed in half; bf16: kept so, and computed in single precision or as
    the chip prefers; int8: as bf16, with the matrices of the UNet in eight bits."""
    separator: str = "picturebook"
    """Bundle whose separator it is."""
    look: str = "photograph"
    """The bundle's first style, one of `looks.LOOKS`."""
