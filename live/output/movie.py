"""An MP4 with picture and sound that plays even if the program is killed while it is written.

Fragmented: each second is complete in itself and handed to the system at once.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from engine.packets import F32, U8
from live.errors import UserError
from live.film.encoder import TICKS, Encoded, PictureEncoder
from live.film.muxing import add_h264, packet_of, sound_frame
from live.output.movie_cut import cut_to_whole_fragments
from live.output.unfailing_file import UnfailingFile
from live.paths.write_whole import check_writable, unwritable


class Movie:
    """Takes encoded pictures and mono sound, each in order of time, and writes H.264 and AAC."""

    def __init__(
        self, path: Path, sample_rate_hz: int = 48_000, said_as: Path | None = None
    ) -> None:
        """Create the file.

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
        self._streams: tuple[VideoStream, AudioStream] | None = None
        """Once there is a picture, which tells how all of them are to be read."""
        try:
            self._file = UnfailingFile(path)
        except OSError as error:
            raise unwritable(self._said_as, error) from error
        self._container: OutputContainer | None = av.open(
            self._file,
            "w",
            format="mp4",
            options={
                "movflags": "frag_keyframe+empty_moov+default_base_moof",
                "flush_packets": "1",
            },
        )

    @property
    def seconds(self) -> float:
        """Length of the sound so far."""
        return self._samples / self._rate_hz

    def add_encoded(self, picture: Encoded, at_s: float) -> None:
        """Add a picture to be seen from at_s seconds on; the first of all is a key picture.

        It comes before any sound. One that is not later than that before is shown right after it.

        Raises:
            UserError: it cannot be written, the disk being full, say. What is there is kept so
                that it plays, and nothing more can be added.
        """
        container = self._open_container()
        if self._streams is None:
            shown = add_h264(container, picture)
            shown.time_base = Fraction(1, TICKS)
            sound = container.add_stream(
                "aac", rate=self._rate_hz, layout="mono", bit_rate=160_000
            )
            self._streams = shown, sound
        self._last_tick = max(round(at_s * TICKS), self._last_tick + 1)
        self._write([packet_of(picture, self._streams[0], self._last_tick, Fraction(1, TICKS))])

    def add_sound(self, samples: F32) -> None:
        """Add samples (n,) in [-1, 1] after those before; raises like `add_encoded`."""
        self._open_container()
        if not samples.size or self._streams is None:
            return
        frame = sound_frame(samples, self._rate_hz, self._samples)
        self._samples += samples.size
        self._write(self._streams[1].encode(frame))

    def close(self) -> None:
        """Finish the file; raises like `add_encoded`. Does nothing the second time."""
        container, self._container = self._container, None
        if container is None:
            return
        try:
            try:
                if self._streams is not None:
                    container.mux(self._streams[1].encode(None))
            finally:
                container.close()
                self._file.close()
        except (OSError, FFmpegError) as error:
            raise self._fault(error) from error
        if self._file.error is not None:
            raise self._fault(self._file.error)

    def _open_container(self) -> OutputContainer:
        if self._container is None:
            raise UserError(f"{self._said_as} is finished: start another recording.")
        return self._container

    def _write(self, packets: Sequence[Packet]) -> None:
        try:
            self._open_container().mux(packets)
            if self._file.error is not None:
                raise self._file.error
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


class PaintedMovie(Movie):
    """A movie of pictures that nobody has encoded."""

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: int = 25,
        sample_rate_hz: int = 48_000,
        said_as: Path | None = None,
    ) -> None:
        """As `Movie`; width, height and fps as `PictureEncoder` has them."""
        super().__init__(path, sample_rate_hz, said_as)
        self._encoder = PictureEncoder(width, height, fps)

    def add_picture(self, picture: U8, at_s: float) -> None:
        """Add an (h, w, 3) picture to be seen from at_s seconds on; one not later is left out.

        It comes before any sound; raises like `add_encoded`.
        """
        self._open_container()
        encoded = self._encoder.encode(picture, at_s)
        if encoded is not None:
            self.add_encoded(encoded, at_s)
