"""One source as it is painted: what it is, how much of it and where, smoothed between hearings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.packets import F32
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


@dataclass(frozen=True, slots=True)
class LastPanel:
    """When and as what a source's panel was painted last."""

    picture: int
    """Number of the picture."""
    token: F32
    """(d,) its token then."""


@dataclass
class SmoothedSource:
    """Moves toward what was heard last."""

    token: SmoothedDirection
    stand: SmoothedPoint
    """(9,): the stands in scene and panel and how much it is of the air, as `_flat` has them."""
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
    is_unknown: bool = False
    """It has no name: its light is drawn, nothing is painted of it."""

    @classmethod
    def begin(cls, embedding: F32, stand: Stand) -> SmoothedSource:
        """A source that is heard for the first time, of weight and presence 0."""
        return cls(SmoothedDirection(embedding), SmoothedPoint(_flat(stand)))

    def aim(self, embedding: F32, stand: Stand, brightness: float) -> None:
        """Move toward another embedding (d,), stand and brightness from now on."""
        self.token.aim(embedding)
        self.stand.aim(_flat(stand))
        self.brightness.aim(brightness)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        for smoothed in (self.token, self.stand, self.weight, self.presence, self.brightness):
            smoothed.advance(seconds)

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
        """What it takes of the scene at a weight."""
        y, height = interpolate_range(self._ends[0], weight)
        return Box(self.home.x if self.home else AIR[0], y, height)

    def place_in_scene(self, spot: F32 | None) -> tuple[float, ...]:
        """x, y, height and facing at its weight. spot: see `Spots.of`; None where it has none."""
        ends, weight = self._ends[0], self.weight.value
        if spot is not None and self.home is not None:
            return place_at_spot(spot, ends, self._air, self.home, weight)
        return place_source(ends, self._air, self.home, weight, in_scene=True)

    def place_in_panel(self) -> tuple[float, ...]:
        """x, y, height and facing at its presence."""
        return place_source(
            self._ends[1], self._air, self.home, self.presence.value, in_scene=False
        )

    def look(self, looks: int) -> F32:
        """(looks,) shares of the drawings, of that many."""
        return look_shares(looks, self._air, self.home)

    @property
    def _ends(self) -> F32:
        """(2, 2, 2): scene or panel, at weight 0 or 1, y or height."""
        return self.stand.value[:8].reshape(2, 2, 2)

    @property
    def _air(self) -> float:
        """In [0, 1]: 1 fills the picture."""
        return float(self.stand.value[-1])


def _flat(stand: Stand) -> F32:
    return np.concatenate([stand.scene.ravel(), stand.panel.ravel(), [stand.air]])
