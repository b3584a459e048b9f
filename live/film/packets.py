"""Encoded pictures in memory that processes share: one writes them, any number read them.

No locks, as for the ring of sound: a reader that is stopped, slow or killed holds nobody up. Before
the writer touches a byte it raises `claimed`, afterwards it publishes `written`; a reader copies
and then sees by `claimed` whether what it copied was whole. Whoever has fallen behind, or has only
just come, goes on with a key picture.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from live.film.encoder import Encoded
from live.input.shared_memory import SharedMemory, unnamed_memory

CAPACITY = 1 << 22
"""Bytes: eight seconds and more of what streams carry."""
_HEADER_BYTES = 64
_WRITTEN, _CLAIMED, _KEY, _COUNT = range(4)
_HEAD = struct.Struct("<qdii")
"""Before each picture: its number, its moment, whether it is a key picture, its bytes."""


@dataclass(frozen=True, slots=True)
class Packet:
    """An encoded picture that was copied out."""

    number: int
    """Counts the pictures of this memory, from 1."""
    picture: Encoded


class SharedPackets(SharedMemory):
    """The newest encoded pictures; a writer, and in any process its readers."""

    def __init__(self, fd: int) -> None:
        """Map the memory behind `fd`, as made by `create`; `fd` stays the caller's."""
        super().__init__(fd, _HEADER_BYTES + CAPACITY)
        self._words = np.frombuffer(self._memory, np.int64, _HEADER_BYTES // 8)
        self._bytes = memoryview(self._memory)[_HEADER_BYTES:]

    @classmethod
    def create(cls) -> SharedPackets:
        """Make the memory, with nothing in it."""
        return cls(unnamed_memory(_HEADER_BYTES + CAPACITY, "packets"))

    @property
    def written(self) -> int:
        """Bytes that were ever written: where the next picture will begin."""
        return int(self._words[_WRITTEN])

    @property
    def key(self) -> int:
        """Where the newest key picture begins; -1 before the first."""
        return int(self._words[_KEY]) - 1

    @property
    def count(self) -> int:
        """Pictures that were ever written."""
        return int(self._words[_COUNT])

    def put(self, picture: Encoded) -> None:
        """Add a picture; called by the one writer."""
        at, number, body = self.written, self.count + 1, picture.body
        whole = _HEAD.pack(number, picture.at_s, picture.key, len(body)) + body
        if len(whole) > CAPACITY // 2:  # no encoder of ours makes such a picture
            return
        self._words[_CLAIMED] = at + len(whole)
        first = at % CAPACITY
        before_end = min(len(whole), CAPACITY - first)
        self._bytes[first : first + before_end] = whole[:before_end]
        self._bytes[: len(whole) - before_end] = whole[before_end:]
        if picture.key:
            self._words[_KEY] = at + 1
        self._words[_COUNT] = number
        self._words[_WRITTEN] = at + len(whole)

    def read(self, at: int) -> tuple[Packet, int] | None:
        """Return the picture that begins at `at`, and where the next one does; None if it is gone.

        Something has been written there: `at` is less than `written`.
        """
        head = self._copy(at, _HEAD.size)
        if head is None:
            return None
        number, at_s, key, size = _HEAD.unpack(head)
        body = self._copy(at + _HEAD.size, size)
        if body is None:
            return None
        return Packet(number, Encoded(body, at_s, bool(key))), at + _HEAD.size + size

    def _copy(self, at: int, size: int) -> bytes | None:
        first = at % CAPACITY
        before_end = min(size, CAPACITY - first)
        copied = bytes(self._bytes[first : first + before_end])
        copied += bytes(self._bytes[: size - before_end])
        return copied if int(self._words[_CLAIMED]) - at <= CAPACITY else None


class PacketReader:
    """One who reads, from the next key picture on."""

    def __init__(self, packets: SharedPackets) -> None:
        self.left_out = 0
        """Pictures that this one was too slow for."""
        self._packets = packets
        self._at = packets.written
        self._wants_key = True
        self._last = 0

    @property
    def behind(self) -> int:
        """How many pictures wait to be read, at the most."""
        return self._packets.count - self._last if self._last else 0

    def next(self) -> Encoded | None:
        """Return the next picture; None if there is none yet."""
        while self._at < self._packets.written:
            found = self._packets.read(self._at)
            if found is None:
                self.skip()
                continue
            packet, self._at = found
            if self._wants_key and not packet.picture.key:
                continue
            if self._last:
                self.left_out += packet.number - self._last - 1
            self._last, self._wants_key = packet.number, False
            return packet.picture
        return None

    def skip(self) -> None:
        """Go on with the newest key picture, or where that has been read with the next one."""
        self._wants_key = True
        key = self._packets.key
        self._at = key if key >= self._at else self._packets.written
