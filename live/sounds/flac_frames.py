"""Frames of FLAC, found again after damage: each says in its own header where it belongs."""

from __future__ import annotations

from collections.abc import Iterator

_SYNC = (b"\xff\xf8", b"\xff\xf9")
_LONGEST_HEADER = 16
_FAR = 4096
"""Frames further on than so many are no frames but noise that looks like one."""


def total_samples(stream_info: bytes) -> int:
    """Return the length that a FLAC header promises, in samples; 0 when it does not know."""
    if len(stream_info) < 18:
        return 0
    return (stream_info[13] & 0x0F) << 32 | int.from_bytes(stream_info[14:18], "big")


def find_frames(run: bytes, stream_info: bytes, after: int) -> Iterator[tuple[int, bytes]]:
    """Yield (first sample, frame) for every frame in a run of bytes, in order.

    stream_info: the FLAC header's. after: sample before which no frame belongs.
    """
    longest = int.from_bytes(stream_info[2:4], "big") or 4096
    places: list[tuple[int, int]] = []
    for at in _syncs(run):
        number = _number(run[at : at + _LONGEST_HEADER])
        if number is None:
            continue
        sample = number if run[at + 1] & 1 else number * longest
        if after <= sample <= after + _FAR * longest and (not places or sample > places[-1][0]):
            places.append((sample, at))
    for i, (sample, at) in enumerate(places):
        end = places[i + 1][1] if i + 1 < len(places) else len(run)
        yield sample, run[at:end]


def _syncs(run: bytes) -> Iterator[int]:
    at = run.find(b"\xff")
    while at >= 0:
        if run[at : at + 2] in _SYNC:
            yield at
        at = run.find(b"\xff", at + 1)


def _number(header: bytes) -> int | None:
    """Return the frame's or sample's number in a frame header, None if it is no frame header."""
    if len(header) < 6 or header[3] & 1:
        return None
    size_code, rate_code = header[2] >> 4, header[2] & 0x0F
    if size_code == 0 or rate_code == 15:
        return None
    first = header[4]
    more = 0 if first < 0x80 else 8 - (first ^ 0xFF).bit_length() - 1
    if first >= 0x80 and not 1 <= more <= 6:
        return None
    number = first if more == 0 else first & (0x3F >> more)
    for byte in header[5 : 5 + more]:
        if byte & 0xC0 != 0x80:
            return None
        number = number << 6 | byte & 0x3F
    end = 5 + more + {6: 1, 7: 2}.get(size_code, 0) + {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if end >= len(header) or _crc8(header[:end]) != header[end]:
        return None
    return number


def _crc8(data: bytes) -> int:
    check = 0
    for byte in data:
        check ^= byte
        for _ in range(8):
            check = (check << 1 ^ 0x07) & 0xFF if check & 0x80 else check << 1
    return check
