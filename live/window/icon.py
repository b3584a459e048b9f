"""The program's icon: a low sun over dusk hills, drawn rather than shipped."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QIcon, QImage, QPainter, QPainterPath, QPixmap

from live.compose.placeholder import placeholder_picture

SIZES = (32, 64, 128, 256)
SUN = QColor(255, 226, 180)


def icon() -> QIcon:
    """Return the icon in the sizes that desktops use."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(_draw(size))
    return made


def _draw(size: int) -> QPixmap:
    pixels = placeholder_picture(size, size)
    land = QImage(pixels.tobytes(), size, size, size * 3, QImage.Format.Format_RGB888)
    ground = QPainterPath()
    ground.addRect(QRectF(0, 0.665 * size, size, size))
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(land))
    painter.drawRoundedRect(QRectF(0, 0, size, size), 0.22 * size, 0.22 * size)
    sun = QPainterPath()
    sun.addEllipse(QPointF(0.5 * size, 0.6 * size), 0.22 * size, 0.22 * size)
    painter.setBrush(SUN)
    painter.drawPath(sun.subtracted(ground))
    painter.end()
    return pixmap
