"""Where a source stands in the pictures, which way it faces and which drawing of it is used.

How high a source stands and how large it is follows from what it is and how loud: the bundle's
places say so for each label. Where it stands from left to right, its side and its drawing are
chosen once, when it appears, and kept: steady sound gives a steady picture.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.packets import F32

AIR = (0.5, 0.5, 1.0, 0.0)
"""Place of what fills the picture, as rain does, and of nothing at all."""

_WHOLE = 0.99
"""A label whose box is this high at every loudness is of the air."""
_DECIDED = 3
"""Labels count by this power of their probability, so that a bird that might be a dog still flies:
halfway between two places is a place of neither, which only a source on its way takes."""
_AIR_FROM, _AIR_TO = 0.3, 0.7
"""Share of labels of the air: under the first a source stands somewhere, over the second it fills
the picture."""
_ASPECT = 1.1
"""Width of a subject's box over its height, both in pixels: most drawings are a little wide."""
_MARGIN = 0.02
_SPOTS = np.linspace(0.1, 0.9, 81)
_ENOUGH = 0.08
"""More clear space than this, in picture widths, is no better."""
_ASIDE = (0.22, 0.29)
"""A subject alone stands this far from the middle, as in most good pictures, and leaves room."""
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Stand:
    """Heights between which a source moves with its weight, and how much it is of the air."""

    scene: F32
    """(2, 2): at weight 0 and at weight 1, the y of the centre and the height, over the height."""
    panel: F32
    """(2, 2): the same in its own picture."""
    air: float
    """In [0, 1]: 1 fills the picture."""


@dataclass(frozen=True, slots=True)
class Home:
    """What is chosen once for a source."""

    x: float
    """Centre in the scene, over the width."""
    facing: float
    """-1 (left) or 1 (right)."""
    look: int
    """Number of the drawing."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a subject takes of the scene."""

    x: float
    """Centre over the width."""
    y: float
    """Centre over the height."""
    height: float
    """Over the height."""


def sharpen(probabilities: F32) -> NDArray[np.float64]:
    """(labels,) to (labels,) of sum 1: for the pictures, which need one thing or the other."""
    p = probabilities.astype(np.float64) ** _DECIDED
    return p / p.sum()


class PlaceRules:
    """The bundle's places, read for mixtures of labels."""

    def __init__(self, places: F32) -> None:
        """places (labels, 2, 2, 2): scene or panel, at weight 0 or 1, y or height."""
        self._air = (places[:, 0, :, 1] >= _WHOLE).all(1)
        self._air_rule = np.array([[AIR[1], AIR[2]]] * 2)
        self._places = places.astype(np.float64)

    @property
    def everywhere(self) -> Stand:
        """Of what fills the picture."""
        whole = self._air_rule.astype(np.float32)
        return Stand(whole, whole, 1.0)

    def stand(self, probabilities: F32) -> Stand:
        """Where a source with these label probabilities (labels,) stands."""
        p = sharpen(probabilities)
        air = _smooth((float(p[self._air].sum()) - _AIR_FROM) / (_AIR_TO - _AIR_FROM))
        p = np.where(self._air, 0.0, p)
        if air >= 1.0:
            return self.everywhere
        rules = np.tensordot(p / p.sum(), self._places, 1)
        scene, panel = ((1 - air) * rules + air * self._air_rule).astype(np.float32)
        return Stand(scene, panel, air)


class Homes:
    """Finds a home for each source in a scene of one shape, and remembers it."""

    def __init__(self, seed: int, looks: int, scene: tuple[int, int]) -> None:
        """looks: drawings there are of each subject. scene: (height, width) in pixels."""
        self._seed = seed & (2**64 - 1)
        self._looks = looks
        self._tall = scene[0] / scene[1]
        """A height over the picture's height, times this, is over its width."""
        self._known: OrderedDict[int, Home] = OrderedDict()

    def find(self, track_id: int, y: float, height: float, others: Sequence[Box]) -> Home:
        """A home for a source with a box of this y and height, clear of the others' boxes.

        One that comes back gets its old one again, if that is still free.
        """
        rng = np.random.default_rng([self._seed, 7, track_id % 2**32])
        look = int(rng.integers(self._looks))
        side = 1.0 if rng.random() < 0.5 else -1.0
        wish = 0.5 + side * float(rng.uniform(*_ASIDE))
        known = self._known.get(track_id)
        if known is not None and self._clear(np.array([known.x]), y, height, others)[0] > 0:
            home = known
        else:
            clear = np.minimum(self._clear(_SPOTS, y, height, others), _ENOUGH)
            x = float(_SPOTS[int((clear - 0.05 * np.abs(_SPOTS - wish)).argmax())])
            home = Home(x, side if x == 0.5 else float(np.sign(0.5 - x)), look)
        self._known[track_id] = home
        self._known.move_to_end(track_id)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return home

    def forget(self) -> None:
        """Forget all homes: tracks are numbered anew."""
        self._known.clear()

    def _clear(self, xs: np.ndarray, y: float, height: float, others: Sequence[Box]) -> np.ndarray:
        """(spots,) least clear space round the box at each spot, in widths; negative overlaps."""
        half = _ASPECT * height * self._tall / 2
        least = np.minimum(np.minimum(xs, 1 - xs) - half - _MARGIN, _ENOUGH)
        for other in others:
            beside = np.abs(xs - other.x) - half - _ASPECT * other.height * self._tall / 2
            above = (abs(y - other.y) - (height + other.height) / 2) * self._tall
            # A bird may fly over a dog, though beside it there is more room for both.
            least = np.minimum(least, beside if above <= 0 else np.maximum(beside, above / 2))
        return least


def interpolate_range(ends: F32, weight: float) -> tuple[float, float]:
    """y and height at a weight, of (2, 2): the same at weight 0 and at weight 1."""
    y, height = ends[0] + (ends[1] - ends[0]) * weight
    return float(y), float(height)


def place_source(
    ends: F32, air: float, home: Home | None, weight: float, in_scene: bool
) -> tuple[float, float, float, float]:
    """x, y, height and facing of a source at a weight, in the scene or in its own panel.

    ends (2, 2) and air as in a `Stand`. home: None for what has always filled the picture.
    """
    y, height = interpolate_range(ends, weight)
    if home is None:
        return AIR[0], y, height, AIR[3]
    somewhere = 1.0 - air
    x = AIR[0] + somewhere * (home.x - AIR[0]) if in_scene else AIR[0]
    return x, y, height, somewhere * home.facing


def place_at_spot(
    spot: F32, ends: F32, air: float, home: Home, weight: float
) -> tuple[float, float, float, float]:
    """The same in a scene whose sources are arranged: spot (3,) is x, foot and scale."""
    x, foot, scale = (float(number) for number in spot)
    height = interpolate_range(ends, weight)[1] * scale
    somewhere = 1.0 - air
    return (
        AIR[0] + somewhere * (x - AIR[0]),
        AIR[1] + somewhere * (foot - height / 2 - AIR[1]),
        AIR[2] + somewhere * (height - AIR[2]),
        somewhere * home.facing,
    )


def look_shares(looks: int, air: float, home: Home | None) -> F32:
    """(looks,) shares of the drawings; what fills the picture has only the first of them."""
    shares = np.zeros(looks, np.float32)
    shares[0] = 1.0 if home is None else air
    if home is not None:
        shares[home.look] += 1.0 - air
    return shares


def _smooth(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)
