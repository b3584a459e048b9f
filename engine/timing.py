"""Durations: measured, kept for a while, and summed up as percentiles."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Durations summed up; all zero when there were none."""

    count: int
    """How many durations these are about."""
    p50: float
    """Half of them took at most this many milliseconds."""
    p95: float
    p99: float
    worst: float
    """The longest, in milliseconds."""


class Timings:
    """The last durations of one kind, in milliseconds. Any thread may add and sum up."""

    def __init__(self, keep: int = 600) -> None:
        """keep: how many durations are remembered; older ones are forgotten."""
        self._lock = threading.Lock()
        self._kept: deque[float] = deque(maxlen=keep)
        self._total = 0

    def add(self, ms: float) -> None:
        """Remember a duration."""
        with self._lock:
            self._kept.append(float(ms))
            self._total += 1

    def clear(self) -> None:
        """Forget all durations."""
        with self._lock:
            self._kept.clear()

    @property
    def total(self) -> int:
        """How many durations were ever added."""
        return self._total

    def __len__(self) -> int:
        return len(self._kept)

    def percentile(self, share: float) -> float:
        """The duration that this share, in [0, 100], of the remembered ones do not exceed."""
        with self._lock:
            kept = list(self._kept)
        return float(np.percentile(kept, share)) if kept else 0.0

    def percentiles(self) -> Percentiles:
        """All remembered durations summed up."""
        with self._lock:
            kept = list(self._kept)
        if not kept:
            return Percentiles(0, 0.0, 0.0, 0.0, 0.0)
        p50, p95, p99, worst = np.percentile(kept, (50, 95, 99, 100))
        return Percentiles(len(kept), float(p50), float(p95), float(p99), float(worst))

    @contextmanager
    def measure(self) -> Iterator[None]:
        """Add the time that a `with` block takes."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add((time.perf_counter() - began) * 1e3)
