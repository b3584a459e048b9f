"""What a picture shows: drawn from a seed, so that the same seed is the same picture.

A scene follows from its sounding concepts. Weather and water belong to the air and the place; the
rest are subjects that stand in it, nearer and larger the louder they are, and never on one another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES
from training.vocabulary import LABELS
from training.world.layout import AIR, WATER, aspect, columns, place_rule
from training.world.places import WATERY, place_for

__all__ = ["AIR", "Scene", "Subject", "Truth", "compose", "draw_concepts", "place_rule"]

LIGHT_SHARES = (0.14, 0.20, 0.15, 0.15, 0.12, 0.11, 0.13)
"""How often each light is drawn, in the order of `LIGHTS`."""

STYLE_SHARES = (0.6, 0.2, 0.2)
LOOKS = 8
"""Drawings of each subject."""

FLOWING = ("waves", "stream", "waterfall")
"""Waters that shape the whole place: a picture holds one of them at most."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that stands in the picture."""

    label: str
    look: int
    """Which of its drawings, 0 to 7."""
    x: float
    """Centre of its box over picture width, in [0, 1]."""
    foot: float
    """Lower edge of its box over picture height, in [0, 1]."""
    height: float
    """Height of its box over picture height."""
    facing: int
    """-1 looks left, +1 right."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What the generator and the judge are told of one sounding concept."""

    label: str
    weight: float
    """Loudness in (0, 1]."""
    place: tuple[float, float, float, float]
    """Box centre x and y, box height, facing; (0.5, 0.5, 1, 0) for a sound of the air."""
    look: int


@dataclass(frozen=True, slots=True)
class Scene:
    """Ground truth of one picture."""

    seed: int
    kind: str
    """"scene" or "panel"."""
    lights: tuple[float, ...]
    """Shares of `LIGHTS`; they sum to 1, and at most two are above 0."""
    season: str
    style: str
    place: str
    """Which landscape, as `places.place_for` draws it."""
    horizon: float
    """Where land or sea meets the sky, over picture height."""
    body_x: float
    body_y: float
    """Sun or moon over picture size."""
    air: tuple[tuple[str, float], ...]
    """Sounds of the air with their strength in (0, 1]."""
    subjects: tuple[Subject, ...]
    """Farthest first."""
    loudness: tuple[tuple[str, float], ...]
    """Every concept that sounds, with its loudness in (0, 1]."""

    @property
    def light(self) -> str:
        """The light that has the largest share."""
        return LIGHTS[int(np.argmax(self.lights))]

    @property
    def water(self) -> bool:
        """Whether the place has open water to swim or sail on."""
        return self.place in WATERY

    def atmosphere(self) -> np.ndarray:
        """f32 (14,): lights, seasons and styles, each group summing to 1."""
        season = [float(name == self.season) for name in SEASONS]
        style = [float(name == self.style) for name in STYLES]
        return np.array([*self.lights, *season, *style], np.float32)

    def truth(self) -> tuple[Truth, ...]:
        """One truth for each concept that sounds, in the order in which they were named."""
        standing = {subject.label: subject for subject in self.subjects}
        told = []
        for label, weight in self.loudness:
            if label in standing:
                s = standing[label]
                place = (s.x, s.foot - s.height / 2, s.height, float(s.facing))
                told.append(Truth(label, weight, place, s.look))
            else:
                told.append(Truth(label, weight, (0.5, 0.5, 1.0, 0.0), 0))
        return tuple(told)


def _draw_lights(rng: np.random.Generator) -> tuple[float, ...]:
    """One light, or in one picture of four a mixture of two."""
    first, second = rng.choice(len(LIGHTS), size=2, replace=False, p=LIGHT_SHARES)
    mixed, share = rng.random() < 0.25, float(rng.uniform(0.5, 0.8))
    lights = [0.0] * len(LIGHTS)
    lights[first], lights[second] = (share, 1.0 - share) if mixed else (1.0, 0.0)
    return tuple(lights)


def _one_hot(name: str) -> tuple[float, ...]:
    return tuple(float(light == name) for light in LIGHTS)


