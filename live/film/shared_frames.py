"""The newest picture in memory that processes share: one writes it, any number read it.

No locks, as for the ring of sound: a reader that is stopped or killed holds nobody up. There are
three places, which pictures go through in turn. Before the writer touches one it takes away the
number of the picture there, and sets the new one afterwards: a reader that finds the same number
before and after its copy has a whole picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.packets import U8
from live.input.shared_memory import SharedMemory, unnamed_memory

_PLACES = 3
_HEADER_BYTES = 128
_NEWEST = 0
# A number and a time (a float64) for each place.
_NUMBERS, _TIMES = 1, 1 + _PLACES


@dataclass(frozen=True, slots=True)
class SharedFrame:
    """A picture that was copied out."""

    number: int
    """Counts the pictures of this memory, from 1."""
    at_s: float
    """time.monotonic() of the moment that it shows."""
    picture: U8
    """(h, w, 3) sRGB."""


class SharedFrames(SharedMemory):
    """Pictures of one size; a writer, and in other processes its readers."""

    def __init__(self, fd: int, width: int, height: int) -> None:
        """Map the memory behind `fd`, as made by `create`; `fd` stays the caller's."""
        super().__init__(fd, _size(width, height))
        self.width, self.height = width, height
        self._words = np.frombuffer(self._memory, np.int64, _HEADER_BYTES // 8)
        self._times = self._words.view(np.float64)
        pixels = np.frombuffer(self._memory, np.uint8, offset=_HEADER_BYTES)
        self._pictures = pixels.reshape(_PLACES, height, width, 3)

    @classmethod
    def create(cls, width: int, height: int) -> SharedFrames:
        """Make the memory, with no picture in it."""
        return cls(unnamed_memory(_size(width, height), "frames"), width, height)

    def of_size(self, width: int, height: int) -> SharedFrames:
        """Return the same memory for pictures of another size, with none in it.

        They take no more room, and nobody reads the ones before any longer.
        """
        self._words[:] = 0
        return SharedFrames(self.fd, width, height)

    def put(self, picture: U8, at_s: float) -> None:
        """Make this (height, width, 3) picture the newest; called by the one writer."""
        number = int(self._words[_NEWEST]) + 1
        place = number % _PLACES
        self._words[_NUMBERS + place] = 0
        self._pictures[place] = picture
        self._times[_TIMES + place] = at_s
        self._words[_NUMBERS + place] = number
        self._words[_NEWEST] = number

    def newest(self, after: int = 0) -> SharedFrame | None:
        """Return a copy of the newest picture; None if it is not newer than number `after`."""
        while (number := int(self._words[_NEWEST])) > after:
            place = number % _PLACES
            picture, at_s = self._pictures[place].copy(), float(self._times[_TIMES + place])
            if int(self._words[_NUMBERS + place]) == number:
                return SharedFrame(number, at_s, picture)
        return None


def _size(width: int, height: int) -> int:
    return _HEADER_BYTES + _PLACES * width * height * 3
