"""Sounds, pictures and videos for the data sets that the tests lay out."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import soundfile
from PIL import Image

from training.papers.datasets.sample import Picture, Sample

RATE = 16_000


def tone(seconds: float = 0.5, hz: float = 440.0, rate: int = RATE) -> np.ndarray:
    """(n,) a quiet sine."""
    return (0.1 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype("f4")


def sound_bytes(seconds: float = 0.5, hz: float = 440.0, format: str = "FLAC") -> bytes:
    """A whole file."""
    file = io.BytesIO()
    soundfile.write(file, tone(seconds, hz), RATE, format=format)
    return file.getvalue()


def picture_bytes(grey: int = 128, format: str = "JPEG") -> bytes:
    """A whole file of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (32, 24), (grey, grey, grey)).save(file, format)
    return file.getvalue()


def sample(key: str, split: str = "train", labels: tuple[str, ...] = ("dog",)) -> Sample:
    """A clip whose sound depends on its name."""
    pictures = (Picture(0.1, picture_bytes(40)), Picture(0.4, picture_bytes(200, "PNG")))
    hz = 200.0 + sum(key.encode()) % 800
    return Sample(key, sound_bytes(hz=hz), pictures, labels, ("a dog barks",), split)


def write_sound(path: Path, seconds: float = 0.5, hz: float = 440.0, rate: int = RATE) -> Path:
    """A sound file in the format that its suffix says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(seconds, hz, rate), rate)
    return path


def write_picture(path: Path, grey: int = 128) -> Path:
    """A picture in the format that its suffix says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (32, 24), (grey, grey, grey)).save(path)
    return path


def write_video(
    path: Path, seconds: float = 2.0, sound: bool = True, pictures: bool = True, hz: float = 440.0
) -> Path:
    """An MP4 of ten frames a second that grow lighter, with a sine where `sound`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as file:
        video = audio = None
        if pictures:
            video = file.add_stream("mpeg4", rate=10)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        if sound:
            audio = file.add_stream("aac", rate=RATE, layout="mono")
        if video is not None:
            for number in range(round(seconds * 10)):
                grey = np.full((48, 64, 3), min(20 + 10 * number, 255), np.uint8)
                file.mux(video.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
            file.mux(video.encode())
        if audio is not None:
            samples = tone(seconds, hz)
            for start in range(0, samples.size, 1024):
                frame = av.AudioFrame.from_ndarray(
                    samples[None, start : start + 1024], format="fltp", layout="mono"
                )
                frame.sample_rate, frame.pts = RATE, start
                file.mux(audio.encode(frame))
            file.mux(audio.encode())
    return path
