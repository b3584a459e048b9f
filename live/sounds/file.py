"""Sounds of any format, rate and channel count, read as mono blocks; `demo` needs no file.

Whatever FFmpeg's libraries read, films with sound included: a file, a FIFO or standard input.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.packets import F32
from engine.sound.resample import StreamResampler
from live.errors import UserError
from live.sounds.bytes import STDIN, FileBytes, PipeBytes, open_bytes
from live.sounds.damage_report import SoundFaults

DEMO = "demo"
"""Stands for the built-in soundscape wherever a sound file is asked for."""
DEMO_RATE_HZ = 48000
BLOCK_S = 1.0
LOUDEST = 1e6
"""Samples beyond this are damage, no sound: their squares would soon be no numbers."""


class SoundFile:
    """A readable sound, of which the beginning was read when it was opened; see `open_sound`.

    Its length is an estimate until it was read to its end: no header is trusted.
    """

    def __init__(self, name: str) -> None:
        """name: what the person called it; `demo` is the built-in soundscape."""
        self.name = "standard input" if name == STDIN else name
        self.sample_rate_hz = DEMO_RATE_HZ
        self.channels = 1
        self.faults = SoundFaults()
        """What could not be read so far."""
        self._called = name
        self._source: FileBytes | PipeBytes | None = None
        self._expected_s = 0.0
        self._read = 0
        self._ended = False
        self._head: list[F32] = []
        self._rest: Iterator[F32] | None = None

    @property
    def frames(self) -> int:
        """Length in samples per channel: an estimate, exact once it was read to its end."""
        if self._ended:
            return self._read
        return max(self._read, round(self._expected_s * self.sample_rate_hz))

    @property
    def seconds(self) -> float:
        """Length in seconds, like `frames`."""
        return self.frames / self.sample_rate_hz

    @property
    def fault(self) -> str | None:
        """What could not be read so far, in one line for people; None when all could."""
        return self.faults.describe(self.name)

    @property
    def is_stream(self) -> bool:
        """Whether it comes as it comes, and only once."""
        return isinstance(self._source, PipeBytes)

    def blocks(self, block_s: float = BLOCK_S) -> Iterator[F32]:
        """Yield the sound as mono blocks of so many seconds, the last one shorter.

        The mean of the channels, or the loudest where they would cancel; see `live.sounds.mono`.
        What cannot be read is silence of its length, where that is known, and noted in `faults`.

        Raises:
            UserError: it is a stream that was read before, or the file is gone by now.
        """
        length = max(1, round(block_s * self.sample_rate_hz))
        waiting: list[F32] = []
        ready = 0
        for piece in self._pieces():
            waiting.append(piece)
            ready += piece.size
            if ready >= length:
                joined = np.concatenate(waiting)
                whole = ready - ready % length
                yield from joined[:whole].reshape(-1, length)
                waiting, ready = [joined[whole:]], ready - whole
        if ready:
            yield np.concatenate(waiting)

    def samples(self) -> F32:
        """Return the whole sound, (n,) mono; raises like `blocks`."""
        return np.concatenate(list(self.blocks()))

    def stop(self) -> None:
        """End a stream here, though more may come; whoever waits for it waits no longer."""
        if isinstance(self._source, PipeBytes):
            self._source.stop()

    def _pieces(self) -> Iterator[F32]:
        if self._called == DEMO:
            from engine.synthesis.demo import demo_blocks

            yield from demo_blocks(DEMO_RATE_HZ)
            return
        if self._rest is None:
            if self.is_stream:
                raise UserError(f"{self.name} comes only once, and was read already.")
            self.begin()
        head, rest = self._head, self._rest
        self._head, self._rest = [], None
        assert rest is not None
        yield from head
        yield from rest

    def begin(self, at_least_s: float = 0.0) -> None:
        """Open it and read its beginning, at least so many seconds.

        Raises:
            UserError: it cannot be read, is empty or shorter.
        """
        from live.sounds.decoding import Unreadable

        self._source = open_bytes(self._called)
        self.faults = SoundFaults()
        self._read, self._ended = 0, False
        self._head, self._rest = [], self._mono(self._source)
        try:
            for piece in self._rest:
                self._head.append(piece)
                if self._read > 0 and self._read >= at_least_s * self.sample_rate_hz:
                    return
        except Unreadable as error:
            only = " (through a pipe no M4A or MP4)" if self.is_stream else ", or a film with sound"
            raise UserError(
                f"{self.name} cannot be read as sound ({error}): use WAV, FLAC, OGG or MP3{only}."
            ) from error
        if not self._read and self._source.error is not None:
            reason = self._source.error.strerror
            raise UserError(f"{self.name} cannot be read ({reason}): copy it to another disk.")
        if not self._read:
            raise UserError(f"{self.name} is empty: choose a sound file with sound in it.")
        if self.seconds < at_least_s:
            readable = " as far as it can be read" if self.fault else ""
            raise UserError(
                f"{self.name} lasts {self.seconds:.2f} s{readable}, less than the window of "
                f"{at_least_s:g} s: use a longer file or a shorter --window."
            )

    def _mono(self, source: FileBytes | PipeBytes) -> Iterator[F32]:
        """Yield everything as it comes, at the rate of the first piece."""
        from live.sounds.decoding import CutOff, Expected, Gap, Piece
        from live.sounds.mono import MonoMix
        from live.sounds.reading import decode_bytes

        shape = (0, 0)
        mix: MonoMix | None = None
        resampler: StreamResampler | None = None
        at_s = owed_s = 0.0

        def counted(mono: F32) -> F32:
            out = mono if resampler is None else resampler.process(mono)
            self._read += out.size
            return out

        for each in decode_bytes(source):
            if isinstance(each, Expected):
                self._expected_s = each.seconds
            elif isinstance(each, CutOff):
                self.faults.set_cut_off(at_s, each.missing_s)
            elif isinstance(each, Piece):
                rate_hz, channels = each.sample_rate_hz, each.samples.shape[1]
                if shape != (rate_hz, channels):
                    if mix is None:
                        self.sample_rate_hz, self.channels = rate_hz, channels
                    else:
                        yield counted(mix.flush())
                    if resampler is not None and shape[0] != rate_hz:
                        yield self._end_of(resampler)
                    if shape[0] != rate_hz:
                        same = rate_hz == self.sample_rate_hz
                        resampler = None if same else StreamResampler(rate_hz, self.sample_rate_hz)
                    shape, mix = (rate_hz, channels), MonoMix(rate_hz, channels)
                assert mix is not None
                for silence in _silence(owed_s, *shape):
                    yield counted(mix.process(silence))
                at_s, owed_s = at_s + owed_s, 0.0
                yield counted(mix.process(self._silence_not_finite(each.samples, at_s, rate_hz)))
                at_s += len(each.samples) / rate_hz
            elif isinstance(each, Gap):
                if each.damage:
                    self.faults.add_loss(at_s + owed_s, each.seconds)
                owed_s += each.seconds
        if mix is not None:
            yield counted(mix.flush())
        if resampler is not None:
            yield self._end_of(resampler)
        self._ended = True

    def _end_of(self, resampler: StreamResampler) -> F32:
        out = resampler.flush()
        self._read += out.size
        return out

    def _silence_not_finite(self, samples: F32, at_s: float, rate_hz: int) -> F32:
        """Return samples (n, channels) with silence where there are none."""
        good = np.abs(samples) <= LOUDEST  # what is no number is not, either
        if good.all():
            return samples
        bad = ~good.all(axis=1)
        self.faults.add_not_finite(at_s + int(np.argmax(bad)) / rate_hz, int(bad.sum()))
        return np.where(good, samples, np.float32(0))


def _silence(seconds: float, rate_hz: int, channels: int) -> Iterator[F32]:
    missing = round(seconds * rate_hz)
    while missing > 0:
        length = min(missing, rate_hz)
        yield np.zeros((length, channels), np.float32)
        missing -= length


def open_sound(name: str | Path, at_least_s: float = 0.0) -> SoundFile:
    """Open a sound file, a FIFO, `-` for standard input, or `demo`; a path with a slash is a path.

    Raises:
        UserError: there is no such file, it is no sound that can be read, it is empty, or it is
            shorter than at_least_s, the window that it is to be understood by.
    """
    called = str(name)
    if called == DEMO:
        from engine.synthesis.catalogue import DEMO_SECONDS

        sound = SoundFile(DEMO)
        sound._expected_s = DEMO_SECONDS
        return sound
    sound = SoundFile(called)
    sound.begin(at_least_s)
    return sound
