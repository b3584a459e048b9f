"""The typography of everything drawn over the scene: fonts, colours, sizes."""

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
SOLID = QColor(14, 17, 25)
DIM = QColor(6, 8, 14, 120)
"""Over everything, while the keys are shown."""
EDGE = QColor(255, 255, 255, 26)
RECORDING = QColor(235, 74, 66)


def font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal, least: int = 9) -> QFont:
    """Return the font at a size in logical pixels, and no smaller than the least that is given."""
    made = QFont(FAMILIES)
    made.setPixelSize(max(least, round(pixels)))
    made.setWeight(weight)
    return made


def card(painter: QPainter, box: QRectF, radius: float, solid: bool = False) -> None:
    """Draw the dark paper that text stands on: half clear, or solid where it hides other text."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(EDGE, 1.0))
    painter.setBrush(SOLID if solid else PAPER)
    painter.drawRoundedRect(box, radius, radius)


def text_size(text: str, written_in: QFont) -> QSizeF:
    """Return the width and height of one line, in logical pixels."""
    metrics = QFontMetricsF(written_in)
    return QSizeF(metrics.horizontalAdvance(text), metrics.height())


def elide(text: str, written_in: QFont, width: float) -> str:
    """Return the text, cut with an ellipsis if it is wider than `width` logical pixels."""
    return QFontMetricsF(written_in).elidedText(text, Qt.TextElideMode.ElideRight, width)


def allow_breaks(text: str, written_in: QFont, width: float) -> str:
    """Return the text so that it can be broken to that width: a longer word, a path say, anywhere.

    Elsewhere it is broken between words.
    """
    metrics = QFontMetricsF(written_in)
    return " ".join(
        "\u200b".join(word) if metrics.horizontalAdvance(word) > width else word
        for word in text.split(" ")
    )


def with_opacity(colour: QColor, share: float) -> QColor:
    """Return the colour with its alpha multiplied by a share in [0, 1]."""
    made = QColor(colour)
    made.setAlphaF(colour.alphaF() * min(max(share, 0.0), 1.0))
    return made
