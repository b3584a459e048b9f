"""Drawing onto a screen as a wall has it: turned, and pulled to four corners."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QMatrix4x4, QPainter, QTransform
from PyQt6.QtWidgets import QWidget

from live.compose.wall.mapping import F64, Placing


def begin(painter: QPainter, widget: QWidget, placing: Placing) -> QSize:
    """Let a painter draw upright where the picture belongs; return the size to draw at.

    What is outside stays as it is.
    """
    width, height = placing.upright(widget.width(), widget.height())
    if not placing.is_plain:
        painter.setTransform(transform(placing, widget.width(), widget.height()))
        painter.setClipRect(QRectF(0.0, 0.0, width, height))
    return QSize(round(width), round(height))


def blacken(painter: QPainter, widget: QWidget, placing: Placing) -> None:
    """Make a widget black where the picture may not reach."""
    if not placing.is_plain:
        painter.fillRect(widget.rect(), Qt.GlobalColor.black)


def transform(placing: Placing, width: float, height: float) -> QTransform:
    """Return what takes upright logical pixels to those of a widget of this size."""
    wide, tall = placing.upright(width, height)
    m = _scaled(placing.matrix, width, height, wide, tall)
    # Qt multiplies rows by matrices: its matrix is the other way round.
    return QTransform(
        m[0, 0], m[1, 0], m[2, 0], m[0, 1], m[1, 1], m[2, 1], m[0, 2], m[1, 2], m[2, 2]
    )


def shader_matrix(placing: Placing) -> QMatrix4x4:
    """Return what takes shares, as (x, y, 0, 1), to shares of the screen, with a w to divide by."""
    m = placing.matrix
    return QMatrix4x4(
        m[0, 0], m[0, 1], 0.0, m[0, 2],
        m[1, 0], m[1, 1], 0.0, m[1, 2],
        0.0, 0.0, 0.0, 0.0,
        m[2, 0], m[2, 1], 0.0, m[2, 2],
    )  # fmt: skip


def _scaled(matrix: F64, width: float, height: float, wide: float, tall: float) -> F64:
    """The matrix between pixels, from one between shares."""
    made = matrix.copy()
    made[0] *= width
    made[1] *= height
    made[:, 0] /= max(wide, 1.0)
    made[:, 1] /= max(tall, 1.0)
    return made
