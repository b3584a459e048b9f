"""Ticks are measured on the real parts, with four sources."""

from __future__ import annotations

from pathlib import Path

from engine.bundle.load import load_bundle
from live.bench.ticks import tick_measures
from live.bench.timed_models import with_call_clock
from live.settings.model import Settings


def test_the_measures_of_a_tick(small_bundle: Path) -> None:
    bundle = load_bundle(str(small_bundle))
    models = bundle.models("onnxruntime")
    hearing, painting, scene, overhead = tick_measures(bundle, models, Settings(), 5)
    models.close()
    assert "5 hops" in hearing.note
    assert hearing.value > 0
    assert "4 of" in painting.note
    assert 0 < scene.value <= painting.value
    assert 0 < overhead.value < 100


def test_the_clock_counts_only_what_happens_inside_a_model(small_bundle: Path) -> None:
    import time

    import numpy as np

    bundle = load_bundle(str(small_bundle))
    models, clock = with_call_clock(bundle.models("onnxruntime"))
    began = time.perf_counter()
    models.encoder.run({"audio": np.zeros((1, 64000), np.float32)})
    took_ms = 1000 * (time.perf_counter() - began)
    assert 0 < clock.take() <= took_ms
    time.sleep(0.01)
    assert clock.take() == 0
    models.close()
