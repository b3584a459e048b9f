"""Microphones as PortAudio knows them: their list, the choice among them, and an open stream.

The only file that imports sounddevice. PortAudio freezes its list of devices when it starts, so a
process that uses this module sees the microphones of the moment it first asked.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from engine.packets import F32
from engine.sound.resample import StreamResampler
from live.errors import UserError
from live.input.shared_ring import RING_HZ
from live.sounds.mono import MonoMix

BLOCK_S = 0.01
LATENCY_S = 0.02
"""Asked of PortAudio; with PulseAudio the lowest that it keeps without stalls."""
LONGEST_AGE_S = 0.25
"""Some drivers report absurd ages (seconds, for sound that has just arrived); capped here."""

_PLACE = re.compile(r"\s*\(hw:\d+,\d+\)$")
"""Where ALSA found a device, at the end of its name; it changes when it is plugged in again."""

OnBlock = Callable[[F32, float, bool], None]
"""Called with samples (n,) at 48 kHz, time.monotonic() of the last one, and overflowed."""


class PermanentError(UserError):
    """Something that stays until a person puts it right, however long one waits."""


@dataclass(frozen=True, slots=True)
class Microphone:
    """One input device."""

    index: int
    """PortAudio's number, as good as the process lives."""
    name: str
    system: str
    """Sound system it belongs to, such as ALSA."""
    channels: int
    sample_rate_hz: int
    """The rate that the device itself prefers."""
    is_default: bool


def list_microphones() -> tuple[Microphone, ...]:
    """Return the input devices, in PortAudio's order.

    Raises:
        UserError: the PortAudio library is missing or cannot start.
    """
    sounddevice = _sounddevice()
    try:
        systems = sounddevice.query_hostapis()
        default = sounddevice.default.device[0]
        return tuple(
            Microphone(
                index=index,
                name=device["name"],
                system=systems[device["hostapi"]]["name"],
                channels=device["max_input_channels"],
                sample_rate_hz=round(device["default_samplerate"]),
                is_default=index == default,
            )
            for index, device in enumerate(sounddevice.query_devices())
            if device["max_input_channels"] > 0
        )
    except sounddevice.PortAudioError as error:
        raise UserError(f"the sound system does not answer ({error}): is it running?") from error


def choose(
    microphones: Sequence[Microphone],
    wanted: str,
    after: str | None = None,
    index: int | None = None,
) -> Microphone:
    """Return the microphone called `wanted`: "mic" for the default, a number, or part of a name.

    With `after`, the one that follows that name in the list instead, the first after the last.
    With `index`, that number decides where several have the very name, or the first if none has it.
    A name with a place in it, such as "(hw:1,0)", also finds the device at another place.

    Raises:
        UserError: there is none, or no such one.
        PermanentError: several fit.
    """
    if not microphones:
        raise UserError("no microphone found: plug one in, or use --input demo or a sound file.")
    if after is not None:
        names = [microphone.name for microphone in microphones]
        return microphones[(names.index(after) + 1) % len(names) if after in names else 0]
    if wanted == "mic":
        return next((each for each in microphones if each.is_default), microphones[0])
    fitting = [
        [each for each in microphones if str(each.index) == wanted],
        [each for each in microphones if each.name == wanted],
        [each for each in microphones if wanted.lower() in each.name.lower()],
        [each for each in microphones if _PLACE.sub("", each.name) == _PLACE.sub("", wanted)],
    ]
    found = next((some for some in fitting if some), [])
    if len(found) == 1:
        return found[0]
    if index is not None and found and len({each.name for each in found}) == 1:
        return next((each for each in found if each.index == index), found[0])
    names = ", ".join(repr(each.name) for each in found or microphones)
    if found:
        raise PermanentError(f"several microphones fit {wanted!r}: {names}; name one in full.")
    raise UserError(f"no microphone or file is called {wanted!r}: there are {names}.")


@contextmanager
def open_stream(microphone: Microphone, on_block: OnBlock) -> Iterator[Callable[[], bool]]:
    """Open the device and call `on_block` from PortAudio's thread until the context ends.

    The sound is mixed down to mono (see `live.sounds.mono`) and brought to 48 kHz where the device
    cannot do that itself.
    Yields a function that says whether the stream still runs.

    Raises:
        UserError: the device is busy, gone, or refuses every format.
    """
    sounddevice = _sounddevice()
    channels = min(2, microphone.channels)
    rate_hz = _rate_of(sounddevice, microphone, channels)
    mix = MonoMix(rate_hz, channels)
    resampler = StreamResampler(rate_hz, RING_HZ)

    def callback(data: F32, frames: int, times: object, flags: object) -> None:
        now_s = time.monotonic()
        first_age_s = stream.time - times.inputBufferAdcTime  # type: ignore[attr-defined]
        age_s = min(max(first_age_s - frames / rate_hz, 0.0), LONGEST_AGE_S)
        if not np.isfinite(data.sum()):
            data = np.nan_to_num(data, nan=0.0, posinf=0.0, neginf=0.0)
        samples = resampler.process(mix.process(data))
        if samples.size:
            captured_at_s = now_s - age_s - mix.pending / rate_hz - resampler.delay_s
            on_block(samples, captured_at_s, bool(flags.input_overflow))  # type: ignore[attr-defined]

    try:
        stream = sounddevice.InputStream(
            device=microphone.index,
            samplerate=rate_hz,
            channels=channels,
            dtype="float32",
            blocksize=round(BLOCK_S * rate_hz),
            latency=LATENCY_S,
            callback=callback,
        )
        stream.start()
    except sounddevice.PortAudioError as error:
        raise UserError(
            f"microphone {microphone.name!r} cannot be opened ({_reason(error)}): close the "
            "program that uses it, or choose another (soundglass devices)."
        ) from error
    try:
        yield lambda: stream.active
    finally:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)


def _rate_of(sounddevice, microphone: Microphone, channels: int) -> int:
    try:
        sounddevice.check_input_settings(microphone.index, channels, "float32", None, RING_HZ)
        return RING_HZ
    except sounddevice.PortAudioError:
        return microphone.sample_rate_hz


def _reason(error: Exception) -> str:
    text = str(error.args[0]) if error.args else str(error)
    return text.rsplit(": ", 1)[-1]


def _sounddevice():
    try:
        import sounddevice
    except OSError as error:
        raise PermanentError(
            "the PortAudio library is missing: install it (apt install libportaudio2)."
        ) from error
    except Exception as error:
        raise UserError(f"the sound system does not answer ({error}): is it running?") from error
    return sounddevice
