"""Which label moves how: the tables of the choreography."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PERCHED = 0.03
"""How high at most what sits on a branch or a post hops, in heights of its box: it comes along."""
_HEIGHTS = (
    (0.14, ("birds", "seagull", "bees")),
    (0.12, ("cat", "dog", "chicken", "rooster", "duck", "frog", "insects")),
    (0.08, ("sheep", "pig", "wolf", "whale")),
    (0.05, ("cow", "horse", "big cat", "bear", "elephant")),
    (PERCHED, ("crow", "owl", "parrot", "woodpecker", "monkey")),
)
HOPS: Mapping[str, float] = MappingProxyType(
    {label: height for height, labels in _HEIGHTS for label in labels}
)
"""How high an animal hops at most, in heights of its box."""
PERCHES: Mapping[str, frozenset[int]] = MappingProxyType(
    {"birds": frozenset((4, 5, 6, 7)), "seagull": frozenset((2, 7))}
)
"""Looks that sit while others of the same label fly."""
TURNS = frozenset(HOPS) - {"crow", "owl", "parrot", "woodpecker", "monkey"}
"""Animals that may look the other way after a hop: their trees cannot."""
SWINGS: Mapping[str, float] = MappingProxyType({"church bells": 0.03, "clock": 0.02})
"""How far something swings to either side, in heights of its box."""
CROSSES = frozenset(("train", "aircraft", "helicopter", "car engine", "traffic", "boat"))
"""What goes on its way through the scene as long as it sounds."""
WAITS: Mapping[str, frozenset[int]] = MappingProxyType({"traffic": frozenset((1, 4, 6))})
"""Looks of those that stay where they are: cars at a traffic light, or coming towards the eye."""
POSES: Mapping[str, Mapping[int, int]] = MappingProxyType(
    {
        "frog": MappingProxyType({0: 1, 1: 0}),
        "wolf": MappingProxyType({0: 1, 1: 0}),
        "bear": MappingProxyType({0: 1, 1: 0, 2: 7, 7: 2}),
        "seagull": MappingProxyType({0: 5, 5: 0}),
        "crow": MappingProxyType({0: 1}),
        "woodpecker": MappingProxyType({0: 1, 1: 0, 2: 3, 3: 2, 5: 6, 6: 5}),
    }
)
"""Of the looks that show one animal in two poses, which is the other: to howl, to leap, to beat the
wings. Looks are counted as the image world draws them (`training/world/subjects`)."""
