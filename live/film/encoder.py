"""H.264 of one picture after another, each encoded as soon as it is there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import Interpolation, VideoReformatter

from engine.packets import U8

TICKS = 90_000
"""Time of pictures is counted in these parts of a second."""
KEY_S = 1.0
"""Who begins to read waits for a key picture no longer than this."""
_CONVERSION = Interpolation.BILINEAR | Interpolation.FULL_CHR_H_INP
"""To 4:2:0 at the same size: of FFmpeg's ways the fastest, by half."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One picture."""

    body: bytes
    """H.264, as Annex B of its standard has it; a key picture says first how to read all of it."""
    at_s: float
    key: bool
    """It needs none of those before."""


class PictureEncoder:
    """Takes pictures in order of time; used by one thread, and takes time from no other core."""

    def __init__(self, width: int, height: int, rate: float, most_bits: int | None = None) -> None:
        """width and height are even; rate is the usual one a second, not a promise.

        most_bits: a second, where a network has no room for more.
        """
        self._codec: VideoCodecContext = VideoCodecContext.create("libx264", "w")
        self._codec.width, self._codec.height = width, height
        self._codec.pix_fmt, self._codec.time_base = "yuv420p", Fraction(1, TICKS)
        self._codec.framerate = Fraction(rate)
        self._codec.thread_count = 1
        self._codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "crf": "21",
            "forced-idr": "1",
            "g": str(round(10 * rate * KEY_S)),
        }
        if most_bits is not None:
            self._codec.options |= {"maxrate": str(most_bits), "bufsize": str(most_bits)}
        self._reformatter = VideoReformatter()
        self._last_tick = -1
        self._next_key_s = 0.0

    def encode(self, picture: U8, at_s: float, key: bool = False) -> Encoded | None:
        """Encode an (h, w, 3) picture to be seen from at_s on; one not later is left out.

        key: whether somebody waits for a key picture. By the clock there is one every KEY_S at
        least, however few pictures a busy machine gives.
        """
        tick = round(at_s * TICKS)
        if tick <= self._last_tick:
            return None
        self._last_tick = tick
        frame = self._reformatter.reformat(
            av.VideoFrame.from_ndarray(picture, format="rgb24"),
            format="yuv420p", interpolation=_CONVERSION, threads=1,
        )  # fmt: skip
        frame.pts, frame.time_base = tick, Fraction(1, TICKS)
        key = key or at_s >= self._next_key_s
        if key:
            frame.pict_type = PictureType.I
            self._next_key_s = at_s + KEY_S
        # Without delay: each picture is one packet at once.
        (packet,) = self._codec.encode(frame)
        return Encoded(bytes(packet), at_s, packet.is_keyframe)
