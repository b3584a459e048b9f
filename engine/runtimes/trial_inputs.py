"""Inputs to try a model with: random, the same every time, and like those of a show.

Like those of a show, because a generator that is told of nothing paints nothing, and two black
pictures are the same whatever became of the weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.runtimes.model import Array


def trial_inputs(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Input name to shape gives input name to float32 array."""
    rng = np.random.default_rng(0)
    return {name: _input(name, shape, rng) for name, shape in shapes.items()}


def _input(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    normal = rng.standard_normal(shape, dtype=np.float32)
    match name:
        case "noise":
            return normal
        case "tokens":  # unit length
            return normal / np.linalg.norm(normal, axis=-1, keepdims=True)
        case "weights" | "places":  # in [0, 1], off its edges
            return rng.uniform(0.25, 0.75, shape).astype(np.float32)
        case "looks" | "atmosphere":  # shares that sum to one
            share = np.exp(normal)
            return share / share.sum(axis=-1, keepdims=True)
        case _:
            return 0.1 * normal
