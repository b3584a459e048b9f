"""Where the milliseconds go: what every thread did, from when to when, while somebody asks.

There is one trace in a process or none, as there is one clock: a stage says what it did with
`span` or `note` without being handed anything, and both do nothing while there is none. What was
kept becomes a trace in the format of Chrome and Perfetto; times are `time.perf_counter` seconds.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

KEEP = 400_000
"""Newest things kept: about half an hour of a show in a window, 100 MB of memory."""
_MICRO = 1e6
_PROCESS = 1
"""Number of the one process in the file: threads of another are tracks like ours."""


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One thing that was done, or one passage from one moment to another."""

    name: str
    began_s: float
    ended_s: float
    track: tuple[str, int]
    """Name and number of the thread; the number is 0 where it is no thread of ours."""
    about: dict[str, Any]
    passage: int | None
    """Number of a passage, which may overlap others; None for what a thread did."""


class Trace:
    """What was done since it was made; any thread may add. Begin with `start`."""

    def __init__(self, keep: int = KEEP) -> None:
        """keep: how much is remembered; older things are forgotten."""
        self._kept: deque[TraceEvent] = deque(maxlen=keep)
        self._perf_ahead_s = time.perf_counter() - time.monotonic()

    def add(self, kept: TraceEvent) -> None:
        """Remember something."""
        self._kept.append(kept)

    def since_s(self, monotonic_s: float) -> float:
        """Return a moment of `time.monotonic`, as stamps have it, on the clock of the trace."""
        return monotonic_s + self._perf_ahead_s

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def is_full(self) -> bool:
        """Whether older things may have been forgotten."""
        return len(self._kept) == self._kept.maxlen

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield the events of the trace file, first the names of the tracks."""
        kept = list(self._kept)
        numbers: dict[tuple[str, int], int] = {}
        for each in kept:
            numbers.setdefault(each.track, len(numbers) + 1)
        yield _name_event("process_name", 0, "soundglass")
        for (name, _), number in numbers.items():
            yield _name_event("thread_name", number, name)
        for each in kept:
            number = numbers[each.track]
            shared = {"name": each.name, "pid": _PROCESS, "tid": number, "args": each.about}
            began, ended = each.began_s * _MICRO, each.ended_s * _MICRO
            if each.passage is None:
                yield {**shared, "ph": "X", "ts": began, "dur": ended - began}
            else:
                pair = {**shared, "cat": each.track[0], "id": each.passage}
                yield {**pair, "ph": "b", "ts": began}
                yield {**pair, "ph": "e", "ts": ended}


class _Span:
    __slots__ = ("_about", "_began_s", "_name")

    def __init__(self, name: str, about: dict[str, Any]) -> None:
        self._name, self._about = name, about

    def __enter__(self) -> None:
        self._began_s = time.perf_counter()

    def __exit__(self, *raised: object) -> None:
        note(self._name, self._began_s, time.perf_counter(), **self._about)


_now: Trace | None = None
_NOTHING: AbstractContextManager[None] = nullcontext()


def start(keep: int = KEEP) -> Trace:
    """Keep what is done from now on, and return where it is kept."""
    global _now
    _now = Trace(keep)
    return _now


def stop() -> None:
    """Keep nothing from now on."""
    global _now
    _now = None


def is_tracing() -> bool:
    """Whether what is done is kept."""
    return _now is not None


def span(name: str, **about: Any) -> AbstractContextManager[None]:
    """Keep that this thread did something while a `with` block ran. about: ready for JSON."""
    return _NOTHING if _now is None else _Span(name, about)


def note(name: str, began_s: float, ended_s: float, **about: Any) -> None:
    """Keep that this thread did something between two moments of `time.perf_counter`."""
    trace = _now
    if trace is not None:
        thread = threading.current_thread()
        track = (thread.name, thread.native_id or 0)
        trace.add(TraceEvent(name, began_s, ended_s, track, about, None))


def note_elsewhere(track: str, name: str, began_s: float, ended_s: float, **about: Any) -> None:
    """Keep what another process did between two moments of `time.monotonic`."""
    trace = _now
    if trace is not None:
        began, ended = trace.since_s(began_s), trace.since_s(ended_s)
        trace.add(TraceEvent(name, began, ended, (track, 0), about, None))


def note_interval(name: str, number: int, began_s: float, ended_s: float, **about: Any) -> None:
    """Keep how long something was under way, between two moments of `time.monotonic`.

    Passages of a name may overlap; number tells them apart.
    """
    trace = _now
    if trace is not None:
        began, ended = trace.since_s(began_s), trace.since_s(ended_s)
        trace.add(TraceEvent(name, began, ended, (name, 0), about, number))


def _name_event(what: str, number: int, name: str) -> dict[str, Any]:
    return {"name": what, "ph": "M", "pid": _PROCESS, "tid": number, "args": {"name": name}}
