"""The show in numbers, as Prometheus reads them."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric

from live.machine.memory import resident_mb

if TYPE_CHECKING:
    from live.show.session import Session

BUCKETS_S = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5)

KEPT = 10_000


class Metrics:
    """Counts for one show; nothing is read before somebody asks."""

    kind = CONTENT_TYPE_PLAIN_0_0_4
    """What the text is, for HTTP."""

    def __init__(self, session: Session, lookers: Callable[[], int]) -> None:
        self._session, self._lookers = session, lookers
        self._registry = CollectorRegistry(auto_describe=False)
        self._drawn = Histogram(
            "soundglass_web_drawn_seconds",
            "From the moment that a picture shows to its being drawn in a page, the way back there",
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self.newest_s: deque[float] = deque(maxlen=KEPT)
        """How late the newest of them were drawn."""
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def drawn(self, late_s: float) -> None:
        """Count a picture that a page has drawn so late."""
        self._drawn.observe(late_s)
        self.newest_s.append(late_s)

    def text(self) -> bytes:
        """Return all of it."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield what is read from the show; called by the library."""
        status = self._session.view().status
        yield from _gauges(
            ("up", "Whether the show goes on", float(self._session.fault() is None)),
            ("pictures_per_second", "Scenes painted", status.pictures_per_s),
            ("recording", "Whether it is recorded", float(status.recording)),
            ("frozen", "Whether the pictures are held", float(status.frozen)),
            ("lookers", "Pages and programs that are connected", float(self._lookers())),
            ("memory_bytes", "Of all its processes", resident_mb(os.getpid()) * 2**20),
        )
        yield from _counters(
            ("pictures", "Scenes painted", self._session.pictures_painted),
            ("hearings_dropped", "Passed over for newer ones", status.dropped),
            ("samples_lost", "At 48 kHz, that the input lost", status.lost_samples),
        )
        late = GaugeMetricFamily(
            "soundglass_sound_to_picture_seconds", "Age of the sound when it is shown",
            labels=["quantile"],
        )  # fmt: skip
        late.add_metric(["0.5"], status.sound_to_picture_p50_ms / 1000)
        late.add_metric(["0.95"], status.sound_to_picture_p95_ms / 1000)
        yield late
        rest = GaugeMetricFamily(
            "soundglass_at_rest_seconds", "Since a stage has moved", labels=["stage"]
        )
        for stage, seconds in self._session.at_rest().items():
            rest.add_metric([stage], seconds)
        yield rest


def _gauges(*told: tuple[str, str, float]) -> Iterator[Metric]:
    for name, text, value in told:
        if not math.isnan(value):
            yield GaugeMetricFamily(f"soundglass_{name}", text, value=value)


def _counters(*told: tuple[str, str, float]) -> Iterator[Metric]:
    for name, text, value in told:
        yield CounterMetricFamily(f"soundglass_{name}", text, value=value)
