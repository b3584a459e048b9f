"""All looks of all subjects, and where each subject lives."""

from __future__ import annotations

from types import MappingProxyType

from training.world.subjects.animals import ANIMALS
from training.world.subjects.birds import BIRDS
from training.world.subjects.things import THINGS
from training.world.subjects.vehicles import VEHICLES

LOOKS = MappingProxyType({**BIRDS, **ANIMALS, **VEHICLES, **THINGS})
"""Eight looks of every label that has a box."""

WATER = ("boat", "duck", "whale")
SKY = ("birds", "aircraft", "helicopter", "seagull", "bees")
TREE = ("owl", "woodpecker", "parrot", "monkey", "crow")

HABITAT = MappingProxyType(
    {
        label: "water"
        if label in WATER
        else "sky"
        if label in SKY
        else "tree"
        if label in TREE
        else "ground"
        for label in LOOKS
    }
)
"""Where a label lives: ground, water, sky or tree."""
