"""The shape of the window, told to the show once it has settled."""

from __future__ import annotations

SETTLED_S = 0.15
"""While a window is being drawn larger by hand, its shape changes with every frame."""


class WindowShape:
    """Notices when a window has settled at another shape."""

    def __init__(self) -> None:
        """Know of no shape yet: the first one counts at once."""
        self._told = 0.0
        self._waiting = 0.0
        self._since_s = 0.0

    def settled_aspect(self, width: float, height: float, now_s: float) -> float | None:
        """Return a new width over height to paint for; None while there is none.

        width, height: of the window now. now_s: monotonic seconds.
        """
        aspect = width / max(height, 1)
        if aspect != self._waiting:
            self._waiting, self._since_s = aspect, now_s
        if aspect == self._told or (self._told and now_s - self._since_s < SETTLED_S):
            return None
        self._told = aspect
        return aspect
