"""How suddenly a sound became louder."""

import numpy as np
import pytest

from engine.sound.onset import onset

RATE = 16000
HOP = 3200
RNG = np.random.default_rng(0)


def noise(seconds: float, level_db: float) -> np.ndarray:
    made = RNG.standard_normal(round(seconds * RATE)) * 10 ** (level_db / 20)
    return made.astype(np.float32)


@pytest.mark.parametrize("level_db", [-60.0, -30.0, -10.0])
def test_steady_sound_and_silence_have_none(level_db: float):
    assert onset(noise(0.5, level_db), HOP, RATE) == 0.0
    assert onset(np.zeros(RATE, np.float32), HOP, RATE) == 0.0


@pytest.mark.parametrize("at_s", [0.0, 0.05, 0.19])
def test_a_bark_is_one_wherever_in_the_hop_it_begins(at_s: float):
    before = round(0.25 * RATE)
    samples = np.concatenate([noise(0.25 + at_s, -50.0), noise(0.4, -20.0)])[: before + HOP]
    assert onset(samples, HOP, RATE) == 1.0


def test_the_larger_the_rise_the_more_and_a_fall_is_none():
    found = [
        onset(np.concatenate([noise(0.3, -45.0), noise(0.15, -45.0 + rise)]), HOP, RATE)
        for rise in (0.0, 9.0, 14.0, 30.0)
    ]
    assert found[0] == 0.0
    assert 0.0 < found[1] < found[2] < found[3] == 1.0
    assert onset(np.concatenate([noise(0.3, -15.0), noise(0.15, -40.0)]), HOP, RATE) == 0.0


def test_what_rose_before_the_hop_is_not_told_again():
    samples = np.concatenate([noise(0.05, -50.0), noise(0.4, -20.0)])
    assert onset(samples, HOP // 4, RATE) == 0.0


def test_too_little_to_compare_with_is_none():
    assert onset(noise(0.1, -20.0), HOP, RATE) == 0.0
