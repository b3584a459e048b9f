"""What breathes with its level: where the light over it lies, and of which colour."""

from __future__ import annotations

from types import MappingProxyType

from engine.packets import Breath

_BREATHES = MappingProxyType(
    {
        "fire": (None, (1.0, 0.56, 0.20)),
        "waves": ((0.5, 0.80, 1.2, 0.42), (0.72, 0.90, 1.0)),
        "stream": ((0.5, 0.84, 0.9, 0.36), (0.74, 0.92, 1.0)),
        "waterfall": ((0.5, 0.58, 0.5, 0.8), (0.84, 0.94, 1.0)),
        "wind": ((0.5, 0.30, 1.2, 0.56), (0.94, 0.97, 1.0)),
    }
)
"""Box and colour of each; what has no box of its own there has its subject's."""
_AROUND = 1.6
"""Light reaches this much farther than the subject's box."""


def breath_of(
    label: str, box: tuple[float, float, float, float], amount: float
) -> Breath | None:
    """The light over a source; None for what does not breathe.

    box: centre x and y, width and height of its subject, over the picture's. amount: in [0, 1].
    """
    if label not in _BREATHES or amount <= 0.0:
        return None
    own, colour = _BREATHES[label]
    x, y, width, height = box
    return Breath(own or (x, y, _AROUND * width, _AROUND * height), colour, min(1.0, amount))
