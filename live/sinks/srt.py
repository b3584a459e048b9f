"""SRT: sent by the program ffmpeg, because PyAV's wheels have none. It gets the encoded stream."""

from __future__ import annotations

import contextlib
import subprocess
import threading

import av

from engine.packets import F32
from live.errors import UserError
from live.film.encoder import Encoded
from live.sinks.stream import Stream

END_S = 2.0
"""So long may ffmpeg take to send the end."""


class SrtStream:
    """A `StreamOutput` that calls an SRT listener, or waits for a caller where the URL says so."""

    def __init__(self, url: str, key: Encoded, rate: int) -> None:
        """As `Stream`. Start ffmpeg; that it reaches nobody is known later, when it ends."""
        self.taken = False
        self._said, self._url = "ffmpeg ended", url
        command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-progress", "pipe:1"]
        # It would look at seconds of the stream before it calls anybody; one is enough.
        command += ["-analyzeduration", "1000000", "-f", "mpegts", "-i", "pipe:0"]
        self._ffmpeg = subprocess.Popen(
            [*command, "-c", "copy", "-f", "mpegts", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self._complaints = threading.Thread(target=self._read_complaints, daemon=True)
        self._complaints.start()
        threading.Thread(target=self._read_progress, daemon=True).start()
        assert self._ffmpeg.stdin is not None
        try:
            container = av.open(
                self._ffmpeg.stdin, "w", format="mpegts", options={"flush_packets": "1"}
            )
            self._stream = Stream(container, key, rate)
        except UserError as error:
            raise self._reason(error) from error

    def add_picture(self, picture: Encoded, at_s: float) -> None:
        """Send a picture; see `Stream`."""
        try:
            self._stream.add_picture(picture, at_s)
        except UserError as error:
            raise self._reason(error) from error

    def add_sound(self, samples: F32) -> None:
        """Send sound; see `Stream`."""
        try:
            self._stream.add_sound(samples)
        except UserError as error:
            raise self._reason(error) from error

    def close(self) -> None:
        """End the stream, and ffmpeg with it."""
        with contextlib.suppress(UserError):
            self._stream.close()
        assert self._ffmpeg.stdin is not None
        with contextlib.suppress(OSError):
            self._ffmpeg.stdin.close()
        try:
            self._ffmpeg.wait(END_S)
        except subprocess.TimeoutExpired:
            self._ffmpeg.kill()

    def _read_progress(self) -> None:
        """Note that ffmpeg has sent something: it opens the way only once it knows the stream."""
        assert self._ffmpeg.stdout is not None
        for line in self._ffmpeg.stdout:
            name, _, value = line.decode("ascii", "replace").strip().partition("=")
            if name == "total_size" and value.isdigit() and int(value) > 0:
                self.taken = True

    def _read_complaints(self) -> None:
        """Keep the first thing that ffmpeg says is wrong; what follows follows from it."""
        assert self._ffmpeg.stderr is not None
        first = True
        for line in self._ffmpeg.stderr:
            if first:
                said = line.decode("utf-8", "replace").strip().replace(self._url, "it")
                self._said, first = said.partition("] ")[2] or said, False  # [srt @ 0x5561]

    def _reason(self, error: UserError) -> UserError:
        if self._ffmpeg.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._ffmpeg.wait(END_S)
        if self._ffmpeg.returncode is None:
            return error
        self._complaints.join(END_S)
        return UserError(self._said)
