"""The scene drawn by QPainter: the fallback that works everywhere."""

from __future__ import annotations

import time
from collections import deque

from PIL import Image
from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from engine.packets import U8
from engine.painting.crop import cover
from engine.trace import note
from live.compose.breathing import REACH
from live.compose.crossfade import CrossFade
from live.compose.enlarge import Enlarger, enlarge
from live.compose.light import NEUTRAL_LIGHT, Light
from live.window.scene.glow import bloom, breath_glow, vignette
from live.window.scene.widget import PaintOver


class PainterScene(QWidget):
    """Enlarges each picture once; per frame mixes, lights and scales it.

    Mixing and lighting happen at the enlarged picture's size, not at the window's: both are the
    same before and after scaling, and the window has many times the pixels.
    """

    view_name = "QPainter"
    painted = pyqtSignal()
    """A frame has been drawn."""

    def __init__(self, first: U8, paint_over: PaintOver, parent: QWidget | None = None) -> None:
        """Show a (h, w, 3) picture until the first one comes."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._fade = CrossFade(enlarge(first))
        self._enlarger = Enlarger()
        self._paint_over = paint_over
        self._light = NEUTRAL_LIGHT
        self._now_s = 0.0
        self._vignette = vignette()
        self._bloom = bloom()
        self._lit = _LitImage()
        self.draw_ms: deque[float] = deque(maxlen=240)

    def widget(self) -> QWidget:
        """Return the widget itself."""
        return self

    def show_picture(self, picture: U8, now_s: float) -> bool:
        """Start to fade to a (h, w, 3) picture as soon as it is enlarged; see `SceneView`."""
        enlarged = self._enlarger.newest(picture)
        return enlarged is not None and self._fade.show(enlarged, now_s)

    def fade_state(self, now_s: float) -> tuple[int, float]:
        """Return the version and the mix of the cross-fade at now_s; see `SceneView`."""
        return self._fade.version, round(self._fade.mix(now_s), 3)

    def draw(self, light: Light, now_s: float) -> None:
        """Ask for a frame in this light, at this moment of the cross-fade."""
        self._light, self._now_s = light, now_s
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Draw the frame that was asked for last."""
        began = time.perf_counter()
        painter = QPainter(self)
        self._paint_scene(painter)
        self._paint_over(painter, self.size())
        painter.end()
        ended = time.perf_counter()
        self.draw_ms.append((ended - began) * 1e3)
        note("draw", began, ended)
        self.painted.emit()

    def _paint_scene(self, painter: QPainter) -> None:
        image = self._lit.image(self._fade, self._fade.mix(self._now_s), self._light)
        window = QRectF(self.rect())
        crop = cover(
            image.width() / image.height(),
            window.width() / max(window.height(), 1.0),
            self._light.zoom,
        )
        part = QRectF(
            crop.x * image.width(),
            crop.y * image.height(),
            crop.width * image.width(),
            crop.height * image.height(),
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(window, image, part)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
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
        if self._light.flash > 0.004:
            painter.setOpacity(self._light.flash)
            painter.drawImage(window, self._bloom)
            painter.setOpacity(1.0)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.drawImage(window, self._vignette)


class _LitImage:
    """The enlarged picture, mixed and lit.

    Pillow does it on the calling thread: NumPy's matrix product is no slower alone, but hands the
    work to a pool of threads and waits for them while the models have the processor.
    """

    def __init__(self) -> None:
        self._version = -1
        self._start = Image.new("RGB", (1, 1))
        self._end = self._start
        self._pixels = b""

    def image(self, fade: CrossFade, mix: float, light: Light) -> QImage:
        """Return the frame's picture; it lasts until the next call."""
        assert fade.start is not None, "the fade begins with a picture"
        assert fade.end is not None
        if fade.version != self._version:
            self._version = fade.version
            self._start, self._end = Image.fromarray(fade.start), Image.fromarray(fade.end)
        mixed = self._end if mix >= 1.0 else Image.blend(self._start, self._end, mix)
        rows = [(*(float(factor) for factor in column), 0.0) for column in light.matrix().T]
        lit = mixed.convert("RGB", (*rows[0], *rows[1], *rows[2]))
        self._pixels = lit.tobytes("raw", "BGRX")
        width, height = lit.size
        return QImage(self._pixels, width, height, width * 4, QImage.Format.Format_RGB32)
