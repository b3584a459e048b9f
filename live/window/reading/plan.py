"""Where all that is read over the scene stands, so that no text lies over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter

from live.window.reading.hud import Row
from live.window.reading.look import INK, allow_breaks, card, font
from live.window.reading.tables import Table, table

HUD_PIXELS, KEY_PIXELS = 13.5, 15.5
MARGIN = 26.0
"""Around the tables; as all lengths, at 1280x720."""
HUD_WIDTH = 620.0
"""Longer texts are broken, so that the list of keys has its place beside."""
MARKS = 96.0
"""At the right of the head-up display: what says that it is recorded or held."""
READABLE = 8.0
"""Letters of the head-up display get no smaller only to stand clear of the strip."""
_LINE_PIXELS = 15.0
_TEXT_FLAGS = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value

Wanted = tuple[Sequence[Row], float]
"""The rows of a table, none where it is not shown, and how much of it is there, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A note or a message on its card."""

    text: str
    box: QRectF
    shown: float
    unit: float
    solid: bool
    """Whether it lies over the head-up display, and hides that for as long."""

    def paint(self, painter: QPainter) -> None:
        """Draw it."""
        painter.setOpacity(self.shown)
        card(painter, self.box, min(self.box.height() / 2, 19 * self.unit), self.solid)
        painter.setFont(font(_LINE_PIXELS * self.unit))
        painter.setPen(INK)
        inset = 18 * self.unit - 1
        painter.drawText(self.box.adjusted(inset, 0, -inset, 0), _TEXT_FLAGS, self.text)
        painter.setOpacity(1.0)


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table in its place."""

    table: Table
    box: QRectF
    shown: float
    solid: bool
    """Whether it lies over something that is read too, and hides it."""

    def paint(self, painter: QPainter) -> None:
        """Draw it."""
        self.table.paint(painter, self.box.topLeft(), self.shown, self.solid)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is read, for one frame."""

    free: QSize
    """What nothing else covers of the window."""
    unit: float
    """How large everything is written, over what it is at 1280x720."""
    lines: tuple[PlacedLine, ...]
    hud: PlacedTable | None
    keys: PlacedTable | None


def place_lines(
    size: QSize,
    unit: float,
    bottom: float,
    lines: Sequence[tuple[str, float]],
    over: PlacedTable | None = None,
) -> tuple[PlacedLine, ...]:
    """Stack lines, each with how much of it is shown, upwards from there; `over` is below them.

    A line wider than the window is broken, not cut: its end says what to do.
    """
    placed: list[PlacedLine] = []
    for text, shown in lines:
        if shown <= 0.0 or not text:
            continue
        room = QRectF(0.0, 0.0, min(size.width() - 60 * unit, 900 * unit), size.height())
        inset = 18 * unit
        inside = room.adjusted(0, 0, -2 * inset - 4, 0)
        written_in = font(_LINE_PIXELS * unit)
        text = allow_breaks(text, written_in, inside.width())
        needed = QFontMetricsF(written_in).boundingRect(inside, _TEXT_FLAGS, text)
        box = QRectF(0.0, 0.0, needed.width() + 2 * inset + 4, needed.height() + 16 * unit)
        box.moveCenter(QPointF(size.width() / 2, 0.0))
        box.moveBottom(bottom)
        solid = over is not None and over.box.intersects(box)
        placed.append(PlacedLine(text, box, shown, unit, solid))
        bottom -= box.height() + 8 * unit
    return tuple(placed)


def place_tables(
    size: QSize, unit: float, floor: float, hud: Wanted, keys: Wanted
) -> tuple[PlacedTable | None, PlacedTable | None]:
    """Return the head-up display in the upper left, and the list of keys in the middle.

    Both stand beside or below one another where there is room for it; where there is none, the
    display makes way for the list. unit: how large to write. floor: upper edge of what stands
    along the bottom.
    """
    hud_table, solid = _hud_table(size, unit, floor, hud[0])
    keys_table = _keys_table(size, unit, keys[0])
    margin = MARGIN * unit
    hud_box = QRectF(QPointF(margin, margin), hud_table.size) if hud_table else QRectF()
    hud_shown, keys_box = hud[1], QRectF()
    if keys_table is not None:
        keys_box = QRectF(QPointF(), keys_table.size)
        keys_box.moveCenter(QPointF(size.width() / 2, size.height() / 2))
        if hud_table is not None and hud_box.intersects(_pad(keys_box, margin)):
            aside = _free_centre(hud_box, keys_box, size, margin)
            if aside is None:
                hud_shown *= 1.0 - keys[1]
            else:
                keys_box.moveCenter(aside)
    return (
        PlacedTable(hud_table, hud_box, hud_shown, solid) if hud_table and hud_shown > 0 else None,
        PlacedTable(keys_table, keys_box, keys[1], True) if keys_table else None,
    )


def _hud_table(
    size: QSize, unit: float, floor: float, rows: Sequence[Row]
) -> tuple[Table | None, bool]:
    """The display as large as stands clear of what is along the bottom, if it can be read so."""
    if not rows:
        return None, False
    width = min(size.width() - (MARGIN + MARKS) * unit, HUD_WIDTH * unit)
    pixels = HUD_PIXELS * unit
    made = table(rows, pixels, QSizeF(width, floor - (MARGIN + 8) * unit))
    fits = MARGIN * unit + made.size.height() <= floor
    if fits and made.pixels >= min(READABLE, pixels):
        return made, False
    return table(rows, pixels, QSizeF(width, size.height() - 1.4 * MARGIN * unit)), True


def _keys_table(size: QSize, unit: float, rows: Sequence[Row]) -> Table | None:
    if not rows:
        return None
    room = QSizeF(size.width() - 2 * MARGIN * unit, size.height() - 12.0)
    return table(rows, KEY_PIXELS * unit, room, keys=True)


def _pad(box: QRectF, air: float) -> QRectF:
    return box.adjusted(-air / 2, -air / 2, air / 2, air / 2)


def _free_centre(hud: QRectF, keys: QRectF, size: QSize, margin: float) -> QPointF | None:
    """Where the middle of the list may be, beside or below the display; None for nowhere."""
    if hud.right() + keys.width() + 2 * margin <= size.width():
        return QPointF((hud.right() + size.width()) / 2, size.height() / 2)
    if hud.bottom() + keys.height() + 1.5 * margin <= size.height():
        return QPointF(size.width() / 2, (hud.bottom() + size.height()) / 2)
    return None
