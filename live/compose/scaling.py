"""Making the scene as large as the frame: by FFmpeg's scaler, in a quarter of Pillow's time."""

from __future__ import annotations

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from engine.packets import U8
from engine.painting.crop import cover


class Scaler:
    """Scales scene after scene; used by one thread, because it keeps its tables."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def cover(self, scene: U8, width: int, height: int, zoom: float) -> U8:
        """Return (height, width, 3): what of a (h, w, 3) scene covers it, zoomed by 1 or more.

        Bicubic. The whole scene is made large, to an even number of pixels each way, and then cut:
        FFmpeg cuts by whole pixels only, and those of the frame are the finer ones.
        """
        tall, wide = scene.shape[:2]
        part = cover(wide / tall, width / height, zoom)
        across = max(width, 2 * round(width / part.width / 2))
        down = max(height, 2 * round(height / part.height / 2))
        frame = av.VideoFrame.from_ndarray(scene, format="rgb24")
        # In planes, which FFmpeg has fast code for: packed, it takes three times as long.
        large = self._reformatter.reformat(
            frame, across, down, "gbrp", interpolation=Interpolation.BICUBIC, threads=1
        ).to_ndarray()
        left = min(round(part.x * across), across - width)
        top = min(round(part.y * down), down - height)
        return np.asarray(large[top : top + height, left : left + width], np.uint8)
