"""Enlarging a small picture once, with care, so that drawing it large each frame is cheap."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from PIL import Image

from engine.packets import F32, U8

FACTOR = 2
"""Lanczos to twice the size; the plain bilinear scaling that is left then hardly shows."""
FINE = 512
"""Rows from which on a picture is shown as it is: its edges are thin, and four times the pixels
would have to be mixed and lit each frame."""
THINNING = 1.3
"""Texels to move per unit of change of the slope; the same as in the shader."""
FARTHEST = 0.5
"""Most texels that a pixel is fetched from away."""


class Enlarger:
    """Enlarges pictures beside the drawing, which would stand still for a frame or two for each.

    Only the newest counts: what comes while one is enlarged takes the place of what waits.
    """

    def __init__(self) -> None:
        """Have a thread of its own, which ends with the last reference to this."""
        self._pool = ThreadPoolExecutor(1, "enlarge")
        self._asked: U8 | None = None
        self._work: Future[U8] | None = None
        self._newest: U8 | None = None

    def newest(self, picture: U8) -> U8 | None:
        """Ask for a (h, w, 3) picture; return the last one that is ready, None before the first."""
        if self._work is not None and self._work.done():
            self._newest, self._work = self._work.result(), None
        if self._work is None and picture is not self._asked:
            self._asked, self._work = picture, self._pool.submit(enlarge, picture)
        return self._newest


def enlarge(picture: U8) -> U8:
    """Return a (h, w, 3) picture twice as high and wide, with its edges made thin again.

    One of at least FINE rows is returned as it is.

    Like the shader of the OpenGL view, each pixel is fetched from a little farther away from the
    middle of the edge it lies on (warp sharpening, Arad and Gotsman 1999): sharp, and none of the
    bright seams that unsharp masking leaves.
    """
    height, width = picture.shape[:2]
    if height >= FINE:
        return picture
    size = (width * FACTOR, height * FACTOR)
    image = Image.fromarray(picture)
    large = np.asarray(image.convert("RGBX").resize(size, Image.Resampling.LANCZOS))
    right, down = _thinning_shift(np.asarray(image.convert("L"), np.float32) / 255.0)
    columns = np.arange(size[0], dtype=np.int32) + _upscale(right, size)
    rows = np.arange(size[1], dtype=np.int32)[:, None] + _upscale(down, size)
    np.clip(columns, 0, size[0] - 1, out=columns)
    np.clip(rows, 0, size[1] - 1, out=rows)
    rows *= size[0]
    rows += columns
    pixels = large.view(np.uint32).reshape(-1)
    moved = np.take(pixels, rows).view(np.uint8).reshape(size[1], size[0], 4)
    return np.ascontiguousarray(moved[..., :3])


def _thinning_shift(luma: F32) -> tuple[F32, F32]:
    """Return how far right and down to fetch each pixel of luma (h, w), in texels."""
    down, right = np.gradient(luma)
    slope = np.sqrt(down * down + right * right)
    down, right = np.gradient(slope)
    steep = np.sqrt(down * down + right * right) + np.float32(1e-6)
    # The shader differences over 0.75 texel, np.gradient over two.
    share = np.minimum(3.0 * THINNING * steep, FARTHEST) / -steep
    return right * share, down * share


def _upscale(texels: F32, size: tuple[int, int]) -> np.ndarray:
    image = Image.fromarray(texels * np.float32(FACTOR))
    return np.rint(np.asarray(image.resize(size, Image.Resampling.BILINEAR))).astype(np.int32)
