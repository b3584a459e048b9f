"""The layer that answers before the models do."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine.sound.reactive import ReactiveMeter

RATE = 48000
RNG = np.random.default_rng(4)


def _noise(seconds: float, gain: float = 0.1) -> np.ndarray:
    return (RNG.standard_normal(round(seconds * RATE)) * gain).astype(np.float32)


def test_silence_is_nothing() -> None:
    now = ReactiveMeter(RATE).push(np.zeros(RATE, np.float32))
    assert (now.level, now.onset, now.brightness) == (0, 0, 0)


def test_a_clap_shows_within_one_block_and_fades() -> None:
    meter = ReactiveMeter(RATE)
    meter.push(_noise(1.0, 0.001))
    before = meter.push(_noise(0.01, 0.001))
    clap = meter.push(_noise(0.01, 0.2))
    assert clap.onset > 0.9 > 0.1 > before.onset
    assert clap.level > before.level + 0.4
    after = meter.push(_noise(0.5, 0.001))
    assert after.onset < 0.1
    assert before.level < after.level < clap.level
    assert meter.push(_noise(1.5, 0.001)).level == pytest.approx(before.level, abs=0.05)


def test_steady_sound_has_no_onset() -> None:
    meter = ReactiveMeter(RATE)
    meter.push(_noise(2.0))
    assert max(meter.push(_noise(0.01)).onset for _ in range(100)) < 0.1


def test_level_follows_decibels_and_sensitivity() -> None:
    levels = [ReactiveMeter(RATE).push(_noise(0.5, gain)).level for gain in (0.001, 0.01, 0.1, 0.9)]
    assert levels == sorted(levels)
    assert levels[1] - levels[0] == pytest.approx(20 / 54, abs=0.05)
    assert ReactiveMeter(RATE, sensitivity_db=20).push(_noise(0.5, 0.01)).level == pytest.approx(
        levels[2], abs=0.05
    )


def test_brightness_orders_low_and_high() -> None:
    t = np.arange(RATE) / RATE
    values = [
        ReactiveMeter(RATE).push((0.3 * np.sin(2 * np.pi * hz * t)).astype(np.float32)).brightness
        for hz in (100, 500, 2000, 8000)
    ]
    assert values == sorted(values)
    assert values[0] < 0.35
    assert values[-1] > 0.9


def test_pieces_do_not_matter() -> None:
    sound = _noise(0.7) * np.linspace(0, 1, round(0.7 * RATE), dtype=np.float32)
    whole = ReactiveMeter(RATE).push(sound)
    meter = ReactiveMeter(RATE)
    for at in range(0, sound.size, 333):
        now = meter.push(sound[at : at + 333])
    assert now.level == pytest.approx(whole.level, abs=1e-6)
    assert now.onset == pytest.approx(whole.onset, abs=1e-6)
    assert now.brightness == pytest.approx(whole.brightness, abs=1e-6)


def test_a_block_costs_little() -> None:
    meter = ReactiveMeter(RATE)
    block = _noise(0.01)
    costs = []
    for _ in range(200):
        begin = time.thread_time()  # what it costs, not how long others had the processor
        meter.push(block)
        costs.append(time.thread_time() - begin)
    assert np.median(costs) < 0.5e-3
