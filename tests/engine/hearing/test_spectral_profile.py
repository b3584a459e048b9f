"""Spectral profiles tell a low sound from a high one, at any level."""

from __future__ import annotations

import numpy as np
import pytest

from engine.hearing.spectral_profile import FLOOR_DB, ProfileMeter, profile_distance

RATE = 16000
T = np.arange(RATE) / RATE
NOISE = np.random.default_rng(6).standard_normal(RATE) * 0.1
LOW = np.sin(2 * np.pi * 200 * T)
HIGH = np.sin(2 * np.pi * 5000 * T)
SOUNDS = np.stack([LOW, 0.01 * LOW, HIGH, NOISE]).astype(np.float32)


@pytest.fixture
def meter() -> ProfileMeter:
    meter = ProfileMeter(RATE, 4)
    for at in range(0, RATE, 3200):
        meter.push(SOUNDS[:, at : at + 3200])
    return meter


def test_level_does_not_matter_and_frequency_does(meter: ProfileMeter) -> None:
    low, quiet, high, noise = (meter.profile((i,)) for i in range(4))
    assert profile_distance(low, quiet) == pytest.approx(0, abs=0.01)
    assert profile_distance(low, high) > 0.2
    assert profile_distance(low, noise) > 0.5
    assert np.argmax(low) < np.argmax(high)
    assert 10 ** (low / 10) @ np.ones(low.size) == pytest.approx(1, abs=0.01)


def test_distances_to_many_at_once(meter: ProfileMeter) -> None:
    profiles = np.stack([meter.profile((i,)) for i in range(4)])
    distances = profile_distance(profiles[0], profiles)
    assert distances.shape == (4,)
    assert distances[0] == 0
    assert distances.max() <= 1


def test_channels_together(meter: ProfileMeter) -> None:
    both = meter.profile((0, 2))
    assert both[np.argmax(meter.profile((0,)))] > -10
    assert both[np.argmax(meter.profile((2,)))] > -10


def test_silence_has_a_flat_profile_and_the_past_is_forgotten(meter: ProfileMeter) -> None:
    assert np.allclose(ProfileMeter(RATE, 1).profile((0,)), FLOOR_DB)
    high = meter.profile((2,))
    for _ in range(30):
        meter.push(SOUNDS[::-1, :3200])
    assert profile_distance(meter.profile((1,)), high) < 0.02
    meter.reset()
    assert np.allclose(meter.profile((3,)), FLOOR_DB)
