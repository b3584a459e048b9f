"""Plain samples, whole numbers or floating point, as they stand in a WAV.

FFmpeg's reader looks into the first 64 kB of them for sound in disguise, which are two seconds of
speech in a pipe, and eight of a telephone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.packets import F32
from live.sounds.decoding import RATES_HZ, Piece, Unreadable
from live.sounds.wav_bytes import WavBytes

_WHOLE, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_WIDTHS = {_WHOLE: (1, 2, 3, 4), _FLOAT: (4, 8)}
_PIECE_S = 0.02


@dataclass(frozen=True, slots=True)
class Pcm:
    """How the samples stand."""

    channels: int
    sample_rate_hz: int
    width: int
    """Bytes of one sample of one channel."""
    floating: bool


def pcm_format(wav_format: bytes) -> Pcm | None:
    """Return how the samples stand, by a WAV's chunk of the format; None for all other coders."""
    if len(wav_format) < 16:
        return None
    tag, channels, rate_hz, _, block, _ = struct.unpack("<HHIIHH", wav_format[:16])
    if tag == _EXTENSIBLE and len(wav_format) >= 26:
        tag = struct.unpack("<H", wav_format[24:26])[0]
    if not channels or block % channels or block // channels not in _WIDTHS.get(tag, ()):
        return None
    return Pcm(channels, rate_hz, block // channels, tag == _FLOAT)


def read_pcm(wav: WavBytes, kind: Pcm) -> Iterator[Piece]:
    """Yield the samples to their end.

    Raises:
        Unreadable: the sample rate is that of no sound.
    """
    if not RATES_HZ[0] <= kind.sample_rate_hz <= RATES_HZ[1]:
        raise Unreadable(f"{kind.sample_rate_hz} samples a second are no sound")
    block = kind.width * kind.channels
    size = block * max(1, round(_PIECE_S * kind.sample_rate_hz))
    rest = b""
    while given := wav.read(size):
        content = rest + given
        whole = len(content) - len(content) % block
        rest = content[whole:]
        if whole:
            samples = _floats(content[:whole], kind).reshape(-1, kind.channels)
            yield Piece(samples, kind.sample_rate_hz)


def _floats(content: bytes, kind: Pcm) -> F32:
    """Return little-endian samples as float32, full scale being 1."""
    width = kind.width
    if kind.floating:
        with np.errstate(over="ignore", invalid="ignore"):
            return np.frombuffer(content, f"<f{width}").astype(np.float32)
    if width == 1:
        return (np.frombuffer(content, np.uint8).astype(np.float32) - 128) / np.float32(128)
    if width == 3:
        high = np.zeros((len(content) // 3, 4), np.uint8)
        high[:, 1:] = np.frombuffer(content, np.uint8).reshape(-1, 3)
        return high.view("<i4")[:, 0].astype(np.float32) / np.float32(2**31)
    whole = np.frombuffer(content, f"<i{width}").astype(np.float32)
    return whole / np.float32(2 ** (8 * width - 1))
