"""One source as it is painted: what it is, how much of it and where, smoothed between hearings.

A source is painted as one thing at a time. When it becomes another, the old drawing fades out as
the new one comes; only one that walks (`walks`) is ever between two.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.motion.life import Life
from engine.packets import F32, UNKNOWN
from engine.painting.arrangement import Subject
from engine.painting.composition import (
    AIR,
    Box,
    Home,
    Stand,
    interpolate_range,
    look_shares,
    place_at_spot,
    place_source,
)
from engine.painting.smoothing import SmoothedDirection, SmoothedLevel, SmoothedPoint

CHANGES_S = 0.4
"""How long one drawing takes to give way to another."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a source is heard as."""

    label: str
    """`UNKNOWN` for what has no name."""
    embedding: F32
    """(d,) unit length."""
    stand: Stand


@dataclass(frozen=True, slots=True)
class LastPanel:
    """When and as what a source's panel was painted last."""

    picture: int
    """Number of the picture."""
    label: str
    token: F32
    """(d,) its token then."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One thing that a source is painted as, at a moment."""

    label: str
    token: F32
    """(d,) unit length."""
    stand: F32
    """(9,) as `_flat` has it."""
    home: Home | None
    """None for what has always filled the picture."""

    @property
    def is_unknown(self) -> bool:
        """It has no name: its light is drawn, nothing is painted of it."""
        return self.label == UNKNOWN

    def place_in_scene(self, weight: float, spot: F32 | None) -> tuple[float, float, float, float]:
        """x, y, height and facing at a weight. spot: see `Spots.of`; None where it has none."""
        ends = self._ends[0]
        if spot is not None and self.home is not None:
            return place_at_spot(spot, ends, self.air, self.home, weight)
        return place_source(ends, self.air, self.home, weight, in_scene=True)

    def place_in_panel(self, presence: float) -> tuple[float, float, float, float]:
        """x, y, height and facing at a presence."""
        return place_source(self._ends[1], self.air, self.home, presence, in_scene=False)

    def look(self, looks: int) -> F32:
        """(looks,) shares of the drawings, of that many."""
        return look_shares(looks, self.air, self.home)

    @property
    def wide(self) -> float:
        """Width over height of its box, in pixels."""
        return Subject(0.5, 0.5, 1.0, interpolate_range(self._ends[1], 1.0)[1]).wide

    @property
    def tallest(self) -> float:
        """Height of its box at its loudest, over the scene's."""
        return interpolate_range(self._ends[0], 1.0)[1]

    @property
    def air(self) -> float:
        """In [0, 1]: 1 fills the picture."""
        return float(self.stand[-1])

    @property
    def _ends(self) -> F32:
        """(2, 2, 2): scene or panel, at weight 0 or 1, y or height."""
        return self.stand[:8].reshape(2, 2, 2)


@dataclass
class SmoothedSource:
    """Moves toward what was heard last."""

    label: str
    """What it is painted as."""
    token: SmoothedDirection
    stand: SmoothedPoint
    """(9,): the stands in scene and panel and how much it is of the air, as `_flat` has them."""
    life: Life
    home: Home | None = None
    """None while it has always filled the picture."""
    weight: SmoothedLevel = field(default_factory=SmoothedLevel)
    """How much of it is in the scene."""
    presence: SmoothedLevel = field(default_factory=SmoothedLevel)
    """How much of its panel is there."""
    last_panel: LastPanel | None = None
    """None while the panel has never been painted."""
    brightness: SmoothedLevel = field(default_factory=SmoothedLevel)
    """Of its sound, in [0, 1]."""
    _former: Drawing | None = None
    """What it has been until now, while that fades out."""
    _left_s: float = 0.0
    """Until that is gone."""

    @classmethod
    def begin(cls, concept: Concept, life: Life) -> SmoothedSource:
        """A source that is heard for the first time, of weight and presence 0."""
        token, stand = SmoothedDirection(concept.embedding), SmoothedPoint(_flat(concept.stand))
        return cls(concept.label, token, stand, life)

    def aim(self, concept: Concept, brightness: float, walks: bool) -> None:
        """Become what is heard now. walks: go over to another embedding through what lies between.

        While one drawing gives way to another, a third has to wait.
        """
        self.brightness.aim(brightness)
        if concept.label != self.label and not walks:
            if self._former is None:
                self._former, self._left_s = self._now, CHANGES_S
                self.label = concept.label
                self.token = SmoothedDirection(concept.embedding)
                self.stand = SmoothedPoint(_flat(concept.stand))
            return
        self.label = concept.label
        self.token.aim(concept.embedding)
        self.stand.aim(_flat(concept.stand))

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        for smoothed in (self.token, self.stand, self.weight, self.presence, self.brightness):
            smoothed.advance(seconds)
        self._left_s -= seconds
        if self._left_s <= 1e-6:
            self._former = None

    def drawings(self, most: int = 2) -> list[tuple[Drawing, float]]:
        """What it is painted as, newest first, each with its share in (0, 1].

        most: 1 where there is room for one alone: the old one is gone then before the new one
        begins.
        """
        if self._former is None:
            return [(self._now, 1.0)]
        old = min(1.0, self._left_s / CHANGES_S)
        if most > 1:
            return [(self._now, 1.0 - old), (self._former, old)]
        return [(self._former, 2 * old - 1)] if old > 0.5 else [(self._now, 1 - 2 * old)]

    @property
    def _now(self) -> Drawing:
        return Drawing(self.label, self.token.value, self.stand.value, self.home)

    @property
    def needs_home(self) -> bool:
        """Whether it is to stand somewhere in the scene and has no home there yet."""
        return self.home is None and self.stand.target[-1] < 1.0

    @property
    def subject(self) -> Subject:
        """What is to be placed where sources are arranged; it must have a home."""
        assert self.home is not None
        scene, panel = self.stand.target[:8].reshape(2, 2, 2)
        y, height = interpolate_range(scene, 1.0)
        return Subject(self.home.x, y, height, interpolate_range(panel, 1.0)[1])

    def box(self, weight: float) -> Box:
        """What it takes of the scene at a weight, in its place."""
        y, height = interpolate_range(self.stand.value[:8].reshape(2, 2, 2)[0], weight)
        return Box(self.home.x if self.home else AIR[0], y, height)


def _flat(stand: Stand) -> F32:
    return np.concatenate([stand.scene.ravel(), stand.panel.ravel(), [stand.air]])
