"""Pictures and sound as a stream of H.264 and AAC, in a container that FFmpeg writes."""

from __future__ import annotations

import errno
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from engine.packets import F32, U8
from live.errors import UserError
from live.input.shared_ring import RING_HZ

PICTURE_BITS, SOUND_BITS = 3_000_000, 128_000
"""A second, as stream services ask for at 1280x720."""
KEY_S = 2
"""Who joins waits for a key picture no longer than this."""
_REASONS = {
    errno.ECONNREFUSED: "nobody listens there",
    errno.EHOSTUNREACH: "there is no way there",
    errno.ENETUNREACH: "there is no way there",
    errno.ETIMEDOUT: "no answer",
    errno.EPIPE: "the connection broke",
    errno.ECONNRESET: "the connection broke",
}


class Stream:
    """An `Output` into a container that is open for writing."""

    taken = True
    """A server has answered before anything is sent."""

    def __init__(self, container: OutputContainer, width: int, height: int, rate: int) -> None:
        """width and height are even. Raises UserError when the other side does not take it."""
        self._container, self._rate = container, rate
        self._samples = 0
        self._picture: VideoStream = container.add_stream(
            "libx264",
            rate=rate,
            width=width,
            height=height,
            pix_fmt="yuv420p",
            bit_rate=PICTURE_BITS,
            options={
                "preset": "ultrafast",
                "tune": "zerolatency",
                "g": str(KEY_S * rate),
                "maxrate": str(PICTURE_BITS),
                "bufsize": str(PICTURE_BITS),
            },
        )
        self._picture.codec_context.thread_count = 1
        self._sound: AudioStream = container.add_stream(
            "aac", rate=RING_HZ, layout="mono", bit_rate=SOUND_BITS
        )
        try:
            container.start_encoding()
        except (OSError, FFmpegError) as error:
            raise refusal(error) from error

    def add_picture(self, picture: U8, number: int) -> None:
        """Send a picture; see `Output`."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, self._rate)
        self._send(self._picture, frame)

    def add_sound(self, samples: F32) -> None:
        """Send sound; see `Output`."""
        if not samples.size:
            return
        plain = np.clip(samples, -1, 1).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(plain, format="fltp", layout="mono")
        frame.sample_rate = RING_HZ
        frame.pts, frame.time_base = self._samples, Fraction(1, RING_HZ)
        self._samples += samples.size
        self._send(self._sound, frame)

    def close(self) -> None:
        """Send what waits, and end the stream."""
        try:
            try:
                for stream in (self._picture, self._sound):
                    self._send(stream, None)
            finally:
                self._container.close()
        except (OSError, FFmpegError) as error:
            raise refusal(error) from error

    def _send(self, stream: Any, frame: Any) -> None:
        try:
            for packet in stream.encode(frame):
                self._container.mux(packet)
        except (OSError, FFmpegError) as error:
            raise refusal(error) from error


def refusal(error: Exception) -> UserError:
    """Return what FFmpeg or the system said of the other side, without its address."""
    if isinstance(error, EOFError):
        return UserError("the other side hung up")
    said = getattr(error, "strerror", None) or str(error)
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    return UserError(known or f"it was refused ({said})")
