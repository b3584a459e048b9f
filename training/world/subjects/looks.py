"""All looks of all subjects."""

from __future__ import annotations

from types import MappingProxyType

from training.world.subjects.animals import ANIMALS
from training.world.subjects.birds import BIRDS
from training.world.subjects.things import THINGS
from training.world.subjects.vehicles import VEHICLES

LOOKS = MappingProxyType({**BIRDS, **ANIMALS, **VEHICLES, **THINGS})
"""Eight looks of every label that has a box."""
