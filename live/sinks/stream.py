"""Encoded pictures, and sound as AAC, as a stream in a container that FFmpeg writes."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from fractions import Fraction

from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from engine.packets import F32
from live.errors import UserError
from live.film.encoder import Encoded
from live.film.muxing import add_h264, packet_of, sound_frame
from live.input.shared_ring import RING_HZ

SOUND_BITS = 128_000
"""A second, as stream services ask for."""
_REASONS = {
    errno.ECONNREFUSED: "nobody listens there",
    errno.EHOSTUNREACH: "there is no way there",
    errno.ENETUNREACH: "there is no way there",
    errno.ETIMEDOUT: "no answer",
    errno.EPIPE: "the connection broke",
    errno.ECONNRESET: "the connection broke",
}


class Stream:
    """A `StreamOutput` into a container that is open for writing."""

    taken = True
    """A server has answered before anything is sent."""

    def __init__(self, container: OutputContainer, key: Encoded, rate: int) -> None:
        """key: a key picture such as those that will come, `rate` a second at most."""
        self._container, self._rate = container, rate
        self._samples, self._number = 0, -1
        self._picture: VideoStream = add_h264(container, key)
        self._picture.time_base = Fraction(1, rate)
        self._sound: AudioStream = container.add_stream(
            "aac", rate=RING_HZ, layout="mono", bit_rate=SOUND_BITS
        )
        try:
            container.start_encoding()
        except (OSError, FFmpegError) as error:
            raise refusal(error) from error

    def add_picture(self, picture: Encoded, at_s: float) -> None:
        """Send a picture; see `StreamOutput`."""
        self._number = max(round(at_s * self._rate), self._number + 1)
        self._send([packet_of(picture, self._picture, self._number, Fraction(1, self._rate))])

    def add_sound(self, samples: F32) -> None:
        """Send sound; see `SoundOutput`."""
        if not samples.size:
            return
        frame = sound_frame(samples, RING_HZ, self._samples)
        self._samples += samples.size
        self._send(self._sound.encode(frame))

    def close(self) -> None:
        """Send what waits, and end the stream."""
        try:
            try:
                self._send(self._sound.encode(None))
            finally:
                self._container.close()
        except (OSError, FFmpegError) as error:
            raise refusal(error) from error

    def _send(self, packets: Sequence[Packet]) -> None:
        try:
            self._container.mux(packets)
        except (OSError, FFmpegError) as error:
            raise refusal(error) from error


def refusal(error: Exception) -> UserError:
    """Return what FFmpeg or the system said of the other side, without its address."""
    if isinstance(error, EOFError):
        return UserError("the other side hung up")
    said = getattr(error, "strerror", None) or str(error)
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    return UserError(known or f"it was refused ({said})")
