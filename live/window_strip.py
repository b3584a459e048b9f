"""The strip along the bottom: one panel for each source, in the place that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
)

from engine.packets import U8
from live.view import Colour
from live.window_look import INK, INK_QUIET, faded, font, scale_of, shortened, text_size
from live.window_panels import PanelFrame

ASPECT = 16 / 9
SHARE_OF_HEIGHT = 0.158
SHADE = QColor(4, 6, 12, 158)


def strip_boxes(width: float, height: float, places: int) -> list[QRectF]:
    """Return where each of the places is in a window of this size, first place leftmost."""
    unit = scale_of(width, height)
    margin, gap = 26 * unit, 14 * unit
    room = (width - 2 * margin - (places - 1) * gap) / max(places, 1)
    wide = max(min(height * SHARE_OF_HEIGHT * ASPECT, room), 24.0)
    tall = wide / ASPECT
    top = height - margin - tall
    return [QRectF(margin + i * (wide + gap), top, wide, tall) for i in range(places)]


def paint_strip(
    painter: QPainter, size: QSize, panels: Sequence[PanelFrame], places: int, shown: float
) -> None:
    """Draw the panels; shown in [0, 1] fades the whole strip."""
    strongest = max((frame.panel.presence for frame in panels), default=0.0) * shown
    if strongest <= 0.0:
        return
    boxes = strip_boxes(
        size.width(), size.height(), max([places, *(f.panel.place + 1 for f in panels)])
    )
    _shade(painter, size, boxes[0].top(), strongest)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    ratio = painter.device().devicePixelRatioF()  # type: ignore[union-attr]
    for frame in panels:
        box = boxes[frame.panel.place]
        presence = frame.panel.presence
        # A panel that comes rises a little, like a card that is laid down.
        painter.setOpacity(presence * shown)
        corner = box.topLeft() + QPointF(0.0, (1.0 - presence) * 0.08 * box.height())
        painter.drawImage(corner, panel_image(frame, box.width(), box.height(), ratio))
    painter.setOpacity(1.0)


def panel_image(frame: PanelFrame, width: float, height: float, ratio: float = 1.0) -> QImage:
    """Return one panel, `width` by `height` logical pixels, clear outside its round corners."""
    panel = frame.panel
    image = _clear(width, height, ratio)
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    box, outline = _outline(width, height)
    colour = QColor(*panel.colour)
    _picture(painter, frame.picture, outline, box, colour)
    face = _face(panel.label, round(100 * panel.probability), panel.colour, width, height, ratio)
    painter.drawImage(QPointF(0.0, 0.0), face)
    _meter(painter, panel.level, box, colour)
    edge = faded(colour.lighter(115), 0.38 + 0.62 * panel.level)
    painter.setPen(QPen(edge, max(1.0, 0.013 * height)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    painter.end()
    return image


@lru_cache(maxsize=24)
def _face(
    label: str, percent: int, colour: Colour, width: float, height: float, ratio: float
) -> QImage:
    """Return what stands over a panel's picture and seldom changes: the dark foot and the words."""
    image = _clear(width, height, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box, outline = _outline(width, height)
    foot = QLinearGradient(0.0, 0.5 * height, 0.0, height)
    foot.setColorAt(0.0, QColor(0, 0, 0, 0))
    foot.setColorAt(1.0, QColor(0, 0, 0, 190))
    painter.fillPath(outline, foot)
    _words(painter, label, f"{percent}%", box, QColor(*colour))
    painter.end()
    return image


def _clear(width: float, height: float, ratio: float) -> QImage:
    image = QImage(
        round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _outline(width: float, height: float) -> tuple[QRectF, QPainterPath]:
    box = QRectF(0.5, 0.5, width - 1.0, height - 1.0)
    path = QPainterPath()
    path.addRoundedRect(box, 0.085 * height, 0.085 * height)
    return box, path


def _picture(
    painter: QPainter, picture: U8 | None, outline: QPainterPath, box: QRectF, colour: QColor
) -> None:
    if picture is None:
        painter.fillPath(outline, QColor(14, 18, 28, 210))
        painter.fillPath(outline, faded(colour, 0.18))
        return
    height, width = picture.shape[:2]
    pixels = picture.tobytes()
    image = QImage(pixels, width, height, width * 3, QImage.Format.Format_RGB888)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setClipPath(outline)
    painter.drawImage(box, image)
    painter.restore()


def _words(painter: QPainter, label: str, sure: str, box: QRectF, colour: QColor) -> None:
    height = box.height()
    inset = 0.085 * height
    line = QRectF(
        box.left() + inset, box.bottom() - 0.31 * height, box.width() - 2 * inset, 0.19 * height
    )
    dot = 0.062 * height
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(line.left() + dot, line.center().y()), dot, dot)
    small = font(0.105 * height)
    sure_width = text_size(sure, small).width()
    painter.setFont(small)
    painter.setPen(INK_QUIET)
    painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, sure)
    bold = font(0.125 * height, QFont.Weight.DemiBold)
    name = QRectF(line)
    name.setLeft(line.left() + 3.2 * dot)
    name.setRight(line.right() - sure_width - dot)
    painter.setFont(bold)
    painter.setPen(INK)
    painter.drawText(
        name,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        shortened(label, bold, name.width()),
    )


def _meter(painter: QPainter, level: float, box: QRectF, colour: QColor) -> None:
    height = box.height()
    inset = 0.085 * height
    thick = max(2.0, 0.026 * height)
    rail = QRectF(box.left() + inset, box.bottom() - 0.1 * height, box.width() - 2 * inset, thick)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 46))
    painter.drawRoundedRect(rail, thick / 2, thick / 2)
    lit = QRectF(rail)
    lit.setWidth(rail.width() * min(max(level, 0.0), 1.0))
    if lit.width() >= thick:
        painter.setBrush(colour.lighter(120))
        painter.drawRoundedRect(lit, thick / 2, thick / 2)


def _shade(painter: QPainter, size: QSize, strip_top: float, strength: float) -> None:
    top = strip_top - 0.45 * (size.height() - strip_top)
    shade = QLinearGradient(0.0, top, 0.0, size.height())
    shade.setColorAt(0.0, faded(SHADE, 0.0))
    shade.setColorAt(0.45, faded(SHADE, 0.42 * strength))
    shade.setColorAt(1.0, faded(SHADE, strength))
    painter.fillRect(QRectF(0.0, top, size.width(), size.height() - top), shade)
