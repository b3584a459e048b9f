"""Which part of a picture fills a window of another shape, so that none of it stays black."""

from __future__ import annotations

from dataclasses import dataclass

FOCUS_X, FOCUS_Y = 0.5, 0.60
"""Where the eye of a landscape is: a little below the middle, at the horizon and what stands on
the ground. What is cut from a picture that is too tall is mostly sky."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture, as shares of its width and height in [0, 1]."""

    x: float
    y: float
    width: float
    height: float


def cover(picture_aspect: float, window_aspect: float, zoom: float = 1.0) -> Crop:
    """Return the largest part with the window's aspect (width / height), zoomed about the focus."""
    width = height = 1.0
    if window_aspect > picture_aspect:
        height = picture_aspect / window_aspect
    else:
        width = window_aspect / picture_aspect
    width /= max(zoom, 1.0)
    height /= max(zoom, 1.0)
    return Crop((1.0 - width) * FOCUS_X, (1.0 - height) * FOCUS_Y, width, height)
