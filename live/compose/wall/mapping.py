"""From what a screen is to show to where its pixels are: turned, and pulled to four corners.

Computed here once; the OpenGL view and the QPainter view draw through the same matrix. All places
are shares of a width and a height, counted from the upper left: (0, 0) to (1, 1) is all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.painting.crop import Crop, cover

F64 = NDArray[np.float64]
Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""Where the upper left, upper right, lower right and lower left corner are."""
WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
TURNS = (0, 90, 180, 270)
"""Degrees, clockwise, that a picture can be turned by."""
_FLATTEST = 0.02
"""Least of each corner's triangle, over half of the screen: flatter, nothing is left to see."""


@dataclass(frozen=True)
class Placing:
    """Where one screen's part of the picture is drawn on it."""

    part: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    """Left, top, width and height of what this screen shows of the whole picture."""
    turn: int = 0
    """Degrees, clockwise, by which what is shown is turned on the screen."""
    corners: Corners = WHOLE
    """Where the corners of what is shown are pulled to, as seen by who looks at it upright."""

    @property
    def is_plain(self) -> bool:
        """Whether it fills the screen upright, so that nothing needs to be bent."""
        return self.turn == 0 and self.corners == WHOLE

    @cached_property
    def matrix(self) -> F64:
        """(3, 3) from a place in what is shown to its place on the screen, homogeneous."""
        return turned(self.turn) @ pulled(self.corners)

    def upright(self, width: float, height: float) -> tuple[float, float]:
        """Return width and height of a screen as who looks at it has them."""
        return (width, height) if self.turn % 180 == 0 else (height, width)

    def whole_aspect(self, width: float, height: float) -> float:
        """Return width over height of the whole picture, for a screen of this size."""
        wide, tall = self.upright(width, height)
        return wide / max(tall, 1.0) * self.part[3] / self.part[2]

    def crop(self, picture_aspect: float, width: float, height: float, zoom: float) -> Crop:
        """Return which part of a painted picture this screen shows."""
        whole = cover(picture_aspect, self.whole_aspect(width, height), zoom)
        left, top, wide, tall = self.part
        return Crop(
            whole.x + left * whole.width, whole.y + top * whole.height,
            wide * whole.width, tall * whole.height,
        )  # fmt: skip


PLAIN = Placing()
"""The whole picture, filling a screen."""


def pulled(corners: Corners) -> F64:
    """Return the (3, 3) homography that takes the corners of the whole to these."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    # The closed form of Heckbert (1989) for a square and any quadrilateral.
    dx, dy = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    right = np.array([[x1 - x2, x3 - x2], [y1 - y2, y3 - y2]])
    g, h = np.linalg.solve(right, np.array([dx, dy])) if (dx or dy) else (0.0, 0.0)
    return np.array(
        [
            [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            [g, h, 1.0],
        ]
    )


def turned(degrees: int) -> F64:
    """Return the (3, 3) matrix that turns the whole about its middle, clockwise."""
    match degrees % 360:
        case 90:
            return np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        case 180:
            return np.array([[-1.0, 0.0, 1.0], [0.0, -1.0, 1.0], [0.0, 0.0, 1.0]])
        case 270:
            return np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    return np.eye(3)


def at(matrix: F64, place: Point) -> Point:
    """Return where a matrix takes a place."""
    x, y, w = matrix @ np.array([*place, 1.0])
    return float(x / w), float(y / w)


def can_show(corners: Corners) -> bool:
    """Whether corners leave a picture that is not folded, mirrored or all but flat."""
    for number in range(4):
        (x0, y0), (x1, y1), (x2, y2) = (corners[(number + step) % 4] for step in range(3))
        if (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1) < _FLATTEST:
            return False
    return True
