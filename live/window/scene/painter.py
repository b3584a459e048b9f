"""The scene drawn by QPainter: the fallback that works everywhere."""

from __future__ import annotations

import time
from collections import deque

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from engine.packets import U8
from engine.painting.crop import Crop
from engine.trace import note
from live.compose.breathing import REACH
from live.compose.light import NEUTRAL_LIGHT, Light
from live.compose.wall.mapping import PLAIN, Placing
from live.window.scene.enlarged import EnlargedFade
from live.window.scene.glow import bloom, breath_glow, vignette
from live.window.scene.placed import begin, blacken
from live.window.scene.widget import PaintOver


class PainterScene(QWidget):
    """Enlarges each picture once; per frame mixes, lights and scales it.

    Mixing and lighting happen at the enlarged picture's size, not at the window's: both are the
    same before and after scaling, and the window has many times the pixels.
    """

    view_name = "QPainter"
    painted = pyqtSignal()
    """A frame has been drawn."""

    def __init__(
        self, fade: EnlargedFade, paint_over: PaintOver, parent: QWidget | None = None
    ) -> None:
        """Show the pictures of a fade, which several screens may share."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.fade = fade
        self._placing = PLAIN
        self._paint_over = paint_over
        self._light = NEUTRAL_LIGHT
        self._now_s = 0.0
        self._vignette = vignette()
        self._bloom = bloom()
        self.draw_ms: deque[float] = deque(maxlen=240)

    def widget(self) -> QWidget:
        """Return the widget itself."""
        return self

    def another(self, paint_over: PaintOver, parent: QWidget) -> PainterScene:
        """Return a view of the same pictures for another screen; see `SceneView`."""
        return PainterScene(self.fade, paint_over, parent)

    def place(self, placing: Placing) -> None:
        """Draw from now on what a screen of a wall shows, where it belongs."""
        self._placing = placing
        self.update()

    def show_picture(self, picture: U8, now_s: float) -> bool:
        """Start to fade to a (h, w, 3) picture as soon as it is enlarged; see `SceneView`."""
        return self.fade.show(picture, now_s)

    def fade_state(self, now_s: float) -> tuple[int, float]:
        """Return the version and the mix of the cross-fade at now_s; see `SceneView`."""
        return self.fade.state(now_s)

    def draw(self, light: Light, now_s: float) -> None:
        """Ask for a frame in this light, at this moment of the cross-fade."""
        self._light, self._now_s = light, now_s
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Draw the frame that was asked for last."""
        began = time.perf_counter()
        painter = QPainter(self)
        blacken(painter, self, self._placing)
        upright = begin(painter, self, self._placing)
        self._paint_scene(painter, QRectF(0.0, 0.0, upright.width(), upright.height()))
        self._paint_over(painter, upright)
        painter.end()
        ended = time.perf_counter()
        self.draw_ms.append((ended - began) * 1e3)
        note("draw", began, ended)
        self.painted.emit()

    def _paint_scene(self, painter: QPainter, window: QRectF) -> None:
        image = self.fade.image(self._now_s, self._light)
        aspect = image.width() / image.height()
        crop = self._placing.crop(aspect, self.width(), self.height(), self._light.zoom)
        part = _part(image, (crop.x, crop.y, crop.width, crop.height))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(window, image, part)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
        self._paint_breaths(painter, window, crop)
        if self._light.flash > 0.004:
            painter.setOpacity(self._light.flash)
            painter.drawImage(window, self._bloom, _part(self._bloom, self._placing.part))
            painter.setOpacity(1.0)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.drawImage(window, self._vignette, _part(self._vignette, self._placing.part))

    def _paint_breaths(self, painter: QPainter, window: QRectF, crop: Crop) -> None:
        for breath in self._light.breaths:
            x, y, width, height = breath.box
            across, down = window.width() / crop.width, window.height() / crop.height
            box = QRectF(
                (x - REACH * width - crop.x) * across, (y - REACH * height - crop.y) * down,
                2 * REACH * width * across, 2 * REACH * height * down,
            )  # fmt: skip
            painter.setOpacity(min(1.0, breath.amount))
            painter.drawImage(box, breath_glow(breath.colour))
        painter.setOpacity(1.0)


def _part(image: QImage, shares: tuple[float, float, float, float]) -> QRectF:
    """A part of an image, given as shares, in its pixels."""
    left, top, wide, tall = shares
    width, height = image.width(), image.height()
    return QRectF(left * width, top * height, wide * width, tall * height)
