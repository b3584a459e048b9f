"""Sound and frames out of video files, by PyAV (FFmpeg); its faults are OSError or ValueError."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.packets import F32, U8

Begin = Callable[[float], float]
"""Where a clip begins in a file of so many seconds."""
_MICROSECONDS = 1_000_000


def sound_of(path: Path, begin_s: Begin, seconds: float | None) -> tuple[F32, int]:
    """Mono samples (n,) of a file's first sound from where the clip begins, and their rate.

    Raises:
        ValueError: it has no sound.
        OSError: FFmpeg cannot read it.
    """
    import av

    with av.open(str(path), metadata_errors="ignore") as file:
        if not file.streams.audio:
            raise ValueError("the file has none")
        stream = file.streams.audio[0]
        rate = stream.rate
        begin = begin_s(_seconds(file))
        last = None if seconds is None else begin + seconds
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        parts: list[F32] = []
        first: float | None = None
        for frame in _decoded(file, stream, begin):
            time = frame.time
            if last is not None and time is not None and time >= last:
                break
            if first is None:
                first = begin if time is None else time
            parts += [made.to_ndarray()[0] for made in resampler.resample(frame)]
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    ahead = round(((first or 0.0) - begin) * rate)
    # what sounds begins before the clip, or after it: then the beginning is silent
    samples = samples[-ahead:] if ahead < 0 else np.pad(samples, (ahead if samples.size else 0, 0))
    most = samples.size if seconds is None else round(seconds * rate)
    return np.asarray(samples[:most], np.float32), rate


def frames(
    path: Path, begin_s: Begin, seconds: float, count: int, side: int
) -> list[tuple[float, U8]]:
    """Up to so many frames of a clip, in the middles of equal parts of it, and their times in it.

    Args:
        path: of the video.
        begin_s: where the clip begins in it.
        seconds: how long it lasts; 0 to the end of the video.
        count: of frames; fewer where the video ends before.
        side: pixels of the shorter side at most.

    Raises:
        ValueError: it has no pictures there.
        OSError: FFmpeg cannot read it.
    """
    import av

    found: list[tuple[float, U8]] = []
    with av.open(str(path), metadata_errors="ignore") as file:
        if not file.streams.video:
            raise ValueError("the file has no pictures")
        stream = file.streams.video[0]
        whole = _seconds(file)
        begin = begin_s(whole)
        lasts = seconds or whole - begin
        wanted = [begin + (number + 0.5) * lasts / count for number in range(count)]
        half = 0.5 / float(stream.average_rate or 25)
        for frame in _decoded(file, stream, begin):
            if frame.time is not None and frame.time >= wanted[len(found)] - half:
                found.append((frame.time - begin, _pixels(frame, side)))
                if len(found) == count:
                    break
    if not found:
        raise ValueError("there are no pictures where the clip is")
    return found


def _pixels(frame: Any, side: int) -> U8:
    scale = min(1.0, side / min(frame.width, frame.height))
    width, height = round(frame.width * scale), round(frame.height * scale)
    made = frame.reformat(width, height, "rgb24", interpolation="AREA")
    return made.to_ndarray()


def _decoded(file: Any, stream: Any, begin: float) -> Iterator[Any]:
    """Frames from a little before a time; the damaged ones between whole ones are left out."""
    from av.error import InvalidDataError

    stream.thread_type = "NONE"  # every core has a clip of its own
    if begin > 1.0:
        file.seek(int((begin - 1.0) * _MICROSECONDS), backward=True)
    for packet in file.demux(stream):
        try:
            yield from packet.decode()
        except InvalidDataError:
            continue


def _seconds(file: Any) -> float:
    return 0.0 if file.duration is None else file.duration / _MICROSECONDS
