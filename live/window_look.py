"""The hand that everything over the scene is written in: type, inks, sizes."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

FAMILIES = [
    "Inter",
    "SF Pro Text",
    "Segoe UI Variable",
    "Segoe UI",
    "Cantarell",
    "Noto Sans",
    "Open Sans",
    "DejaVu Sans",
]
"""The first one that is installed is used."""

INK = QColor(255, 255, 255, 235)
INK_QUIET = QColor(255, 255, 255, 150)
PAPER = QColor(12, 15, 22, 178)
DIM = QColor(6, 8, 14, 120)
"""Over everything, while the keys are shown."""
EDGE = QColor(255, 255, 255, 26)
RECORDING = QColor(235, 74, 66)


def font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font at a size in logical pixels."""
    made = QFont(FAMILIES)
    made.setPixelSize(max(9, round(pixels)))
    made.setWeight(weight)
    return made


def card(painter: QPainter, box: QRectF, radius: float) -> None:
    """Draw the dark, half-clear paper that text stands on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(EDGE, 1.0))
    painter.setBrush(PAPER)
    painter.drawRoundedRect(box, radius, radius)


def text_size(text: str, written_in: QFont) -> QSizeF:
    """Return the width and height of one line, in logical pixels."""
    metrics = QFontMetricsF(written_in)
    return QSizeF(metrics.horizontalAdvance(text), metrics.height())


def shortened(text: str, written_in: QFont, width: float) -> str:
    """Return the text, cut with an ellipsis if it is wider than `width` logical pixels."""
    return QFontMetricsF(written_in).elidedText(text, Qt.TextElideMode.ElideRight, width)


def faded(colour: QColor, share: float) -> QColor:
    """Return the colour with its alpha multiplied by a share in [0, 1]."""
    made = QColor(colour)
    made.setAlphaF(colour.alphaF() * min(max(share, 0.0), 1.0))
    return made
