"""The link to the web page, as a QR code and in letters, in the middle of the window."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from live.control.declared import Link
from live.window.reading.look import allow_breaks, font

QUIET = 4
"""Light squares around a code: with fewer some readers do not see it."""
MOST = 0.62
"""Of the window's smaller side, that the code and its quiet zone take."""
_FLAGS = (Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop).value | (
    Qt.TextFlag.TextWordWrap.value
)
DARK, LIGHT = QColor(0, 0, 0), QColor(255, 255, 255)


def paint_link(painter: QPainter, size: QSize, link: Link, shown: float) -> None:
    """Draw a link over a window of this size, in logical pixels; shown: in [0, 1]."""
    count = len(link.squares) + 2 * QUIET
    # Whole pixels: a reader wants squares of one size.
    square = max(1, int(MOST * min(size.width(), size.height()) / count))
    side = square * count
    written_in = font(max(10, side // 26))
    inside = QRectF(0, 0, side - 2 * square, size.height())
    text = allow_breaks(link.url, written_in, inside.width())
    words = QFontMetricsF(written_in).boundingRect(inside, _FLAGS, text)
    tall = side + math.ceil(words.height()) + 2 * square
    left, top = (size.width() - side) // 2, max(0, (size.height() - tall) // 2)
    painter.save()
    painter.setOpacity(shown)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(left, top, side, tall, LIGHT)
    for row, dots in enumerate(link.squares):
        for column, dark in enumerate(dots):
            if dark:
                at = left + (column + QUIET) * square, top + (row + QUIET) * square
                painter.fillRect(*at, square, square, DARK)
    painter.setPen(DARK)
    painter.setFont(written_in)
    painter.drawText(inside.translated(left + square, top + side), _FLAGS, text)
    painter.restore()
