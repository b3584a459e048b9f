"""An MP4 with picture and sound that plays even if the program is killed while it is written.

Fragmented: each second is complete in itself and handed to the system at once.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.video.frame import PictureType
from av.video.stream import VideoStream

from engine.packets import F32, U8
from live.errors import UserError
from live.output.movie_cut import cut_to_whole_fragments
from live.paths.write_whole import check_writable, unwritable

TICKS = 90_000
"""Time of pictures is counted in these parts of a second."""
FRAGMENT_S = 1.0


class Movie:
    """Takes pictures and mono sound, each in order of time, and writes H.264 and AAC."""

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: int = 25,
        sample_rate_hz: int = 48_000,
        said_as: Path | None = None,
    ) -> None:
        """Create the file. width and height are even; fps is the usual rate, not a promise.

        said_as: what errors call it, where it is renamed at the end.

        Raises:
            UserError: it cannot be written.
        """
        check_writable(path)
        self.path = path
        self._said_as = path if said_as is None else said_as
        self._rate_hz = sample_rate_hz
        self._samples = 0
        self._last_tick = -1
        self._next_key_tick = 0
        try:
            self._container = av.open(
                str(path),
                "w",
                format="mp4",
                options={
                    "movflags": "frag_keyframe+empty_moov+default_base_moof",
                    "flush_packets": "1",
                },
            )
        except OSError as error:
            raise unwritable(self._said_as, error) from error
        except UnicodeEncodeError as error:
            raise UserError(
                f"cannot write {self._said_as}: the name of a film must be UTF-8; use another."
            ) from error
        self._picture: VideoStream = self._container.add_stream(
            "libx264",
            rate=fps,
            width=width,
            height=height,
            pix_fmt="yuv420p",
            options={
                "preset": "ultrafast",
                "tune": "zerolatency",
                "crf": "21",
                "g": str(round(10 * fps * FRAGMENT_S)),
            },
        )
        self._picture.codec_context.time_base = Fraction(1, TICKS)
        self._picture.codec_context.thread_count = 1
        self._sound: AudioStream = self._container.add_stream(
            "aac", rate=sample_rate_hz, layout="mono", bit_rate=160_000
        )

    @property
    def seconds(self) -> float:
        """Length of the sound so far."""
        return self._samples / self._rate_hz

    def add_picture(self, picture: U8, at_s: float) -> None:
        """Add an (h, w, 3) picture to be seen from at_s seconds on; one not later is left out.

        Raises:
            UserError: it cannot be written, the disk being full, say. What is there is kept so
                that it plays, and nothing more can be added.
        """
        tick = round(at_s * TICKS)
        if tick <= self._last_tick:
            return
        self._last_tick = tick
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = tick, Fraction(1, TICKS)
        if tick >= self._next_key_tick:
            # By the clock: a busy machine that gives few pictures must not make fragments long.
            frame.pict_type = PictureType.I
            self._next_key_tick = tick + round(FRAGMENT_S * TICKS)
        self._write(self._picture.encode, frame)

    def add_sound(self, samples: F32) -> None:
        """Add samples (n,) in [-1, 1] after those before; raises like `add_picture`."""
        if not samples.size:
            return
        frame = av.AudioFrame.from_ndarray(
            np.clip(samples, -1, 1).astype(np.float32)[None], format="fltp", layout="mono"
        )
        frame.sample_rate = self._rate_hz
        frame.pts, frame.time_base = self._samples, Fraction(1, self._rate_hz)
        self._samples += samples.size
        self._write(self._sound.encode, frame)

    def close(self) -> None:
        """Finish the file; raises like `add_picture`. Does nothing the second time."""
        container, self._container = self._container, None
        if container is None:
            return
        try:
            try:
                for stream in (self._picture, self._sound):
                    for packet in stream.encode(None):
                        container.mux(packet)
            finally:
                container.close()
        except (OSError, FFmpegError) as error:
            raise self._fault(error) from error

    def _write(self, encode: Callable[..., list[Any]], frame: Any) -> None:
        if self._container is None:
            raise UserError(f"{self._said_as} is finished: start another recording.")
        try:
            for packet in encode(frame):
                self._container.mux(packet)
        except (OSError, FFmpegError) as error:
            fault = self._fault(error)
            self._abandon()
            raise fault from error

    def _abandon(self) -> None:
        """End a file that can be written no further so that what is in it plays."""
        with contextlib.suppress(UserError):
            self.close()
        with contextlib.suppress(OSError):
            cut_to_whole_fragments(self.path)

    def _fault(self, error: Exception) -> UserError:
        code = getattr(error, "errno", None) or errno.EIO
        said = getattr(error, "strerror", None) or str(error)
        return unwritable(self._said_as, OSError(code, said))
