"""The test grid over a screen: lines, a circle, and the handles of its corners and soft edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from live.compose.wall.arrange import Edges
from live.compose.wall.soft_edge import ramp
from live.window.reading.look import INK, card, font, text_size
from live.window.wall.trimming import CORNERS

CELLS = 16
"""Squares along the longer side."""
LINE = QColor(255, 255, 255, 170)
SOFT = QColor(120, 220, 255)
CHOSEN = QColor(255, 210, 60)
HANDLE = 0.05
"""Radius of a handle over the shorter side."""
_STEPS = 256


def paint_grid(painter: QPainter, size: QSize, title: str, lines: Sequence[str]) -> None:
    """Draw the grid, and in the middle which screen it is and what the keys do."""
    wide, tall = float(size.width()), float(size.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, wide, tall), QColor(0, 0, 0, 120))
    thick = max(1.0, 0.002 * max(wide, tall))
    painter.setPen(QPen(LINE, thick))
    cell = max(wide, tall) / CELLS
    for number in range(-CELLS, CELLS + 1):
        x, y = wide / 2 + number * cell, tall / 2 + number * cell
        if 0 < x < wide:
            painter.drawLine(QPointF(x, 0), QPointF(x, tall))
        if 0 < y < tall:
            painter.drawLine(QPointF(0, y), QPointF(wide, y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(wide / 2, tall / 2), 0.45 * min(wide, tall), 0.45 * min(wide, tall))
    painter.drawRect(QRectF(thick / 2, thick / 2, wide - thick, tall - thick))
    _words(painter, size, (title, *lines))


def paint_handles(painter: QPainter, size: QSize, edges: Edges, chosen: str) -> None:
    """Draw the corners and the inner ends of the soft edges; chosen: the handle that keys move."""
    wide, tall = float(size.width()), float(size.height())
    reach = HANDLE * min(wide, tall)
    painter.setPen(Qt.PenStyle.NoPen)
    places = zip(CORNERS, ((0.0, 0.0), (wide, 0.0), (wide, tall), (0.0, tall)), strict=True)
    for name, (x, y) in places:
        painter.setBrush(CHOSEN if name == chosen else INK)
        painter.drawEllipse(QPointF(x, y), reach, reach)
    left, right = edges.left * wide, (1.0 - edges.right) * wide
    top, bottom = edges.top * tall, (1.0 - edges.bottom) * tall
    ends = {
        "left": (QPointF(left, 0.0), QPointF(left, tall)),
        "right": (QPointF(right, 0.0), QPointF(right, tall)),
        "top": (QPointF(0.0, top), QPointF(wide, top)),
        "bottom": (QPointF(0.0, bottom), QPointF(wide, bottom)),
    }
    for name, (start, end) in ends.items():
        colour = CHOSEN if name == chosen else SOFT
        painter.setPen(QPen(colour, max(2.0, 0.004 * max(wide, tall))))
        if name == chosen or getattr(edges, name) > 0.0:
            painter.drawLine(start, end)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse((start + end) / 2, 0.5 * reach, 0.5 * reach)


def paint_edges(painter: QPainter, size: QSize, edges: Edges) -> None:
    """Dim the soft edges of all that has been drawn."""
    wide, tall = float(size.width()), float(size.height())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for side in ("left", "top", "right", "bottom"):
        share = getattr(edges, side)
        if share <= 0.0:
            continue
        across = side in ("left", "right")
        length = share * (wide if across else tall)
        box = QRectF(0, 0, length, tall) if across else QRectF(0, 0, wide, length)
        if side == "right":
            box.moveRight(wide)
        if side == "bottom":
            box.moveBottom(tall)
        painter.drawImage(box, _SHADES[side])


def _words(painter: QPainter, size: QSize, lines: Sequence[str]) -> None:
    pixels = 0.024 * max(size.width(), size.height())
    large, small = font(pixels), font(0.7 * pixels)
    fonts = [large, *(small for _ in lines[1:])]
    sizes = [text_size(line, each) for line, each in zip(lines, fonts, strict=True)]
    wide, tall = max(each.width() for each in sizes), sum(each.height() for each in sizes)
    box = QRectF(0.0, 0.0, wide + 2 * pixels, tall + pixels)
    box.moveCenter(QPointF(size.width() / 2, size.height() / 2))
    card(painter, box, 0.5 * pixels, solid=True)
    top = box.top() + 0.5 * pixels
    painter.setPen(INK)
    for line, written_in, room in zip(lines, fonts, sizes, strict=True):
        painter.setFont(written_in)
        row = QRectF(box.left(), top, box.width(), room.height())
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, line)
        top += room.height()


def _shade(side: str) -> QImage:
    """Black, as opaque as the soft edge takes light away, one pixel thick."""
    places = (np.arange(_STEPS) + 0.5) / _STEPS
    factors = ramp(places.astype(np.float32))
    if side in ("right", "bottom"):
        factors = factors[::-1]
    pixels = np.zeros((_STEPS, 4), np.uint8)
    pixels[:, 3] = np.rint(255 * (1.0 - factors))
    across = side in ("left", "right")
    width, height = (_STEPS, 1) if across else (1, _STEPS)
    image = QImage(
        pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
    )
    return image.copy()


_SHADES = {side: _shade(side) for side in ("left", "top", "right", "bottom")}
