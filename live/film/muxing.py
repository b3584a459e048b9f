"""Encoded pictures, and the sound beside them, into files and streams that FFmpeg writes."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from engine.packets import F32
from live.film.encoder import Encoded


def add_h264(container: OutputContainer, key: Encoded) -> VideoStream:
    """Return a new stream of pictures; a key picture says what a container must know of them."""
    with av.open(io.BytesIO(key.body), format="h264") as read:
        return container.add_stream_from_template(read.streams.video[0])


def packet_of(picture: Encoded, stream: VideoStream, at: int, time_base: Fraction) -> Packet:
    """Return a picture ready for a stream, to be seen from `at` on, in units of time_base s."""
    packet = Packet(picture.body)
    packet.stream, packet.is_keyframe = stream, picture.key
    packet.pts = packet.dts = at
    packet.time_base = time_base
    return packet


def sound_frame(samples: F32, rate_hz: int, at: int) -> av.AudioFrame:
    """Return mono samples (n,) ready for an encoder, the first of them number `at`; what lies
    outside [-1, 1] is cut off."""
    plain = np.clip(samples, -1, 1).astype(np.float32)[None]
    frame = av.AudioFrame.from_ndarray(plain, format="fltp", layout="mono")
    frame.sample_rate = rate_hz
    frame.pts, frame.time_base = at, Fraction(1, rate_hz)
    return frame
