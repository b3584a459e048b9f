"""One tick after another with nothing beside it: what hearing, painting and the rest cost."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from engine.bundle import Bundle, BundleModels
from engine.conditioning import Conditioner
from engine.hearing import Hearer
from engine.packets import F32, Conditions, Hearing, Stamp
from engine.painting import Painter
from engine.runtimes.model import Model
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
    rows = 1 + bundle.manifest.sources
    return [
        Measure(
            "hearing, 4 sources",
            percentile(heard, 0.5),
            "ms",
            60.0,
            note=f"{len(heard)} hops, {rows} windows encoded in each",
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
    return settings.steps if settings.steps in offered else max(offered)


class _FullEncoder:
    """Encodes a window for every slot, sounding or not: the most that a hop can cost."""

    def __init__(self, model: Model, rows: int) -> None:
        self._model, self._rows = model, rows

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        audio = inputs["audio"]
        missing = np.zeros((max(0, self._rows - len(audio)), audio.shape[1]), np.float32)
        made = self._model.run({"audio": np.concatenate([audio, missing])})
        return {name: value[: len(audio)] for name, value in made.items()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def _hearing_times(
    bundle: Bundle, models: BundleModels, settings: Settings, ticks: int
) -> list[float]:
    """Milliseconds of each hop."""
    encoder = _FullEncoder(models.encoder, 1 + bundle.manifest.sources)
    hearer = Hearer(
        bundle, replace(models, encoder=cast(Model, encoder)), settings.window_s, settings.hop_s
    )
    times = []
    for number, hop in enumerate(_hops(hearer, settings, ticks + WARM)):
        began = time.perf_counter()
        hearer.push(hop, time.monotonic())
        if number >= WARM:
            times.append(1000 * (time.perf_counter() - began))
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
