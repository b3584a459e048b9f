"""All that a system and a generator are made of, tiny, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import torch

from training.papers.systems.build import Request
from training.papers.tiny.ears import FEATURE, WIDTH, write_ast, write_clap, write_resnet
from training.papers.tiny.painters import write_gan, write_pixart, write_stable_diffusion

SECONDS = 1.0
NEEDS = {
    "macs": ("clap",), "av_gas": ("seen", "heard"), "seeing_sound": ("ast",),
    "sound2vision": ("seen",),
}  # fmt: skip


def tiny_request(system: str, generator: str, folder: Path, targets: str = "a2a") -> Request:
    """Write what is missing in a folder, always the same, and return what to build of it."""
    makers = {
        "clap": write_clap,
        "ast": write_ast,
        "seen": lambda place: write_resnet(place, 50),
        "heard": lambda place: write_resnet(place, 18, 1, FEATURE),
        "sd": write_stable_diffusion,
        "pixart": write_pixart,
        "gan": lambda place: write_gan(place, FEATURE),
    }
    files = {"seen": "seen.pth", "heard": "heard.pt", "gan": "gan.pth"}
    places = {}
    for role in (*NEEDS[system], generator):
        place = folder / files.get(role, role)
        if not place.exists():
            torch.manual_seed(5)
            part = place.with_name(f"part-{place.name}")
            makers[role](part)
            part.rename(place)  # whole or not at all: several processes look here
        places[role] = str(place)
    width = 16 if system == "macs" else WIDTH
    return Request(
        system, generator, places, targets=targets, seconds=SECONDS, width=width, steps=2
    )
