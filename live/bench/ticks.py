"""One tick after another with nothing beside it: what hearing, painting and the rest cost."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from engine.bundle import Bundle, BundleModels
from engine.conditioning import Conditioner
from engine.hearing import Hearer
from engine.packets import F32, Conditions, Hearing, Stamp
from engine.painting import Painter
from engine.synthesis import synthesise
from live.bench.measure import Measure, percentile
from live.bench.timed_models import timed
from live.settings import Settings

SOURCES = ("rain", "birds", "church bells", "train")
"""What sounds together while hearing is measured."""
WARM = 3
"""First rounds that do not count."""


def mixture(sample_rate_hz: int, seconds: float, seed: int) -> F32:
    """Return four sources at the same loudness together, (n,) in [-1, 1]."""
    parts = [synthesise(label, seconds, sample_rate_hz, seed) for label in SOURCES]
    mixed = np.sum(parts, axis=0)
    return (mixed / max(1.0, float(np.abs(mixed).max()))).astype(np.float32)


def tick_measures(
    bundle: Bundle, models: BundleModels, settings: Settings, ticks: int
) -> list[Measure]:
    """Measure hearing, painting and the overhead, over so many ticks each; medians."""
    heard = _hearing_times(bundle, models, settings, ticks)
    painted = _painting_times(bundle, models, settings, ticks)
    overhead = _overheads(bundle, models, settings, ticks)
    steps = _steps(bundle, settings)
    size = bundle.manifest.pictures.sizes[0]
    most = max(count for count, _ in heard)
    full = [ms for count, ms in heard if count == most]
    return [
        Measure(
            "hearing, 4 sources",
            percentile(full, 0.5),
            "ms",
            60.0,
            note=f"{len(full)} hops with {most} source(s) encoded beside the mixture",
        ),
        Measure(
            "painting, scene + 4 panels, one batch",
            percentile(painted, 0.5),
            "ms",
            120.0,
            note=f"{len(painted)} batches of {size[1]}x{size[0]}, {steps} step(s)",
        ),
        Measure(
            "overhead outside model calls",
            percentile(overhead, 0.5),
            "%",
            10.0,
            note=f"{len(overhead)} ticks of hearing and painting",
        ),
    ]


def _steps(bundle: Bundle, settings: Settings) -> int:
    offered = bundle.manifest.pictures.steps
    return settings.steps if settings.steps in offered else min(offered)


class _CountingEncoder:
    """Notes how many sources were encoded beside the mixture."""

    def __init__(self, model) -> None:
        self._model = model
        self.sources = 0

    def run(self, inputs):
        self.sources = len(inputs["audio"]) - 1
        return self._model.run(inputs)

    def __getattr__(self, name: str):
        return getattr(self._model, name)


def _hearing_times(
    bundle: Bundle, models: BundleModels, settings: Settings, ticks: int
) -> list[tuple[int, float]]:
    """(sources encoded, ms) of each hop."""
    encoder = _CountingEncoder(models.encoder)
    hearer = Hearer(bundle, replace(models, encoder=encoder), settings.window_s, settings.hop_s)
    times = []
    for number, hop in enumerate(_hops(hearer, settings, ticks + WARM)):
        encoder.sources = 0
        began = time.perf_counter()
        hearer.push(hop, time.monotonic())
        if number >= WARM:
            times.append((encoder.sources, 1000 * (time.perf_counter() - began)))
    return times


def _hops(hearer: Hearer, settings: Settings, count: int) -> F32:
    samples = mixture(hearer.sample_rate_hz, count * settings.hop_s, settings.seed)
    return samples[: count * hearer.hop].reshape(-1, hearer.hop)


def _painting_times(
    bundle: Bundle, models: BundleModels, settings: Settings, ticks: int
) -> list[float]:
    manifest = bundle.manifest
    rng = np.random.default_rng(settings.seed)
    rows, slots = 5, manifest.sources
    tokens = rng.normal(size=(rows, slots, manifest.embedding_dim))
    tokens /= np.linalg.norm(tokens, axis=2, keepdims=True)
    latent = [side // manifest.pictures.latent_factor for side in manifest.pictures.sizes[0]]
    noise = rng.normal(size=(rows, manifest.pictures.latent_channels, *latent))
    conditions = Conditions(
        stamp=Stamp(0, 0, 0, 0, manifest.sample_rate_hz, 0.0),
        track_ids=(1, 2, 3, 4),
        tokens=tokens.astype(np.float32),
        weights=np.ones((rows, slots), np.float32),
        noise=noise.astype(np.float32),
        steps=_steps(bundle, settings),
    )
    painter = Painter(models.generators)
    times = []
    for _ in range(ticks + WARM):
        began = time.perf_counter()
        painter.paint(conditions)
        times.append(1000 * (time.perf_counter() - began))
    return times[WARM:]


def _overheads(bundle: Bundle, models: BundleModels, settings: Settings, ticks: int) -> list[float]:
    """Per cent of each tick, hearing and painting together, that no model call took."""
    counted, clock = timed(models)
    hearer = Hearer(bundle, counted, settings.window_s, settings.hop_s)
    conditioner = Conditioner(bundle.manifest, settings.seed, 4)
    painter = Painter(counted.generators)
    size, steps = bundle.manifest.pictures.sizes[0], _steps(bundle, settings)
    shares = []
    for number, hop in enumerate(_hops(hearer, settings, ticks + WARM)):
        clock.take()
        began = time.perf_counter()
        heard: list[Hearing] = hearer.push(hop, time.monotonic())
        now_s = (number + 1) * settings.hop_s
        for hearing in heard:
            conditioner.hear(hearing, now_s)
        painter.paint(conditioner.conditions(now_s, steps, size))
        whole_ms = 1000 * (time.perf_counter() - began)
        shares.append(100 * (1 - clock.take() / whole_ms))
    return shares[WARM:]
