"""The head-up display: what the show is doing, for those who want to know."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QPainter

from live.panel_layout import scale_of
from live.window_choices import choice_rows
from live.window_look import INK, INK_QUIET, card, font, shortened, text_size

if TYPE_CHECKING:
    from live.view import Status

Row = tuple[str, str]


def hud_rows(status: Status, view_name: str, draw_ms: float) -> list[Row]:
    """Return the lines of the display: what each is about, and what it says.

    view_name says how the scene is drawn; draw_ms is the median time to draw a frame.
    """
    p50 = status.sound_to_picture_p50_ms
    p95 = status.sound_to_picture_p95_ms
    delay = "not yet" if math.isnan(p50) else f"p50 {p50:.0f} ms   p95 {p95:.0f} ms"
    rows = [
        ("listening to", status.input_name),
        ("sensitivity", f"{status.sensitivity_db:+.0f} dB"),
        *choice_rows(status),
        ("sound to picture", delay),
        ("pictures", f"{status.pictures_per_s:.1f} a second"),
        ("passed over", f"{status.dropped}"),
        ("samples lost", f"{status.lost_samples}"),
        ("models", f"{status.bundle}, {status.runtime}"),
        *([("building", status.building)] if status.building else []),
        ("drawing", f"{view_name}, {draw_ms:.1f} ms a frame"),
        ("given up", ", ".join(status.given_up) or "nothing"),
    ]
    return rows


def paint_hud(painter: QPainter, size: QSize, rows: list[Row], shown: float) -> QRectF:
    """Draw the display in the upper left; shown in [0, 1] fades it. Returns its box."""
    return _paint_table(painter, size, rows, shown, centred=False)


def paint_keys(painter: QPainter, size: QSize, rows: list[Row], shown: float) -> QRectF:
    """Draw the keys in the middle; shown in [0, 1] fades them. Returns their box."""
    return _paint_table(painter, size, rows, shown, centred=True)


def _paint_table(
    painter: QPainter, size: QSize, rows: list[Row], shown: float, *, centred: bool
) -> QRectF:
    unit = scale_of(size.width(), size.height())
    pixels = (15.5 if centred else 13.5) * unit
    # A long table in a low window is written smaller rather than cut off.
    pixels = min(pixels, (size.height() - 24.0) / (1.75 * len(rows) + 2.4))
    plain, strong = font(pixels), font(pixels, QFont.Weight.Medium)
    line = 1.75 * pixels
    inset = 1.2 * pixels
    gap = 1.6 * pixels
    left_font, right_font = (strong, plain) if centred else (plain, strong)
    left_width = max(text_size(row[0], left_font).width() for row in rows)
    room = size.width() - 2 * 26 * unit - 2 * inset - left_width - gap
    right_width = min(max(text_size(row[1], right_font).width() for row in rows) + 1.0, room)
    box = QRectF(
        0.0,
        0.0,
        left_width + gap + right_width + 2 * inset,
        line * len(rows) + 1.4 * inset,
    )
    if centred:
        box.moveCenter(QRectF(0, 0, size.width(), size.height()).center())
    else:
        box.moveTo(26 * unit, 26 * unit)
    painter.setOpacity(shown)
    card(painter, box, 0.75 * pixels)
    for index, (left, right) in enumerate(rows):
        top = box.top() + 0.7 * inset + index * line
        cell = QRectF(box.left() + inset, top, left_width, line)
        _write(painter, cell, left, left_font, INK if centred else INK_QUIET)
        cell = QRectF(cell.right() + gap, top, right_width, line)
        text = shortened(right, right_font, right_width)
        _write(painter, cell, text, right_font, INK_QUIET if centred else INK)
    painter.setOpacity(1.0)
    return box


def _write(painter: QPainter, cell: QRectF, text: str, written_in: QFont, ink: QColor) -> None:
    painter.setFont(written_in)
    painter.setPen(ink)
    vertical = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(cell.adjusted(0, 0, 4, 0), vertical | Qt.TextFlag.TextSingleLine, text)
