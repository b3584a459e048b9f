"""On which of PulseAudio's sources the streams of this process stand.

When a source goes away the sound server moves its streams to another one, and leaves them there
when it comes back; neither PortAudio nor ALSA tells. PulseAudio's own library does, and is there
wherever ALSA's road to PulseAudio is. PipeWire answers it as well.
"""

from __future__ import annotations

import ctypes
import os
import time
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_uint8, c_uint32, c_void_p
from dataclasses import dataclass
from typing import Any

POLL_S = 2.0
ANSWERS_WITHIN_S = 1.0
_READY, _FAILED = 4, 5
_PROCESS = b"application.process.id"


@dataclass(frozen=True, slots=True)
class Sources:
    """What a sound server says of its sources, by their names."""

    known: frozenset[str]
    """All of them."""
    recorded: frozenset[str]
    """Those that this process records from."""


class SourceWatch:
    """Notices when the server has put the stream of this process on another source than asked."""

    def __init__(self) -> None:
        name = os.environ.get("PULSE_SOURCE", "")
        self._asked = None if not name or name.startswith("@") or name.isdigit() else name
        """Only what is asked for by its own name: the default may be anything."""
        self._was_recorded = False
        """The stream has recorded from the source that was asked for."""
        self._next_poll_s = 0.0

    def other_source(self, now_s: float) -> str | None:
        """Return the name of the other source, None when all is well or cannot be known.

        Asks the server every POLL_S of time.monotonic() `now_s`. What has another name from the
        beginning may be another word for the same: only with the one asked for there is it wrong.
        """
        if self._asked is None or now_s < self._next_poll_s:
            return None
        self._next_poll_s = now_s + POLL_S
        sources = pulse_sources()
        if sources is None or not sources.recorded:
            return None
        if self._asked in sources.recorded:
            self._was_recorded = True
        elif self._was_recorded or self._asked in sources.known:
            return min(sources.recorded)
        return None


class _SourceInfo(Structure):
    """The beginning of pa_source_info."""

    _fields_ = (("name", c_char_p), ("index", c_uint32))


class _SampleSpec(Structure):
    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class _ChannelMap(Structure):
    _fields_ = (("channels", c_uint8), ("map", c_int * 32))


class _OutputInfo(Structure):
    """The beginning of pa_source_output_info."""

    _fields_ = (
        ("index", c_uint32),
        ("name", c_char_p),
        ("owner_module", c_uint32),
        ("client", c_uint32),
        ("source", c_uint32),
        ("sample_spec", _SampleSpec),
        ("channel_map", _ChannelMap),
        ("buffer_usec", ctypes.c_uint64),
        ("source_usec", ctypes.c_uint64),
        ("resample_method", c_char_p),
        ("driver", c_char_p),
        ("proplist", c_void_p),
    )


_OnSource = CFUNCTYPE(None, c_void_p, POINTER(_SourceInfo), c_int, c_void_p)
_OnOutput = CFUNCTYPE(None, c_void_p, POINTER(_OutputInfo), c_int, c_void_p)


def pulse_sources() -> Sources | None:
    """Return the sources of the server; None when none answers within ANSWERS_WITHIN_S."""
    try:
        pulse = ctypes.CDLL("libpulse.so.0")
    except OSError:
        return None
    _declare(pulse)
    loop = pulse.pa_mainloop_new()
    context = pulse.pa_context_new(pulse.pa_mainloop_get_api(loop), b"soundglass")
    try:
        if pulse.pa_context_connect(context, None, 1, None) < 0:  # 1: start no server
            return None
        return _ask(pulse, loop, context, time.monotonic() + ANSWERS_WITHIN_S)
    finally:
        pulse.pa_context_disconnect(context)
        pulse.pa_context_unref(context)
        pulse.pa_mainloop_free(loop)


def _ask(pulse: Any, loop: int, context: int, until_s: float) -> Sources | None:
    names: dict[int, str] = {}
    heard: set[int] = set()
    ends: list[int] = []

    def on_source(_: int, info: Any, end: int, __: int) -> None:
        if end:
            ends.append(end)
        else:
            names[info[0].index] = info[0].name.decode("utf-8", "replace")

    def on_output(_: int, info: Any, end: int, __: int) -> None:
        if end:
            ends.append(end)
        elif pulse.pa_proplist_gets(info[0].proplist, _PROCESS) == str(os.getpid()).encode():
            heard.add(info[0].source)

    callbacks = _OnSource(on_source), _OnOutput(on_output)
    asked = False
    while time.monotonic() < until_s and len(ends) < 2:
        while pulse.pa_mainloop_iterate(loop, 0, None) > 0:
            pass
        state = pulse.pa_context_get_state(context)
        if state >= _FAILED:
            return None
        if state == _READY and not asked:
            asked = True
            ask_sources = pulse.pa_context_get_source_info_list
            ask_outputs = pulse.pa_context_get_source_output_info_list
            pulse.pa_operation_unref(ask_sources(context, callbacks[0], None))
            pulse.pa_operation_unref(ask_outputs(context, callbacks[1], None))
        time.sleep(0.005)
    if ends != [1, 1]:
        return None
    return Sources(
        known=frozenset(names.values()),
        recorded=frozenset(names[index] for index in heard if index in names),
    )


def _declare(pulse: Any) -> None:
    pointer = c_void_p
    for name, result, arguments in (
        ("pa_mainloop_new", pointer, ()),
        ("pa_mainloop_get_api", pointer, (pointer,)),
        ("pa_mainloop_iterate", c_int, (pointer, c_int, pointer)),
        ("pa_mainloop_free", None, (pointer,)),
        ("pa_context_new", pointer, (pointer, c_char_p)),
        ("pa_context_connect", c_int, (pointer, c_char_p, c_int, pointer)),
        ("pa_context_get_state", c_int, (pointer,)),
        ("pa_context_disconnect", None, (pointer,)),
        ("pa_context_unref", None, (pointer,)),
        ("pa_context_get_source_info_list", pointer, (pointer, _OnSource, pointer)),
        ("pa_context_get_source_output_info_list", pointer, (pointer, _OnOutput, pointer)),
        ("pa_operation_unref", None, (pointer,)),
        ("pa_proplist_gets", c_char_p, (pointer, c_char_p)),
    ):
        function = getattr(pulse, name)
        function.restype, function.argtypes = result, arguments
