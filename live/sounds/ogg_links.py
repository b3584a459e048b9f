"""Ogg files that are several files in a row, as radio stations send them: one link at a time.

Each link may have its own coder, rate and channels, and counts its time from its own beginning.
"""

from __future__ import annotations

import os
import struct

from live.sounds.bytes import FileBytes, PipeBytes, PushbackBytes

MAGIC = b"OggS"
_HEADER = 27
_BEGINS, _ENDS = 2, 4
"""Flags of a page with which a stream begins, or ends."""


class OggLinks:
    """Gives the bytes of one link as if it were a file; `next_link` goes on to the next."""

    def __init__(self, head: bytes, source: FileBytes | PipeBytes) -> None:
        """head: what was read from the source already."""
        self._bytes = PushbackBytes(head, source)
        self._page = b""
        self._ready = b""
        self._begun = False
        """Some page of this link was no beginning: the next beginning is another link's."""
        self._ended = False
        self.end = 0
        """The time that this link's last page tells, in its coder's units; 0 before it is read."""
        self.cut = False
        """The last page is not there to its end."""

    def next_link(self) -> bool:
        """Go on to the next link; return whether there is one. The first needs no call."""
        while self.read(1 << 16):
            pass
        self._ready, self._page = self._page, b""
        self._begun = False
        self.end = 0
        return bool(self._ready)

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes of this link, none at its end."""
        if not self._ready:
            if self._page:
                return b""
            page = self._next_page()
            if not page:
                return b""
            begins = bool(page[5] & _BEGINS) if len(page) >= _HEADER else False
            if begins and self._begun and _is_whole(page):
                self._page = page
                return b""
            self._begun = self._begun or not begins
            if page[5] & _ENDS:
                self.end = max(0, struct.unpack("<q", page[6:14])[0])
            self._ready = page
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _next_page(self) -> bytes:
        """Return the next page; what is no page is left out."""
        while not self._ended:
            top = self._bytes.read_fully(_HEADER)
            if len(top) < _HEADER:
                self._ended, self.cut = True, self.cut or top[:4] == MAGIC
                return b""
            if top[:4] != MAGIC:
                self._bytes.push_back(top)
                self._ended = not self._find_page()
                continue
            laces = self._bytes.read_fully(top[26])
            body = self._bytes.read_fully(sum(laces))
            if len(laces) < top[26] or len(body) < sum(laces):
                self._ended = self.cut = True
            page = top + laces + body
            if MAGIC in page[4:] and not _is_whole(page):
                # Its length is damaged and has swallowed others: go on where the next begins.
                at = page.index(MAGIC, 4)
                self._bytes.push_back(page[at:])
                self._ended = False
                continue
            return b"" if self._ended else page
        return b""

    def _find_page(self) -> bool:
        held = b""
        while True:
            more = self._bytes.read(1 << 16)
            if not more:
                return False
            held += more
            at = held.find(MAGIC, 0)
            if at >= 0:
                self._bytes.push_back(held[at:])
                return True
            held = held[-3:]


def last_granule(source: FileBytes) -> int:
    """Return the granule position of the last page, in samples; 0 when there is none."""
    total = source.seek(0, os.SEEK_END)
    source.seek(max(0, total - (1 << 16)))
    tail = PushbackBytes(b"", source).read_fully(1 << 16)
    at = tail.rfind(MAGIC)
    source.seek(0)
    return max(0, struct.unpack("<q", tail[at + 6 : at + 14])[0]) if 0 <= at < len(tail) - 14 else 0


def _is_whole(page: bytes) -> bool:
    """Whether a page is as it was written, by its checksum."""
    check = 0
    for byte in page[:22] + b"\0\0\0\0" + page[26:]:
        check = (check << 8 & 0xFFFFFFFF) ^ _TABLE[check >> 24 ^ byte]
    return check == struct.unpack("<I", page[22:26])[0]


def _row(value: int) -> int:
    value <<= 24
    for _ in range(8):
        value = value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)
    return value & 0xFFFFFFFF


_TABLE = tuple(_row(value) for value in range(256))
