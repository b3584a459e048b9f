"""Which part of a picture fills a window of another shape, so that none of it stays black."""

from __future__ import annotations

from dataclasses import dataclass

FOCUS_X = 0.5
FOCUS_Y = 0.60
"""Where the eye of a landscape is: a little below the middle, at the horizon and what stands on
the ground. What is cut from a picture that is too tall is mostly sky."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture, as shares of its width and height in [0, 1]."""

    x: float
    y: float
    width: float
    height: float


def cover(
    picture_aspect: float, window_aspect: float, zoom: float = 1.0, focus_x: float = FOCUS_X
) -> Crop:
    """Return the largest part with the window's aspect (width / height), zoomed about the focus.

    focus_x in [0, 1] is what a window taller than the picture keeps in its middle, if it can.
    """
    width = height = 1.0
    if window_aspect > picture_aspect:
        height = picture_aspect / window_aspect
    else:
        width = window_aspect / picture_aspect
    width /= max(zoom, 1.0)
    height /= max(zoom, 1.0)
    return Crop(_placed(focus_x, width), _placed_share(FOCUS_Y, height), width, height)


def _placed(focus: float, size: float) -> float:
    """Put the focus in the middle of the part, as far as the picture's edges allow."""
    return min(max(focus - size / 2, 0.0), 1.0 - size)


def _placed_share(focus: float, size: float) -> float:
    """Share what is cut off between the two sides so that the focus keeps its relative place."""
    return (1.0 - size) * focus
