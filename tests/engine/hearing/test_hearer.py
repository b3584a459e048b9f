"""Hearing with real (tiny) models: who is heard, and that streaming equals offline."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.hearer import Hearer
from engine.packets import Hearing
from engine.runtimes.model import Array, Model, TensorSpec
from tests.tiny_models import tone_of

Opened = tuple[Bundle, BundleModels]
RATE = 16000


def _scene() -> np.ndarray:
    """Silence, then rain (low) and fireworks (high) together, then dog alone, then silence."""
    silence = np.zeros(RATE, np.float32)
    both = tone_of("rain", 4.0) + tone_of("fireworks", 4.0, level=0.05)
    return np.concatenate([silence, both, tone_of("dog", 4.0), np.zeros(4 * RATE, np.float32)])


SCENE = _scene()


def _same(one: list[Hearing], other: list[Hearing]) -> bool:
    return len(one) == len(other) and all(
        a.stamp.window_id == b.stamp.window_id
        and a.stamp.end_sample == b.stamp.end_sample
        and a.loudness_lufs == b.loudness_lufs
        and len(a.sources) == len(b.sources)
        and all(
            (s.track_id, s.labels, s.loudness_lufs, s.significance)
            == (t.track_id, t.labels, t.loudness_lufs, t.significance)
            and np.array_equal(s.embedding, t.embedding)
            for s, t in zip(a.sources, b.sources, strict=True)
        )
        for a, b in zip(one, other, strict=True)
    )


@pytest.fixture(scope="module")
def offline(opened: Opened) -> list[Hearing]:
    return Hearer(*opened).push(SCENE, SCENE.size / RATE)


def test_every_source_is_heard_while_it_sounds(offline: list[Hearing]) -> None:
    assert len(offline) == SCENE.size // 3200
    names = [{s.labels[0][0] for s in h.sources if s.loudness_lufs > -70} for h in offline]
    assert all(n == set() for n in names[:5])
    assert all(n == {"rain", "fireworks"} for n in names[7:24])
    assert names[35] == {"dog"}
    assert all(h.sources == () for h in offline[-5:])
    tracks = {(s.track_id, s.labels[0][0]) for h in offline for s in h.sources}
    assert len(tracks) == 3


def test_what_a_hearing_says_is_in_range(offline: list[Hearing]) -> None:
    for k, hearing in enumerate(offline):
        stamp = hearing.stamp
        assert (stamp.window_id, stamp.epoch) == (k, 0)
        assert stamp.end_sample - stamp.first_sample == 4 * RATE
        assert stamp.captured_at_s == pytest.approx(stamp.end_sample / RATE)
        assert hearing.timings_ms["hear"] == pytest.approx(
            sum(hearing.timings_ms[s] for s in ("separate", "encode", "track"))
        )
        assert -70 <= hearing.loudness_lufs <= 0
        for source in hearing.sources:
            assert 0 <= source.significance <= 1
            assert -70 <= source.loudness_lufs <= 0
            assert np.linalg.norm(source.embedding) == pytest.approx(1, abs=1e-4)
            assert len(source.labels) == 5


def test_the_louder_source_comes_first_and_the_only_one_matters_fully(
    offline: list[Hearing],
) -> None:
    assert [s.labels[0][0] for s in offline[20].sources] == ["rain", "fireworks"]
    (alone,) = offline[45].sources
    assert alone.significance > 0.9


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(1, 40_000), max_size=12))
def test_streaming_equals_offline(opened: Opened, offline: list[Hearing], sizes: list[int]) -> None:
    hearer = Hearer(*opened)
    heard, at = [], 0
    for size in [*sizes, *[1600] * 200]:
        piece = SCENE[at : at + size]
        at += piece.size
        heard += hearer.push(piece, at / RATE)
    assert _same(heard, offline)


def test_a_late_listener_catches_up(opened: Opened, offline: list[Hearing]) -> None:
    hearer = Hearer(*opened)
    assert hearer.push(SCENE[:3000], 0.0, newest_only=True) == []
    late = hearer.push(SCENE[3000 : 3 * RATE], 3.0, newest_only=True)
    assert [h.stamp.window_id for h in late] == [14]
    on_time = hearer.push(SCENE[3 * RATE : 4 * RATE], 4.0)
    assert [h.stamp.window_id for h in on_time] == [15, 16, 17, 18, 19]
    # What was separated meanwhile is the same as if nothing had been passed over.
    assert {s.labels[0][0] for s in on_time[-1].sources} == {"rain", "fireworks"}
    whole = Hearer(*opened)
    whole.push(SCENE[: 4 * RATE], 4.0)
    end = whole.separated_end
    assert end == hearer.separated_end == 4 * RATE - 384
    assert np.array_equal(hearer.separated(end - RATE, end), whole.separated(end - RATE, end))


def test_reset_begins_the_next_epoch(opened: Opened, offline: list[Hearing]) -> None:
    hearer = Hearer(*opened)
    hearer.push(SCENE[: 3 * RATE], 3.0)
    hearer.reset()
    again = hearer.push(SCENE, SCENE.size / RATE)
    assert hearer.epoch == 1
    assert {h.stamp.epoch for h in again} == {1}
    assert _same(again, offline)


def test_one_source_in_every_slot_is_one_track(opened: Opened) -> None:
    """Bleeding over the edge of a slot's band makes no second source."""
    rain = tone_of("rain", 5.0, level=0.3)
    tracks = {s.track_id for h in Hearer(*opened).push(rain, 5.0) for s in h.sources}
    assert len(tracks) == 1


