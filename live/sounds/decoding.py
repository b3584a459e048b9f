"""Sound of any file that FFmpeg's libraries read, piece by piece, with what is missing told.

Only the bytes given are ever read: no format is let in that would open other files or addresses.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.error import FFmpegError

from engine.packets import F32
from live.sounds.bytes import FileBytes, PipeBytes, PushbackBytes
from live.sounds.flac_frames import find_frames, total_samples
from live.sounds.ogg_links import OggLinks
from live.sounds.wav_bytes import WavBytes

Bytes = FileBytes | PipeBytes | PushbackBytes | WavBytes | OggLinks

_FORMATS = (
    *("wav", "w64", "aiff", "au", "caf", "flac", "ogg", "mp3", "aac", "loas", "ac3", "eac3", "dts"),
    *("mov", "matroska", "avi", "asf", "flv", "mpegts", "mpeg", "amr", "ape", "wv", "tta", "tak"),
    *("mpc", "mpc8", "voc", "ircam", "nistsphere", "dsf", "iff", "oma", "truehd", "mlp", "xwma"),
    *("rm", "nut", "gsm", "sbc", "pvf", "paf", "qoa", "mxf"),
)
RATES_HZ = (100, 1_000_000)
"""Lowest and highest sample rate; others are damage."""
BEGINS_S = 60.0
"""FLAC and Ogg count from zero: what begins no later than this has lost its beginning, what begins
later was cut out of something longer."""
TOLERANCE_S = 0.015
"""Time stamps of some formats are as coarse as this; smaller gaps are none."""
LONGEST_GAP_S = 600.0
"""A longer gap is a damaged time stamp."""
SHORT_S = 0.5
"""Lengths in headers are as coarse as this; a sound that is shorter by less is whole."""
_FIRST_OGG_S = 0.3
"""Short whole files may count from as much as this."""
_LONGEST_VORBIS_BLOCK = 8192
_TAGS = (b"ID3", b"TAG", b"APETAGEX")
_ERRORS = 50
"""A reader that fails so many times in a row goes no further."""


class Unreadable(Exception):  # noqa: N818 - a finding about the file
    """No sound can be found in the bytes; the text says why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some sound."""

    samples: F32
    """(n, channels), full scale being 1."""
    sample_rate_hz: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Something stood here that could not be read, or nothing was written."""

    seconds: float
    """How long it lasted; 0 when nobody knows."""
    damage: bool
    """False where the file itself leaves a pause."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """The sound ends before its time."""

    missing_s: float
    """What should have come yet, in seconds; 0 when nobody knows."""


@dataclass(frozen=True, slots=True)
class Expected:
    """How long the sound should be, by its header: a guess, told before any sound."""

    seconds: float


Found = Piece | Gap | CutOff | Expected


def decode(source: Bytes, mp3_frames: int = 0) -> Iterator[Found]:
    """Yield the first or best sound in the bytes to its end.

    mp3_frames: how many an MP3 promises, 0 if it does not.

    Raises:
        Unreadable: there is no sound in them.
    """
    with contextlib.ExitStack() as stack:
        container = _open_container(source)
        stack.callback(container.close)
        stream = container.streams.best("audio")
        if stream is None:
            raise Unreadable("there is no sound in it")
        if stream.codec_context is None:
            raise Unreadable("its coder is not known")
        if container.duration:
            yield Expected(container.duration / 1e6)
        reader = _Reader(container, stream, mp3_frames)
        if isinstance(source, OggLinks) and len(container.streams) == 1:
            yield from _trim_padding(reader.decode(), source, stream.codec_context.name)
        else:
            yield from reader.decode()


def _open_container(source: Bytes) -> Any:
    options = {"format_whitelist": ",".join(_FORMATS), "protocol_whitelist": "none"}
    if isinstance(source, WavBytes):  # its header says all; somebody may be waiting to be heard
        options["probesize"] = str(1 << 16)
    try:
        return av.open(source, options=options, metadata_errors="replace")
    except (FFmpegError, ValueError) as error:
        raise Unreadable("no format that is known") from error


def _trim_padding(found: Iterator[Found], links: OggLinks, coder: str) -> Iterator[Found]:
    """Leave out what a Vorbis coder has added to fill its last block, where one page holds all."""
    read = 0
    for each in found:
        if isinstance(each, Piece):
            read += len(each.samples)
            over = read - links.end if links.end and coder == "vorbis" else 0
            if 0 < over < _LONGEST_VORBIS_BLOCK:
                yield Piece(each.samples[: max(0, len(each.samples) - over)], each.sample_rate_hz)
                continue
        yield each


class _Reader:
    """One stream from its first packet to its last, and the time that each belongs to."""

    def __init__(self, container: Any, stream: Any, mp3_frames: int) -> None:
        self._container, self._stream, self._mp3_frames = container, stream, mp3_frames
        self._codec = stream.codec_context
        self._format = container.format.name.split(",")[0]
        self._first_s: float | None = None
        self._read_s = 0.0
        self._bytes_of_frame = 0.0
        self._seconds_of_frame = 0.0
        self._failed = False
        if self._format == "flac":
            # Elsewhere the decoders' own hiding of faults sounds better than silence.
            self._codec.options = {"err_detect": "crccheck+explode"}
            self._info = bytes(self._codec.extradata or b"")
        self._may_pause = self._format == "mov" or (
            self._format == "matroska" and self._codec.name in ("opus", "libopus")
        )
        """Time that no sound was written for is no damage: coders leave silence out here."""

    def decode(self) -> Iterator[Found]:
        for packet in self._packets():
            if packet is None:
                self._failed = True
                continue
            if self._format == "flac" and packet.size and packet.pts is None:
                yield from self._flac_run(bytes(packet))
                continue
            yield from self._packet(packet)
        if not self._read_s and (self._failed or self._format == "mov"):
            raise Unreadable("nothing in it can be decoded")
        missing_s = self._promised_s() - self._read_s
        short = missing_s > max(SHORT_S, 0.001 * self._read_s)
        if self._failed or short:
            yield CutOff(missing_s if short else 0.0)

    def _packets(self) -> Iterator[Any]:
        """Yield the packets, None for one that could not be had; the last one is empty."""
        failures = 0
        while failures < _ERRORS:
            try:
                for packet in self._container.demux(self._stream):
                    failures = 0
                    yield packet
                return
            except (FFmpegError, ValueError):
                failures += 1
                yield None
        yield av.Packet()

    def _packet(self, packet: Any) -> Iterator[Found]:
        try:
            frames = self._frames(packet if packet.size else None)
        except (FFmpegError, ValueError):
            self._failed = self._failed or not _is_metadata(packet)
            self._junk(packet, 0)
            return
        for frame, samples in frames:
            yield from self._sound(frame, samples)
        self._junk(packet, len(frames))

    def _frames(self, packet: Any | None) -> list[tuple[Any, F32]]:
        frames = [(frame, _floats(frame)) for frame in self._codec.decode(packet)]
        if packet is None:
            self._codec.flush_buffers()  # an empty packet need not be the last
        low, high = RATES_HZ
        for frame, _ in frames:
            if not low <= frame.sample_rate <= high and not self._read_s:
                raise Unreadable(f"{frame.sample_rate} samples a second are no sound")
        return [each for each in frames if len(each[1]) and low <= each[0].sample_rate <= high]

    def _flac_run(self, run: bytes) -> Iterator[Found]:
        """Frames that were not told apart, some of them damaged."""
        rate = self._codec.sample_rate
        before_s = self._read_s
        for sample, content in find_frames(run, self._info, round(self._read_s * rate)):
            with contextlib.suppress(FFmpegError, ValueError):
                for frame, samples in self._frames(av.Packet(content)):
                    yield from self._sound(frame, samples, sample / rate)
        self._failed = self._failed or self._read_s == before_s

    def _junk(self, packet: Any, frames: int) -> None:
        """Bytes of a stream without time stamps that gave no sound: how long they would last."""
        if self._format not in ("mp3", "aac"):
            return
        if frames and packet.size < 2.5 * max(self._bytes_of_frame, 1000.0):
            share = 0.1 if self._bytes_of_frame else 1.0
            self._bytes_of_frame += share * (packet.size / frames - self._bytes_of_frame)
            return
        if not self._bytes_of_frame or _is_metadata(packet):
            return
        lost = round(packet.size / self._bytes_of_frame) - frames
        if lost > 0 and self._first_s is not None:
            # The time stamps that follow count one frame for these bytes. Where none follow it was
            # no sound but what some programs leave at the end of a file.
            self._first_s -= (lost - (0 if frames else 1)) * self._seconds_of_frame

    def _sound(self, frame: Any, samples: F32, at_s: float | None = None) -> Iterator[Found]:
        rate = frame.sample_rate
        if at_s is None and frame.pts is not None and frame.time_base:
            at_s = frame.pts * float(frame.time_base)
        if at_s is not None:
            first_s = self._first_s
            if first_s is None:
                low_s = {"flac": 0.0, "ogg": _FIRST_OGG_S}.get(self._format, BEGINS_S)
                begins = low_s <= at_s <= BEGINS_S
                first_s = 0.0 if begins else at_s - self._read_s
            late_s = at_s - first_s - self._read_s
            if TOLERANCE_S < late_s <= LONGEST_GAP_S:
                yield from self._gap(late_s, self._failed or not self._may_pause)
            elif abs(late_s) > TOLERANCE_S:
                first_s += late_s
            self._first_s = first_s
        if self._failed:
            self._failed = False
            yield Gap(0.0, damage=True)
        self._read_s += len(samples) / rate
        self._seconds_of_frame = max(self._seconds_of_frame, len(samples) / rate)
        yield Piece(samples, rate)

    def _gap(self, seconds: float, damage: bool) -> Iterator[Found]:
        self._read_s += seconds
        self._failed = False
        yield Gap(seconds, damage)

    def _promised_s(self) -> float:
        """Seconds that the header promises, 0.0 where it promises nothing that can be relied on."""
        if self._format == "flac":
            return total_samples(self._info) / max(1, self._codec.sample_rate)
        if self._format in ("mov", "caf", "aiff", "w64", "au") and self._stream.duration:
            return self._stream.duration * float(self._stream.time_base)
        if self._format == "mp3":
            return self._mp3_frames * self._seconds_of_frame
        if self._format == "matroska":
            return self._matroska_s()
        return 0.0

    def _matroska_s(self) -> float:
        with contextlib.suppress(ValueError, KeyError):
            hours, minutes, seconds = self._stream.metadata["DURATION"].split(":")
            return 3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds)
        if len(self._container.streams) > 1:
            return 0.0  # it may be the pictures that last so long
        return (self._container.duration or 0) / 1e6


def _is_metadata(packet: Any) -> bool:
    """Whether a packet of a format without a container is no sound but a title, or padding."""
    content = bytes(packet)
    return any(tag in content for tag in _TAGS) or not content.strip(b"\0")


def _floats(frame: Any) -> F32:
    """Return a frame as (n, channels), full scale being 1."""
    array = frame.to_ndarray()
    samples = array.T if frame.format.is_planar else array.reshape(-1, frame.layout.nb_channels)
    kind = samples.dtype
    with np.errstate(over="ignore", invalid="ignore"):
        floats = np.ascontiguousarray(samples.astype(np.float32))
    if kind == np.uint8:
        return (floats - np.float32(128)) / np.float32(128)
    if kind.kind == "i":
        floats *= np.float32(2.0 ** (1 - 8 * kind.itemsize))
    return floats
