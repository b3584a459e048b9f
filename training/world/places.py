"""Which landscape a sound belongs to."""

from __future__ import annotations

import numpy as np

WATERY = ("sea", "lake", "river", "falls", "harbour")
"""Places with open water."""

_HOMES: tuple[tuple[tuple[str, ...], dict[str, float]], ...] = (
    (("waves",), {"sea": 0.85, "harbour": 0.15}),
    (("waterfall",), {"falls": 1.0}),
    (("stream",), {"river": 1.0}),
    (("whale",), {"sea": 1.0}),
    (("boat",), {"sea": 0.4, "lake": 0.3, "harbour": 0.3}),
    (("duck", "frog"), {"lake": 1.0}),
    (("seagull",), {"sea": 0.6, "harbour": 0.3, "village": 0.1}),
    (("traffic", "car horn", "crowd"), {"town": 0.7, "village": 0.2, "harbour": 0.1}),
    (
        ("church bells", "clock", "door", "speech", "footsteps", "car engine", "music"),
        {"village": 0.45, "town": 0.2, "farm": 0.1, "meadow": 0.15, "lake": 0.1},
    ),
    (
        ("chicken", "rooster", "cow", "sheep", "horse", "pig"),
        {"farm": 0.6, "meadow": 0.25, "mountains": 0.15},
    ),
    (
        ("owl", "woodpecker", "parrot", "monkey", "wolf", "bear", "crow"),
        {"forest": 0.65, "mountains": 0.2, "meadow": 0.15},
    ),
)
"""First match wins: what needs water comes before what merely likes a place."""

_ANYWHERE = {
    "meadow": 0.22, "mountains": 0.18, "lake": 0.15, "forest": 0.15, "farm": 0.1, "village": 0.1,
    "sea": 0.1,
}  # fmt: skip


def place_for(labels: tuple[str, ...], rng: np.random.Generator) -> str:
    """Draws the landscape in which these sounds could be heard together."""
    shares = next((homes for names, homes in _HOMES if set(names) & set(labels)), _ANYWHERE)
    return str(rng.choice(list(shares), p=list(shares.values())))