def test_silence_and_noise_under_the_threshold_are_no_source(opened: Opened) -> None:
    hearer = Hearer(*opened)
    assert all(h.sources == () for h in hearer.push(np.zeros(5 * RATE, np.float32), 0.0))
    faint = tone_of("owl", 5.0, level=0.002)
    assert all(h.sources == () for h in hearer.push(faint, 0.0))
    hearer.sensitivity_db = 20.0
    assert hearer.push(faint, 0.0)[-1].sources
    hearer.reset()
    assert all(h.sources == () for h in hearer.push(np.zeros(5 * RATE, np.float32), 0.0))


def test_sound_that_is_no_number_is_taken_as_silence(opened: Opened) -> None:
    hearer = Hearer(*opened)
    broken = tone_of("owl", 2.0)
    broken[5000:6000] = np.nan
    broken[7000] = np.inf
    hearings = hearer.push(broken, 2.0)
    assert all(np.isfinite(h.loudness_lufs) for h in hearings)
    after = hearer.push(tone_of("owl", 6.0), 8.0)
    assert [s.labels[0][0] for s in after[-1].sources] == ["owl"]


@pytest.mark.parametrize(("window_s", "hop_s"), [(1.0, 0.25), (2.0, 0.1), (6.0, 0.333)])
def test_other_windows_and_hops(opened: Opened, window_s: float, hop_s: float) -> None:
    hearer = Hearer(*opened, window_s=window_s, hop_s=hop_s)
    hearings = []
    for at in range(0, SCENE.size, 5000):
        hearings += hearer.push(SCENE[at : at + 5000], 0.0)
    assert len(hearings) == SCENE.size // round(hop_s * RATE)
    heard = {s.labels[0][0] for h in hearings for s in h.sources}
    assert {"rain", "fireworks", "dog"} <= heard
    assert hearings[-1].sources == ()


def test_overhead_beside_the_models_is_small(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What it costs this thread, not how long others had the processor.
    monkeypatch.setattr(time, "perf_counter", time.thread_time)
    sound = sum(tone_of(label, 8.0, level=0.05) for label in ("rain", "owl", "frog", "fireworks"))
    hearer = Hearer(*opened)
    hearings = hearer.push(np.asarray(sound, np.float32), 8.0)
    assert len(hearings[-1].sources) == 4
    # The target is 2 ms.
    assert min(h.timings_ms["track"] for h in hearings[10:]) < 4


class _TellsWhatItIsTold:
    """An encoder that makes use of the mixture, as far as the engine can see."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.inputs = {**model.inputs, "mixture": TensorSpec((1, "samples"), "float32")}
        self.told: list[Mapping[str, Array]] = []

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        self.told.append(inputs)
        return self._model.run({"audio": inputs["audio"]})


def test_slots_are_parts_of_the_mixture_that_the_encoder_is_told(opened: Opened) -> None:
    bundle, models = opened
    encoder = _TellsWhatItIsTold(models.encoder)
    hearer = Hearer(bundle, replace(models, encoder=cast(Model, encoder)))
    rng = np.random.default_rng(0)
    noise = np.asarray(0.1 * rng.standard_normal(6 * RATE), np.float32)
    sound = noise + tone_of("rain", 6.0) + tone_of("owl", 6.0) + tone_of("fireworks", 6.0)
    hearings = hearer.push(sound, 6.0)
    whole = [asked for asked in encoder.told if len(asked["audio"]) == 1 + bundle.manifest.sources]
    assert len(encoder.told) == len(hearings)
    assert whole
    late = bundle.manifest.separator.latency_samples
    for asked in whole:
        assert asked["mixture"].shape == (1, asked["audio"].shape[1])
        assert np.array_equal(asked["audio"][0], asked["mixture"][0])
        # The oldest 24 ms of it are gone, and silent here.
        parts = asked["audio"][1:].sum(0)
        assert np.allclose(parts[late:], asked["mixture"][0, late:], atol=1e-4)
        assert not asked["mixture"][0, :late].any()
    plain = Hearer(*opened).push(sound, 6.0)
    assert _same(plain, hearings)
