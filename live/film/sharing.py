"""The one encoding of the show that recordings and streams share, made while anybody takes it."""

from __future__ import annotations

import threading
import time

import numpy as np

from engine.system.priority import stand_behind
from engine.trace import span
from live.film.encoder import PictureEncoder
from live.film.packets import SharedPackets
from live.film.stage import Seat, Stage

RATE = 20
"""Pictures a second: what more would cost, the show needs too."""
MOST_BITS = 4_000_000
"""A second, as stream services ask for at 1280x720."""
AGAIN_S = 0.5
"""A picture that stands for so long is sent again: whoever takes a stream takes silence for death.
"""


class SharedEncoding:
    """Encodes in a thread of its own, behind the show, while there are readers.

    Any thread may call any method.
    """

    def __init__(self, stage: Stage) -> None:
        """Nothing is encoded yet."""
        self._stage = stage
        self._lock = threading.Lock()
        self._readers = 0
        self._packets = SharedPackets.create()  # at once: later there may be no room for it
        self._over = threading.Event()
        self._key_wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self) -> SharedPackets:
        """Have pictures encoded from now on, the next of them a key picture, until `leave`.

        The memory stays the encoding's.
        """
        with self._lock:
            if self._thread is None:
                self._over = threading.Event()
                # Taken here, not by the thread: the shape of the show is that of this moment.
                self._thread = threading.Thread(
                    target=self._run, args=(self._stage.want(RATE), self._over),
                    name="encoding", daemon=True,
                )  # fmt: skip
                self._thread.start()
            self._readers += 1
            self._key_wanted.set()
            return self._packets

    def leave(self) -> None:
        """Read no more: once for each `join`."""
        with self._lock:
            self._readers -= 1
            if self._readers or self._thread is None:
                return
            self._over.set()
            self._thread.join()
            self._thread = None

    def close(self) -> None:
        """Let go of the memory, once all have left."""
        self._packets.close()

    def _run(self, seat: Seat, over: threading.Event) -> None:
        stand_behind()
        encoder = PictureEncoder(*seat.size, RATE, MOST_BITS)
        picture, newest_s = np.zeros((seat.size[1], seat.size[0], 3), np.uint8), time.monotonic()
        with seat:
            while not over.is_set():
                frame = seat.next(AGAIN_S)
                at_s = time.monotonic() if frame is None else frame.at_s
                if frame is not None:
                    picture = frame.picture
                elif at_s < newest_s + AGAIN_S:
                    over.wait(0.01)  # a stage that has closed does not let anybody wait
                    continue
                newest_s = at_s
                key = self._key_wanted.is_set()
                self._key_wanted.clear()
                with span("encode picture"):
                    encoded = encoder.encode(picture, at_s, key)
                if encoded is not None:
                    self._packets.put(encoded)
