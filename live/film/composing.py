"""The process that composes what is shown elsewhere than in the window, and encodes it.

Started by `live/film/studio.py` as `python -m live.film.composing LINE PACKETS FRAMES WIDTH HEIGHT`
with three open descriptors. It stands behind the show, and shares no interpreter with it: a thread
of low priority that held the show's would keep all others from it.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import time
from typing import Any

import numpy as np

from live.compose.frame import Composer
from live.film.encoder import PictureEncoder
from live.film.forms import MOST_BITS, NICE, RATE, Form
from live.film.jpeg import jpeg
from live.film.packets import SharedPackets
from live.film.shared_frames import SharedFrames
from live.film.wire import ViewReader, receive, send

AGAIN_S = 0.5
"""A picture that stands for so long is encoded again: whoever takes a stream takes silence for
death."""
LONG_AGO_S = 10.0
"""The first picture shows what there is as it is, and no fade that leads to it."""


class Studio:
    """Composes pictures of one size, one after another."""

    def __init__(self, packets: SharedPackets, frames: SharedFrames) -> None:
        self._packets, self._frames = packets, frames
        self._reader = ViewReader()
        self._composer: Composer | None = None
        self._encoder: PictureEncoder | None = None
        self._picture = np.zeros((frames.height, frames.width, 3), np.uint8)
        self.again_s: float | None = None
        """When the picture is to be encoded again; None while nobody wants that."""

    def compose(self, head: dict[str, Any], body: memoryview) -> bytes:
        """Compose a picture; return it as a JPEG where that is wanted, else nothing."""
        view, at_s = self._reader.read(head, body), head["at_s"]
        composer = self._composer
        if composer is None:
            self._composer = composer = Composer(self._frames.width, self._frames.height)
            composer.update(view, at_s - LONG_AGO_S)
        self._picture = picture = composer.frame(view, at_s)
        if Form.FRAMES.value in head["forms"]:
            self._frames.put(picture, at_s)
        return jpeg(picture) if Form.JPEG.value in head["forms"] else b""

    def encode(self, at_s: float, key: bool) -> None:
        """Encode the newest picture for all who take that."""
        if self._encoder is None:
            size = self._frames.width, self._frames.height
            self._encoder = PictureEncoder(*size, RATE, MOST_BITS)
        encoded = self._encoder.encode(self._picture, at_s, key)
        if encoded is not None:
            self._packets.put(encoded)
        self.again_s = time.monotonic() + AGAIN_S


def main(line: socket.socket, studio: Studio) -> None:
    """Compose what is asked for, until the show is gone."""
    send(line, {"ready": True})
    while True:
        wait_s = None if studio.again_s is None else max(0.0, studio.again_s - time.monotonic())
        if not select.select([line], [], [], wait_s)[0]:
            studio.encode(time.monotonic(), False)
            continue
        head, body = receive(line)
        if not head["encoded"]:
            studio.again_s = None
        if "forms" not in head:
            continue
        try:
            made = studio.compose(head, body)
        except Exception as error:  # the show says it, and begins again
            send(line, {"error": f"{error}"})
            return
        send(line, {"jpeg": len(made)}, [made])  # at once: whoever looks waits for it
        if Form.ENCODED.value in head["forms"]:
            studio.encode(head["at_s"], head["key"])


if __name__ == "__main__":
    with contextlib.suppress(OSError, AttributeError):  # there is no such thing on Windows
        os.nice(NICE)
    fds = [int(given) for given in sys.argv[1:4]]
    width, height = int(sys.argv[4]), int(sys.argv[5])
    memory = SharedPackets(fds[1]), SharedFrames(fds[2], width, height)
    with contextlib.suppress(EOFError, OSError):  # the show has ended, or wants another one
        main(socket.socket(fileno=fds[0]), Studio(*memory))
