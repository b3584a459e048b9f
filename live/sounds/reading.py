"""Chooses how the bytes of a sound are decoded, by how they begin."""

from __future__ import annotations

from collections.abc import Iterator

from live.sounds.bytes import FileBytes, PipeBytes, PushbackBytes
from live.sounds.decoding import CutOff, Expected, Found, Gap, Piece, Unreadable, decode
from live.sounds.ogg_links import MAGIC, OggLinks, last_granule
from live.sounds.pcm import pcm_format, read_pcm
from live.sounds.wav_bytes import HEAD, WavBytes, is_wav


def decode_bytes(source: FileBytes | PipeBytes) -> Iterator[Found]:
    """Yield the sound in the bytes to its end, and close them.

    Raises:
        Unreadable: there is no sound in them.
    """
    try:
        head = PushbackBytes(b"", source).read_fully(HEAD)
        if not head:
            return
        if is_wav(head):
            yield from _wav(head, source)
        elif head[:4] == MAGIC:
            yield from _ogg(head, source)
        elif isinstance(source, FileBytes):
            frames = _mp3_frames(head, source)
            source.seek(0)
            yield from decode(source, frames)
        else:
            yield from decode(PushbackBytes(head, source))
        if source.error is not None:
            yield CutOff(0.0)
    finally:
        source.close()


def _wav(head: bytes, source: FileBytes | PipeBytes) -> Iterator[Found]:
    wav = WavBytes(head, source)
    yield Expected(wav.expected_s)
    kind = pcm_format(wav.format)
    if kind is None:
        yield from decode(wav)
    else:
        wav.skip_header()
        yield from read_pcm(wav, kind)
    if wav.missing_s:
        yield CutOff(wav.missing_s)


def _ogg(head: bytes, source: FileBytes | PipeBytes) -> Iterator[Found]:
    granules = 0
    if isinstance(source, FileBytes):
        granules = last_granule(source)
        head = b""
    links = OggLinks(head, source)
    fault: Unreadable | None = None
    found = False
    more = True
    while more:
        try:
            for each in decode(links):
                if isinstance(each, Piece) and not found:
                    found = True
                    yield Expected(granules / each.sample_rate_hz)
                yield each
        except Unreadable as error:
            fault = fault or error
            if found:
                yield Gap(0.0, damage=True)
        more = links.next_link()
    if not found and fault is not None:
        raise fault
    if links.cut:
        yield CutOff(0.0)


def _mp3_frames(head: bytes, source: FileBytes) -> int:
    """Return how many frames the first one of an MP3 says that there are, 0 if it says nothing."""
    at = 0
    if head[:3] == b"ID3" and len(head) >= 10:
        at = 10 + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    source.seek(at)
    first = PushbackBytes(b"", source).read_fully(256)
    for name in (b"Xing", b"Info"):
        found = first.find(name)
        if found >= 0 and first[found + 7 : found + 8] and first[found + 7] & 1:
            return int.from_bytes(first[found + 8 : found + 12], "big")
    return 0
