"""Encoded pictures into files and streams that FFmpeg writes."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

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
