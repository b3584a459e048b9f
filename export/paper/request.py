"""A request for a bundle of a paper's system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MOST_STEPS = 64
PRECISIONS = ("fp32", "bf16")


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """What to build, and from what."""

    run: Path
    """Folder of training.papers.train."""
    out: Path
    steps: tuple[int, ...] = ()
    """Of the sampler, ascending; () stands for the run's own. A GAN has one."""
    ears: str = "picturebook"
    """Bundle that it hears by: its separator, its encoder and its names."""
    precision: str = "fp32"
    """fp32; bf16: weights kept in half, computed in single precision."""
    takes: int = 4
    """Sounds of each name that the system listens to."""
