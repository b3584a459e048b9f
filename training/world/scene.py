"""What a picture shows: drawn from a seed, so that the same seed is the same picture.

A scene follows from its sounding concepts. Weather and water belong to the air and the place; the
rest are subjects that stand in it, nearer and larger the louder they are, and never on one another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.vocabulary import LABELS

AIR = ("rain", "thunder", "wind", "waves", "stream", "fireworks")
"""Concepts that are painted as air, sky or water rather than as a subject in a spot."""

FLYING = ("aircraft", "birds")
NOCTURNAL = ("owl", "wolf", "insects", "frog", "fireworks", "fire")


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that stands in the picture."""

    label: str
    variant: int
    x: float
    """Centre over picture width, in [0, 1]."""
    foot: float
    """Ground line (or centre, in the sky) over picture height, in [0, 1]."""
    size: float
    """Height over picture height."""
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Ground truth of one picture."""

    seed: int
    light: str
    water: bool
    """Sea instead of meadow."""
    horizon: float
    body_x: float
    body_y: float
    """Sun or moon over picture size."""
    air: tuple[tuple[str, float], ...]
    """Concepts of the air with their strength in (0, 1]."""
    subjects: tuple[Subject, ...]

    loudness: tuple[tuple[str, float], ...]
    """Every concept that sounds, with its loudness in (0, 1]."""


def _light_for(labels: tuple[str, ...], rng: np.random.Generator) -> str:
    if "fireworks" in labels:
        return "night"
    if "thunder" in labels or ("rain" in labels and rng.random() < 0.9):
        return "storm"
    if any(label in NOCTURNAL for label in labels) and rng.random() < 0.6:
        return "night"
    if "birds" in labels or "rooster" in labels:
        return str(rng.choice(["dawn", "day"], p=[0.35, 0.65]))
    return str(rng.choice(["day", "dusk", "dawn", "night", "fog"], p=[0.36, 0.2, 0.16, 0.16, 0.12]))


def _place(
    label: str, weight: float, x: float, horizon: float, room: float, rng: np.random.Generator
) -> Subject:
    mirrored = bool(rng.random() < 0.5)
    variant = int(rng.integers(0, 8))
    size = (0.24 + 0.30 * weight) * rng.uniform(0.92, 1.08)
    size = min(size, 1.25 * room)
    if label in FLYING:
        return Subject(label, variant, x, rng.uniform(0.16, 0.38), 0.85 * size, mirrored)
    if label == "church bells":
        size *= 1.15
    nearness = np.clip((size - 0.2) / 0.4, 0.0, 1.0)
    foot = horizon + (0.97 - horizon) * (0.35 + 0.6 * nearness)
    return Subject(label, variant, x, float(foot), float(size), mirrored)


def compose(labels: tuple[str, ...], weights: tuple[float, ...], seed: int) -> Scene:
    """Composes the scene of some sounding concepts.

    Args:
        labels: distinct names out of `LABELS`; none gives a quiet empty landscape.
        weights: loudness of each in (0, 1].
        seed: everything that is left to chance.
    """
    rng = np.random.default_rng(seed)
    light = _light_for(labels, rng)
    horizon = float(rng.uniform(0.52, 0.60))
    body = (float(rng.uniform(0.12, 0.88)), float(rng.uniform(0.14, 0.34)))
    by_label = dict(zip(labels, weights, strict=True))
    air = tuple((name, by_label[name]) for name in labels if name in AIR)
    standing = [name for name in labels if name not in AIR]
    order = rng.permutation(len(standing))
    room = 0.88 / max(1, len(standing))
    subjects = []
    for place, index in enumerate(order):
        label = standing[index]
        slack = 0.12 if len(standing) == 1 else 0.04
        middle = 0.5 if len(standing) == 1 else 0.06 + room * (place + 0.5)
        x = float(middle + rng.uniform(-slack, slack))
        subjects.append(_place(label, by_label[label], x, horizon, room, rng))
    subjects.sort(key=lambda subject: subject.foot)
    loudness = tuple(by_label.items())
    return Scene(seed, light, "waves" in labels, horizon, *body, air, tuple(subjects), loudness)


def draw_concepts(rng: np.random.Generator) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Draws what sounds in a picture: mostly one or two concepts, at times none, three or four."""
    count = int(rng.choice(5, p=[0.04, 0.44, 0.32, 0.14, 0.06]))
    labels = tuple(str(name) for name in rng.choice(LABELS, size=count, replace=False))
    if "waves" in labels:
        labels = tuple(name for name in labels if name != "stream")
    weights = tuple(float(w) for w in rng.uniform(0.15, 1.0, size=len(labels)))
    return labels, weights
