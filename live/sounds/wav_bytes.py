"""WAV files whose lengths are not trusted: never finished, never known, or simply wrong.

A program that is killed while it records leaves the lengths in the header at zero, at their
largest, or at what was true some time ago. The samples are there nevertheless.
"""

from __future__ import annotations

import os
import struct

from live.sounds.bytes import FileBytes, PipeBytes, PushbackBytes

MAGIC = (b"RIFF", b"RF64", b"BW64")
HEAD = 12
_UNKNOWN = 0xFFFFFFFF
_LARGEST = 0x7FFF0000
"""A length from here on stands for "unknown" with programs that write into a pipe."""
_MOST_BEFORE = 1 << 24
"""Bytes of notes that may stand before the samples."""


def is_wav(head: bytes) -> bool:
    """Whether a file that begins with these HEAD bytes is a WAV."""
    return head[:4] in MAGIC and head[8:12] == b"WAVE"


class WavBytes:
    """The same WAV with "unknown" for a length, as long as there are samples.

    Samples end where the header says only if there the file ends or goes on with another chunk.
    """

    def __init__(self, head: bytes, source: FileBytes | PipeBytes) -> None:
        """head: the first HEAD bytes, already read from the source."""
        self._bytes = PushbackBytes(b"", source)
        self._total = _length(source)
        self._missing = 0
        self.promised = 0
        """Bytes of samples that the header promises, 0 when it does not know."""
        self.format = b""
        """The body of the chunk that says what the samples are."""
        self._left: int | None = None
        self._at = HEAD
        self._header = self._read_header(head)

    @property
    def missing_s(self) -> float:
        """Seconds that the header promises and the file does not have, after its end."""
        return self._missing / self._bytes_per_s

    @property
    def expected_s(self) -> float:
        """Seconds that there should be; 0.0 when nobody knows."""
        length = self.promised or max(0, (self._total or 0) - self._at)
        return length / self._bytes_per_s

    @property
    def _bytes_per_s(self) -> int:
        return max(1, struct.unpack("<I", self.format[8:12].ljust(4, b"\0"))[0])

    def skip_header(self) -> None:
        """Give nothing but samples from now on."""
        self._header = b""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end."""
        if self._header:
            given, self._header = self._header[:size], self._header[size:]
            return given
        if self._left == 0:
            if self._another_chunk_follows():
                return b""
            self._left, self.promised = None, 0
        given = self._bytes.read(size if self._left is None else min(size, self._left))
        self._at += len(given)
        if self._left is not None:
            if not given:
                self._missing, self._left = self._left, None
            else:
                self._left -= len(given)
        return given

    def _read_header(self, head: bytes) -> bytes:
        out = [b"RIFF" + struct.pack("<I", _UNKNOWN) + b"WAVE"]
        long_size = 0
        while self._at < _MOST_BEFORE:
            top = self._read_fully(8)
            if len(top) < 8:
                return b"".join([*out, top])
            name, size = top[:4], struct.unpack("<I", top[4:])[0]
            if name == b"data":
                if size == _UNKNOWN:
                    size = long_size
                known = 0 < size < (_LARGEST if long_size == 0 else 1 << 62)
                self.promised = size if known else 0
                self._left = self.promised
                return b"".join([*out, b"data", struct.pack("<I", _UNKNOWN)])
            if size > _MOST_BEFORE:
                break
            body = self._read_fully(size + size % 2)
            if name == b"fmt ":
                self.format = body
            if name == b"ds64":
                name = b"JUNK"
                if len(body) >= 16:
                    long_size = struct.unpack("<Q", body[8:16])[0]
                    long_size = 0 if long_size >= 1 << 62 else long_size
            out.append(name + top[4:] + body)
        return b"".join(out)

    def _read_fully(self, size: int) -> bytes:
        given = self._bytes.read_fully(size)
        self._at += len(given)
        return given

    def _another_chunk_follows(self) -> bool:
        """Whether the sound is at its end here: with the file, or before a chunk of notes."""
        pad = self.promised % 2
        ahead = self._bytes.read_fully(8 + pad)
        self._bytes.push_back(ahead)
        if not ahead:
            return True
        top = ahead[pad:]
        if len(top) < 8:
            return self.promised > 0
        size = struct.unpack("<I", top[4:])[0]
        if not all(48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c in b" _" for c in top[:4]):
            return False
        end = self._at + pad + 8 + size
        return end <= self._total if self._total is not None else size < _MOST_BEFORE


def _length(source: FileBytes | PipeBytes) -> int | None:
    """Bytes in a file, None for a pipe."""
    if isinstance(source, PipeBytes):
        return None
    at = source.tell()
    total = source.seek(0, os.SEEK_END)
    source.seek(at)
    return total
