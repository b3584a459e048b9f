"""One tick after another with nothing beside it: what hearing, painting and the rest cost."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.hearer import Hearer
from engine.packets import F32, HeardSource, Hearing, Stamp
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.runtimes.model import Model
from engine.synthesis.catalogue import synthesise
from live.bench.measure import Measure, percentile
from live.bench.timed_models import with_call_clock
from live.settings.model import Settings

SOURCES = ("rain", "birds", "church bells", "train")
"""What sounds together while hearing is measured."""
PANELS = 4
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
    heard = hearing_times(bundle, models, settings, ticks)
    painted, scenes = _painting_times(bundle, models, settings, ticks)
    overhead = _overheads(bundle, models, settings, ticks)
    steps = _steps(bundle, settings)
    pictures = bundle.manifest.pictures.at(settings.size)
    scene, panel = (f"{width}x{height}" for height, width in (pictures.scene, pictures.panel))
    return [
        Measure(
            "hearing, 4 sources",
            percentile(heard, 0.5),
            "ms",
            60.0,
            note=f"{len(heard)} hops in which slots are shared out, every other one",
        ),
        Measure(
            f"painting, scene + {PANELS} panels",
            percentile(painted, 0.5),
            "ms",
            150.0,
            note=f"{len(painted)} times {scene} and {PANELS} of {panel}, {steps} step(s)",
        ),
        Measure("painting, the scene alone", percentile(scenes, 0.5), "ms"),
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


class _CrowdedEncoder:
    """Says of every mixture that as many labels sound as there are slots, as in a full show."""

    def __init__(self, model: Model, names: int) -> None:
        self._model, self._names = model, names

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """As the model's, with those presences."""
        made = self._model.run(inputs)
        presence = made["presence"].copy()
        presence[:, : self._names] = 0.9
        return {**made, "presence": presence}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def hearing_times(
    bundle: Bundle, models: BundleModels, settings: Settings, ticks: int
) -> list[float]:
    """Return the milliseconds of as many hops as asked for, the slower half of twice as many: of
    those in which slots are shared out."""
    crowded = _CrowdedEncoder(models.encoder, bundle.manifest.sources)
    full = replace(models, encoder=cast(Model, crowded))
    hearer = Hearer(bundle, full, settings.window_s, settings.hop_s)
    times = []
    for number, hop in enumerate(_hops(hearer, settings, 2 * ticks + WARM)):
        began = time.perf_counter()
        hearer.push(hop, time.monotonic())
        if number >= WARM:
            times.append(1000 * (time.perf_counter() - began))
    return sorted(times)[-ticks:]


def _hops(hearer: Hearer, settings: Settings, count: int) -> F32:
    samples = mixture(hearer.sample_rate_hz, count * settings.hop_s, settings.seed)
    return samples[: count * hearer.hop].reshape(-1, hearer.hop)


def _painting_times(
    bundle: Bundle, models: BundleModels, settings: Settings, ticks: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of each painting, scene and panels together; and of its scene alone."""
    conditioner = Conditioner(bundle, settings.seed, PANELS, motion=settings.motion)
    conditioner.paint_at(settings.size)
    conditioner.hear(four_sources(bundle, settings.seed), 0.0)
    painter, steps = Painter(models.generators), _steps(bundle, settings)
    whole, scene = [], []
    for number in range(ticks + WARM):
        conditions = conditioner.conditions(1.0 + number * settings.hop_s, steps)
        began = time.perf_counter()
        pictures = painter.paint(conditions)
        whole.append(1000 * (time.perf_counter() - began))
        scene.append(pictures.timings_ms["generate_scene"])
    return whole[WARM:], scene[WARM:]


def four_sources(bundle: Bundle, seed: int) -> Hearing:
    """Return a hearing of four sources that sound like four names of the vocabulary."""
    names = np.random.default_rng(seed).permutation(len(bundle.manifest.labels))[:PANELS]
    sources = tuple(
        HeardSource(
            track_id=slot + 1,
            embedding=bundle.vocabulary[name],
            labels=((bundle.manifest.labels[name], 1.0),),
            loudness_lufs=-20.0,
            significance=0.8,
        )
        for slot, name in enumerate(names)
    )
    return Hearing(Stamp(0, 0, 0, 0, bundle.manifest.sample_rate_hz, 0.0), sources, -20.0)


def _overheads(bundle: Bundle, models: BundleModels, settings: Settings, ticks: int) -> list[float]:
    """Per cent of each tick, hearing and painting together, that no model call took."""
    counted, clock = with_call_clock(models)
    hearer = Hearer(bundle, counted, settings.window_s, settings.hop_s)
    conditioner = Conditioner(bundle, settings.seed, PANELS, motion=settings.motion)
    conditioner.paint_at(settings.size)
    painter = Painter(counted.generators)
    steps = _steps(bundle, settings)
    shares = []
    for number, hop in enumerate(_hops(hearer, settings, ticks + WARM)):
        clock.take()
        began = time.perf_counter()
        heard: list[Hearing] = hearer.push(hop, time.monotonic())
        now_s = (number + 1) * settings.hop_s
        for hearing in heard:
            conditioner.hear(hearing, now_s)
        painter.paint(conditioner.conditions(now_s, steps))
        whole_ms = 1000 * (time.perf_counter() - began)
        shares.append(100 * (1 - clock.take() / whole_ms))
    return shares[WARM:]
