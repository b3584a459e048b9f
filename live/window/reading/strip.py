"""The strip along the bottom: one panel for each source, in its slot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
)

from engine.packets import U8
from live.compose.panel_layout import CORNER, panel_row
from live.compose.panel_shadow import COLOUR, shadow, shadow_box
from live.compose.panels import PanelFrame
from live.window.reading.look import INK, INK_QUIET, elide, font, text_size, with_opacity

SHADOW_SIZE = (48, 96)
"""Height and width."""
PAPER = QColor(12, 15, 22, 200)
"""Under a panel that has no picture yet."""
EDGE = QColor(255, 255, 255, 190)


def paint_strip(
    painter: QPainter,
    size: QSize,
    panels: Sequence[PanelFrame],
    slots: int,
    shown: float,
    first: int = 0,
) -> None:
    """Draw the panels; shown in [0, 1] fades the whole strip.

    slots: that there is room for. first: the slot that is leftmost here.
    """
    if not panels:
        return
    places = [frame.panel.slot - first for frame in panels]
    row = panel_row(size.width(), size.height(), max([slots, *(place + 1 for place in places)]))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for frame, place in zip(panels, places, strict=True):
        painter.setOpacity(frame.panel.presence * shown)
        painter.drawImage(QRectF(*shadow_box(row, place)), _shadow())
    ratio = painter.device().devicePixelRatioF()  # type: ignore[union-attr]
    for frame, place in zip(panels, places, strict=True):
        presence = frame.panel.presence
        # A panel that comes rises a little, like a card that is laid down.
        painter.setOpacity(presence * shown)
        corner = QPointF(row.lefts[place], row.top + (1.0 - presence) * 0.08 * row.side)
        painter.drawImage(corner, panel_image(frame, row.side, row.caption, ratio))
    painter.setOpacity(1.0)


@lru_cache(maxsize=1)
def _shadow() -> QImage:
    """Return the shadow, small: it is all slopes, and scaled to each panel."""
    height, width = SHADOW_SIZE
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., :3] = COLOUR[::-1]
    pixels[..., 3] = np.rint(255 * shadow(width, height))
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def panel_image(frame: PanelFrame, side: float, caption: float, ratio: float = 1.0) -> QImage:
    """Return one panel: a picture of `side` by `side` logical pixels and its caption under it."""
    panel = frame.panel
    image = _clear(side, side + caption, ratio)
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    box = QRectF(0.5, 0.5, side - 1.0, side - 1.0)
    outline = QPainterPath()
    outline.addRoundedRect(box, CORNER * side, CORNER * side)
    colour = QColor(*panel.colour)
    _picture(painter, frame.picture, outline, box, colour)
    painter.setPen(QPen(EDGE, max(1.0, 0.008 * side)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    _meter(painter, panel.level, side, colour)
    words = _caption(panel.label, round(100 * panel.probability), side, caption, ratio)
    painter.drawImage(QPointF(0.0, side), words)
    painter.end()
    return image


@lru_cache(maxsize=24)
def _caption(label: str, percent: int, side: float, height: float, ratio: float) -> QImage:
    """Return the words under a picture, which seldom change: the name, and how sure it is."""
    image = _clear(side, height, ratio)
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
    )
    line = QRectF(0.0, 0.36 * height, side, 0.64 * height)
    small = font(0.098 * side)
    sure = f"{percent}%"
    name = line.adjusted(0.0, 0.0, -text_size(sure, small).width() - 0.04 * side, 0.0)
    bold = _fitting(label, name.width(), side)
    if text_size(label, bold).width() <= name.width():
        painter.setFont(small)
        painter.setPen(INK_QUIET)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, sure)
    else:
        # What it is says more than how sure that is.
        name = line
    painter.setFont(bold)
    painter.setPen(INK)
    painter.drawText(
        name,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        elide(label, bold, name.width()),
    )
    painter.end()
    return image


def _fitting(label: str, width: float, side: float) -> QFont:
    """Return the font of a name: a long one is written a little smaller before it is cut."""
    plain = font(0.118 * side, QFont.Weight.DemiBold)
    if text_size(label, plain).width() <= width:
        return plain
    return font(0.098 * side, QFont.Weight.DemiBold)


def _clear(width: float, height: float, ratio: float) -> QImage:
    image = QImage(
        round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _picture(
    painter: QPainter, picture: U8 | None, outline: QPainterPath, box: QRectF, colour: QColor
) -> None:
    if picture is None:
        painter.fillPath(outline, PAPER)
        painter.fillPath(outline, with_opacity(colour, 0.18))
        return
    height, width = picture.shape[:2]
    pixels = picture.tobytes()
    image = QImage(pixels, width, height, width * 3, QImage.Format.Format_RGB888)
    # A painter shrinks by picking pixels, this by averaging them: thin lines stay whole.
    seen = painter.deviceTransform().mapRect(box).size().toSize()
    how = Qt.TransformationMode.SmoothTransformation
    image = image.scaled(seen, Qt.AspectRatioMode.IgnoreAspectRatio, how)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setClipPath(outline)
    painter.drawImage(box, image)
    painter.restore()


def _meter(painter: QPainter, level: float, side: float, colour: QColor) -> None:
    thick = max(2.0, 0.02 * side)
    rail = QRectF(0.0, 1.045 * side, side, thick)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 46))
    painter.drawRoundedRect(rail, thick / 2, thick / 2)
    lit = QRectF(rail)
    lit.setWidth(rail.width() * min(max(level, 0.0), 1.0))
    if lit.width() >= thick:
        painter.setBrush(colour.lighter(120))
        painter.drawRoundedRect(lit, thick / 2, thick / 2)