def _subjects(
    labels: list[str], weights: list[float], kind: str, rng: np.random.Generator
) -> tuple[Subject, ...]:
    looks = [int(look) for look in rng.integers(LOOKS, size=len(labels))]
    jitter = rng.uniform(-1, 1, size=(len(labels), 4))
    middles, heights, boxes = [], [], []
    shape = 9 / 16 if kind == "scene" else 1.0
    for label, look, weight, chance in zip(labels, looks, weights, jitter, strict=True):
        (y0, h0), (y1, h1) = place_rule(label, kind)
        across = aspect(label, look) * shape
        height = (h0 + (h1 - h0) * weight) * (1 + 0.06 * chance[0])
        heights.append(min(height, 0.94 / across))
        middles.append(y0 + (y1 - y0) * weight + 0.02 * chance[1])
        half = heights[-1] / 2
        boxes.append((heights[-1] * across, middles[-1] - half, middles[-1] + half))
    xs, shrink = columns(labels, np.array(boxes).reshape(-1, 3), kind, rng)
    subjects = []
    for index, label in enumerate(labels):
        x, chance = xs[index], jitter[index]
        height = heights[index] * shrink
        foot = middles[index] + height / 2
        if label in WATER:
            foot = min(foot, 0.95)
        towards = 1 if x < 0.5 else -1
        plain = kind == "panel" or chance[2] > 0.5
        facing = int(np.sign(chance[3])) or 1 if plain else towards
        foot = float(np.clip(foot, height + 0.01, 0.985))
        subjects.append(Subject(label, looks[index], float(x), foot, float(height), facing))
    return tuple(sorted(subjects, key=lambda subject: subject.foot))


def compose(
    labels: tuple[str, ...],
    weights: tuple[float, ...],
    seed: int,
    kind: str = "scene",
    *,
    light: str | None = None,
    season: str | None = None,
    style: str | None = None,
) -> Scene:
    """Composes the scene of some sounding concepts.

    Args:
        labels: distinct names out of `LABELS`; none gives a quiet empty landscape.
        weights: loudness of each in (0, 1].
        seed: everything that is left to chance.
        kind: "scene", or "panel": one sound alone, seen from closer by.
        light: takes the place of the drawn light; so do `season` and `style`. All else stays.
    """
    if kind not in ("scene", "panel"):
        raise ValueError(f"a picture is a scene or a panel, not {kind!r}")
    rng = np.random.default_rng([seed, 7])
    lights = _one_hot(light) if light else _draw_lights(rng)
    drawn_season = str(rng.choice(SEASONS))
    drawn_style = str(rng.choice(STYLES, p=STYLE_SHARES))
    rng = np.random.default_rng([seed, 8])  # a chosen light leaves the composition as it is
    place = place_for(labels, rng)
    horizon = float(rng.uniform(0.53, 0.60) if kind == "scene" else rng.uniform(0.54, 0.64))
    horizon -= 0.12 * (kind == "panel" and place == "river")  # a brook needs land to wind in
    body = (float(rng.uniform(0.12, 0.88)), float(rng.uniform(0.0, 1.0)))
    by_label = dict(zip(labels, weights, strict=True))
    air = tuple((name, by_label[name]) for name in labels if name in AIR)
    standing = [name for name in labels if name not in AIR]
    subjects = _subjects(standing, [by_label[name] for name in standing], kind, rng)
    return Scene(
        seed, kind, lights, season or drawn_season, style or drawn_style, place, horizon, *body,
        air, subjects, tuple(by_label.items()),
    )  # fmt: skip


def draw_concepts(
    rng: np.random.Generator, kind: str = "scene"
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Draws what sounds in a picture: in a scene mostly one or two concepts, in a panel one."""
    if kind == "panel":
        count = int(rng.random() >= 0.03)
    else:
        count = int(rng.choice(5, p=[0.05, 0.35, 0.35, 0.17, 0.08]))
    labels: list[str] = []
    for name in rng.permutation(LABELS):
        flows = name in FLOWING and any(other in FLOWING for other in labels)
        if len(labels) < count and not flows:
            labels.append(str(name))
    weights = rng.uniform(0.5 if kind == "panel" else 0.15, 1.0, size=len(labels))
    return tuple(labels), tuple(float(weight) for weight in weights)
