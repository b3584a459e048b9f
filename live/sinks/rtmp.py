"""RTMP: what stream services, and media servers at home, take."""

from __future__ import annotations

import av
from av.error import FFmpegError

from live.film.encoder import Encoded
from live.sinks.stream import Stream, refusal


def open_rtmp(url: str, key: Encoded, rate: int) -> Stream:
    """Begin to publish, as `Stream` has it; raises UserError when the server does not take it."""
    options = {"flvflags": "no_duration_filesize", "flush_packets": "1"}
    try:
        container = av.open(url, "w", format="flv", options=options)
    except (OSError, FFmpegError) as error:
        raise refusal(error) from error
    return Stream(container, key, rate)
