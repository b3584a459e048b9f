"""Sound files as they are found: unfinished, damaged, chained, in films, with channels opposed."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

RATE = 48_000


def melody(seconds: float = 4.0, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """Return (n,) float32: a rising tone with noise, so that every place sounds different."""
    t = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(seed).normal(size=t.size)
    return (0.3 * np.sin(2 * np.pi * (300 + 100 * t) * t) + 0.02 * noise).astype(np.float32)


def encoded(samples: np.ndarray, kind: str, subtype: str | None = None, rate: int = RATE) -> bytes:
    """Return the file that libsndfile makes of samples (n,) or (n, channels)."""
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=kind, subtype=subtype)
    return out.getvalue()


def unfinished_wav(whole: bytes, length: int) -> bytes:
    """Return a WAV whose header says that its samples are `length` bytes long."""
    at = whole.index(b"data")
    content = bytearray(whole)
    content[4:8] = content[at + 4 : at + 8] = struct.pack("<I", length)
    return bytes(content)


def unfinished_rf64(whole: bytes, length: int) -> bytes:
    """Return an RF64 file whose header says `length` wherever it tells a length."""
    at = whole.index(b"ds64")
    content = bytearray(whole)
    content[at + 8 : at + 32] = 3 * struct.pack("<Q", length)
    return bytes(content)


def flac_of_unknown_length(whole: bytes) -> bytes:
    """Return a FLAC as an encoder writes it into a pipe."""
    content = bytearray(whole)
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    return bytes(content)


def spoilt(whole: bytes, share: float, length: int) -> bytes:
    """Return a file with noise over `length` bytes at a share of its length."""
    at = round(share * len(whole))
    noise = np.random.default_rng(7).bytes(length)
    return whole[:at] + noise + whole[at + length :]


def film(
    path: Path, coder: str | None, samples: np.ndarray, rate: int = RATE, pictures: bool = False
) -> Path:
    """Write a film or a sound file with FFmpeg's coders; coder None: without sound."""
    with av.open(str(path), "w") as container:
        streams: list[tuple[Any, list[Any]]] = []
        if pictures:
            stream: Any = container.add_stream("mpeg4", rate=10)
            stream.width = stream.height = 64
            stream.pix_fmt = "yuv420p"
            frames: list[Any] = []
            for number in range(round(10 * len(samples) / rate)):
                picture = av.VideoFrame(64, 64, "yuv420p")
                picture.pts = number
                frames.append(picture)
            streams.append((stream, frames))
        if coder:
            sound: Any = container.add_stream(coder, rate=rate, layout="mono")
            frames = []
            for at in range(0, len(samples), 960):
                planar = "flt" if coder == "libopus" else "fltp"
                frame = av.AudioFrame.from_ndarray(samples[None, at : at + 960], planar, "mono")
                frame.sample_rate, frame.pts = rate, at
                frames.append(frame)
            streams.append((sound, frames))
        for stream, frames in streams:
            for each in [*frames, None]:
                for packet in stream.encode(each):
                    container.mux(packet)
    return path
