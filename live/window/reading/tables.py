"""The head-up display and the list of keys as tables: measured, given room, and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from live.window.reading.hud import Row
from live.window.reading.look import INK, INK_QUIET, allow_breaks, card, font, text_size

SMALLEST = 5.0
"""In the smallest windows letters are this large..."""
LEAST = 7
"""...or so many pixels, in lines that are hardly higher."""
_LINE, _INSET, _GAP = 1.75, 1.2, 1.6
"""Height of a line, and room around and between the columns, over the size of the letters."""
_BROKEN = Qt.TextFlag.TextWordWrap.value
_LEFT = Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignVCenter.value


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of two columns at a size that fits. All lengths are in logical pixels."""

    rows: tuple[Row, ...]
    heights: tuple[float, ...]
    """Of each row: a text too long for its column takes several lines."""
    pixels: float
    """Size of the letters."""
    left_width: float
    right_width: float
    keys: bool
    """The left column is what is looked for; else the right one is."""

    @property
    def size(self) -> QSizeF:
        """Of the card that it stands on."""
        inset = _INSET * self.pixels
        width = self.left_width + _GAP * self.pixels + self.right_width + 2 * inset
        return QSizeF(width, sum(self.heights) + 1.4 * inset)

    @property
    def fonts(self) -> tuple[QFont, QFont]:
        """Of the left and of the right column."""
        return _fonts(self.pixels, self.keys)

    def paint(self, painter: QPainter, at: QPointF, shown: float, solid: bool) -> None:
        """Draw it with its upper left corner there; shown in [0, 1] fades it.

        solid: on a ground that hides what is below.
        """
        box, inset = QRectF(at, self.size), _INSET * self.pixels
        painter.setOpacity(shown)
        card(painter, box, 0.75 * self.pixels, solid)
        inks = (INK, INK_QUIET) if self.keys else (INK_QUIET, INK)
        top = box.top() + 0.7 * inset
        for row, height in zip(self.rows, self.heights, strict=True):
            left = QRectF(box.left() + inset, top, self.left_width, height)
            right = QRectF(left.right() + _GAP * self.pixels, top, self.right_width, height)
            for text, cell, written_in, ink in zip(
                row, (left, right), self.fonts, inks, strict=True
            ):
                _write(painter, cell, text, written_in, ink)
            top += height
        painter.setOpacity(1.0)


def table(rows: Sequence[Row], pixels: float, room: QSizeF, *, keys: bool = False) -> Table:
    """Return the rows in letters of so many pixels, or in smaller ones if the room is too low."""
    while True:
        made = _at(tuple(rows), pixels, room.width(), keys)
        if made.size.height() <= room.height() or pixels <= SMALLEST:
            return made
        pixels = max(SMALLEST, 0.94 * pixels)


def _at(rows: tuple[Row, ...], pixels: float, width: float, keys: bool) -> Table:
    left_font, right_font = _fonts(pixels, keys)
    left_width = max(text_size(row[0], left_font).width() for row in rows) + 1.0
    room = max(width - 2 * _INSET * pixels - left_width - _GAP * pixels, 4 * pixels)
    right_width = min(max(text_size(row[1], right_font).width() for row in rows) + 4.0, room)
    line = max(_LINE * pixels, QFontMetricsF(right_font).height())
    rows = tuple((left, allow_breaks(right, right_font, right_width)) for left, right in rows)
    metrics, cell = QFontMetricsF(right_font), QRectF(0.0, 0.0, right_width, 1e4)
    needed = [metrics.boundingRect(cell, _BROKEN, row[1]).height() for row in rows]
    several = 1.5 * metrics.height()
    heights = tuple(n + 0.4 * pixels if n > several else line for n in needed)
    return Table(rows, heights, pixels, left_width, right_width, keys)


def _fonts(pixels: float, keys: bool) -> tuple[QFont, QFont]:
    plain, strong = font(pixels, least=LEAST), font(pixels, QFont.Weight.Medium, LEAST)
    return (strong, plain) if keys else (plain, strong)


def _write(painter: QPainter, cell: QRectF, text: str, written_in: QFont, ink: QColor) -> None:
    painter.setFont(written_in)
    painter.setPen(ink)
    painter.drawText(cell, _LEFT | _BROKEN, text)
