"""What a paper's system hears in the sounds of each name: that is what its painter is asked by.

The show hears by names, so a table from name to condition stands between it and the painter, as
the table of prompts does in `export.turbo`. The sounds are the program's own synthesised ones: a
table of the same system is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from engine.synthesis.catalogue import SYNTHESISED, synthesise
from training.papers.checkpoints.error import CheckpointError
from training.papers.harness.system import System
from training.papers.systems.av_gas import AvGas
from training.papers.systems.macs import Macs

FIRST_TAKE = 77_000
"""Seeds of their own: nobody trains on these."""


@torch.inference_mode()
def condition_table(system: System, labels: Sequence[str], takes: int) -> Tensor:
    """(labels, n, d) f32, the mean over so many sounds of each name. Raises CheckpointError."""
    unknown = [label for label in labels if label not in SYNTHESISED]
    if unknown:
        raise CheckpointError(
            f"the program can make no sound of {unknown[0]}, which the ears know; choose --ears "
            "whose names it can, such as picturebook"
        )
    rows = []
    for label in tqdm(labels, "listening", unit="name", disable=None, leave=False):
        sounds = [
            synthesise(label, system.seconds, system.rate_hz, FIRST_TAKE + take)
            for take in range(takes)
        ]
        whole = torch.from_numpy(np.stack([s[: system.samples] for s in sounds])).float()
        rows.append(alone(system, whole).float().mean(0))
    return torch.stack(rows)


def alone(system: System, sound: Tensor) -> Tensor:
    """(b, samples) of one source each, to (b, n, d): what asks for that source.

    MACS: CLAP of the sound, which is what a slot would hold. AV-GAS: the foreground. The others:
    what they make of any sound.
    """
    if isinstance(system, Macs):
        return system.clap.sounds(sound, system.rate_hz)[:, None]
    asked = system.conditions(sound)
    return asked.panels[:, 0] if isinstance(system, AvGas) else asked.scene
