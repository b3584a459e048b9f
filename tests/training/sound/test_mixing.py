"""Loudness and augmentation of training clips."""

import numpy as np
import pyloudnorm

from training.sound.loudness import active_lufs
from training.sound.mixing import at_loudness, augment, place_in_clip, repeat

RATE = 16000


def test_loudness_of_steady_noise_is_that_of_a_reference_meter() -> None:
    noise = np.random.default_rng(0).standard_normal(5 * RATE).astype(np.float32) * 0.05
    wanted = pyloudnorm.Meter(RATE).integrated_loudness(noise)
    assert abs(active_lufs(noise, RATE) - wanted) < 0.5


def test_a_short_event_counts_by_itself() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32) * 0.1
    alone = np.concatenate([noise, np.zeros(3 * RATE, np.float32)])
    assert abs(active_lufs(alone, RATE) - active_lufs(noise, RATE)) < 1.0
    assert active_lufs(np.zeros(RATE, np.float32), RATE) == -100.0


def test_clips_come_out_at_the_loudness_asked_for_and_silence_stays() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32) * 0.3
    assert abs(active_lufs(at_loudness(noise, RATE, -30.0), RATE) + 30.0) < 0.1
    assert not at_loudness(np.zeros(RATE, np.float32), RATE).any()


def test_short_sounds_are_placed_in_silence_and_long_ones_cut() -> None:
    rng = np.random.default_rng(0)
    short = place_in_clip(rng, np.ones(2000, np.float32), 4 * RATE, RATE)
    assert short.shape == (4 * RATE,)
    assert 0 < np.count_nonzero(short) < 4 * RATE
    long = place_in_clip(rng, np.ones(9 * RATE, np.float32), 4 * RATE, RATE)
    assert np.all(long == 1)


def test_short_sounds_are_repeated_unevenly() -> None:
    knock = np.random.default_rng(2).standard_normal(1600).astype(np.float32)
    for seed in range(8):
        out = repeat(np.random.default_rng(seed), knock, 4 * RATE, RATE)
        assert out.shape == (4 * RATE,)
        assert np.isfinite(out).all()
        assert np.count_nonzero(out) > 2 * knock.size


def test_company_is_softer_than_the_sound_itself() -> None:
    time = np.arange(5 * RATE) / RATE
    low = np.sin(2 * np.pi * 300 * time).astype(np.float32)
    high = np.sin(2 * np.pi * 3000 * time).astype(np.float32)
    out = augment(np.random.default_rng(7), low, 4 * RATE, RATE, beside=high)
    assert np.isfinite(out).all()
    power = np.abs(np.fft.rfft(out)) ** 2
    assert power[: 1000 * 4].sum() > 0
    assert power[1800 * 4 : 5000 * 4].sum() > 1e-6 * power.sum()


def test_takes_differ_but_repeat_for_a_seed() -> None:
    sound = np.random.default_rng(1).standard_normal(3 * RATE).astype(np.float32)
    a = augment(np.random.default_rng(5), sound, 4 * RATE, RATE)
    b = augment(np.random.default_rng(5), sound, 4 * RATE, RATE)
    c = augment(np.random.default_rng(6), sound, 4 * RATE, RATE)
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)
    assert np.isfinite(a).all()
