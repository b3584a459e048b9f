"""What microphones and their surroundings add."""

import numpy as np

from training.sound.microphones import (
    apply_automatic_gain,
    hum,
    overdrive,
    simulate_microphone,
    surroundings,
)

RATE = 16000


def noise(n: int = 2 * RATE) -> np.ndarray:
    return (0.1 * np.random.default_rng(0).standard_normal(n)).astype(np.float32)


def test_hum_stands_on_the_mains() -> None:
    sound = hum(np.random.default_rng(0), RATE, RATE)
    power = np.abs(np.fft.rfft(sound)) ** 2
    lines = {hz for hz in range(power.size) if power[hz] > 1e-3 * power.sum()}
    assert all(hz % 50 == 0 for hz in lines) or all(hz % 60 == 0 for hz in lines)


def test_gain_control_brings_loud_and_soft_together() -> None:
    sound = noise()
    sound[:RATE] *= 0.05
    out = apply_automatic_gain(np.random.default_rng(1), sound, RATE)

    def step(x: np.ndarray) -> float:
        return float(x[-RATE // 2 :].std() / x[: RATE // 2].std())

    assert step(out) < 0.8 * step(sound)


def test_overdrive_bends_peaks_only() -> None:
    sound = noise()
    out = overdrive(np.random.default_rng(2), sound)
    assert np.abs(out).max() < np.abs(sound).max()
    soft = np.abs(sound) < 0.005
    assert np.allclose(out[soft], sound[soft], rtol=0.1)


def test_surroundings_are_level_and_never_drown_the_sound() -> None:
    for seed in range(3):
        place = surroundings(np.random.default_rng(seed), RATE, RATE)
        assert np.isfinite(place).all()
        assert abs(float(np.sqrt(np.mean(place**2))) - 1) < 1e-3
        heard = simulate_microphone(np.random.default_rng(seed), noise(), RATE)
        assert heard.shape == (2 * RATE,)
        assert np.isfinite(heard).all()
        again = simulate_microphone(np.random.default_rng(seed), noise(), RATE)
        assert np.array_equal(heard, again)
