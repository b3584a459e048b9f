"""What painting takes on this machine, as measured: the scene, and so many panels."""

from __future__ import annotations

from engine.packets import Pictures

SHARE_OF_NEW = 0.3
"""How much a new measurement moves the estimate."""


class PaintingCosts:
    """Estimates in seconds; for one thread. Zero before anything was measured."""

    def __init__(self) -> None:
        """Know nothing."""
        self.scene_s = 0.0
        """The scene, with the conditions and all that is around the model calls."""
        self._panels_s: dict[int, float] = {}
        """How many panels to what painting them beside the scene takes."""

    def add(self, pictures: Pictures) -> None:
        """Learn from pictures as the painter gave them, with the panels of this time only."""
        panels_s = pictures.timings_ms["generate_panels"] / 1e3
        scene_s = pictures.timings_ms["paint"] / 1e3 - panels_s
        self.scene_s = _smooth(self.scene_s, scene_s)
        count = len(pictures.panels)
        if count:
            self._panels_s[count] = _smooth(self._panels_s.get(count, 0.0), panels_s)

    def panels_s(self, count: int) -> float:
        """Return what so many panels are likely to take, by the nearest number measured."""
        if not self._panels_s or not count:
            return 0.0
        nearest = min(self._panels_s, key=lambda known: abs(known - count))
        known_s = self._panels_s[nearest]
        return known_s * count / nearest if nearest < count else known_s


def _smooth(before_s: float, now_s: float) -> float:
    return now_s if not before_s else before_s + SHARE_OF_NEW * (now_s - before_s)
