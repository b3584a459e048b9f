"""RTMP: what stream services, and media servers at home, take."""

from __future__ import annotations

import av
from av.error import FFmpegError

from live.sinks.stream import Stream, refusal


def open_rtmp(url: str, width: int, height: int, rate: int) -> Stream:
    """Begin to publish; raises UserError when the server does not take it."""
    options = {"flvflags": "no_duration_filesize", "flush_packets": "1"}
    try:
        container = av.open(url, "w", format="flv", options=options)
    except (OSError, FFmpegError) as error:
        raise refusal(error) from error
    return Stream(container, width, height, rate)
