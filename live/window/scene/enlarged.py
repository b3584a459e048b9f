"""The enlarged picture of the QPainter view, mixed and lit: once a frame, for however many screens.
"""

from __future__ import annotations

from PIL import Image
from PyQt6.QtGui import QImage

from engine.packets import U8
from live.compose.crossfade import CrossFade
from live.compose.enlarge import Enlarger, enlarge
from live.compose.light import NEUTRAL_LIGHT, Light


class EnlargedFade:
    """Enlarges each picture once beside the drawing; per frame mixes and lights it.

    Pillow does it on the calling thread: NumPy's matrix product is no slower alone, but hands the
    work to a pool of threads and waits for them while the models have the processor.
    """

    def __init__(self, first: U8) -> None:
        """Show a (h, w, 3) picture until the first one comes."""
        self._fade = CrossFade(enlarge(first))
        self.enlarger = Enlarger()
        self._version = -1
        self._start = Image.new("RGB", (1, 1))
        self._end = self._start
        self._pixels = b""
        self._size = (1, 1)
        self._made: tuple[object, ...] = ()

    def show(self, picture: U8, now_s: float) -> bool:
        """Start to fade to a (h, w, 3) picture as soon as it is enlarged; see `SceneView`."""
        enlarged = self.enlarger.newest(picture)
        return enlarged is not None and self._fade.show(enlarged, now_s)

    def state(self, now_s: float) -> tuple[int, float]:
        """Return the version and the mix of the cross-fade at now_s."""
        return self._fade.version, round(self._fade.mix(now_s), 3)

    def image(self, now_s: float, light: Light = NEUTRAL_LIGHT) -> QImage:
        """Return the picture of a frame; it lasts until the next call."""
        mix, matrix = self._fade.mix(now_s), light.matrix()
        wanted = (self._fade.version, mix, matrix.tobytes())
        if wanted != self._made:
            self._made = wanted
            self._mix(mix, [(*(float(factor) for factor in row), 0.0) for row in matrix.T])
        width, height = self._size
        return QImage(self._pixels, width, height, width * 4, QImage.Format.Format_RGB32)

    def _mix(self, mix: float, rows: list[tuple[float, ...]]) -> None:
        fade = self._fade
        assert fade.start is not None, "the fade begins with a picture"
        assert fade.end is not None
        if fade.version != self._version:
            self._version = fade.version
            self._start, self._end = Image.fromarray(fade.start), Image.fromarray(fade.end)
        mixed = self._end if mix >= 1.0 else Image.blend(self._start, self._end, mix)
        lit = mixed.convert("RGB", (*rows[0], *rows[1], *rows[2]))
        self._pixels, self._size = lit.tobytes("raw", "BGRX"), lit.size
