"""Sounds from afar are darker and no louder."""

import numpy as np

from engine.synthesis.catalogue import SYNTHESISED
from training.sound.distance import HEARD_AFAR, from_afar

RATE = 16000


def test_from_afar_the_highs_are_gone_and_the_level_stays() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    frequency = np.fft.rfftfreq(RATE, 1 / RATE)
    for seed in range(20):
        far = from_afar(np.random.default_rng(seed), noise, RATE)
        power = np.abs(np.fft.rfft(far)) ** 2
        assert far.dtype == np.float32
        assert (
            power[frequency > 6000].mean()
            < 0.3 * power[(frequency > 50) & (frequency < 200)].mean()
        )
        np.testing.assert_allclose(np.sqrt(np.mean(far**2)), np.sqrt(np.mean(noise**2)), rtol=0.01)


def test_silence_stays_silent_and_every_outdoor_sound_has_a_synthesiser() -> None:
    silent = from_afar(np.random.default_rng(0), np.zeros(RATE, np.float32), RATE)
    assert not silent.any()
    assert set(SYNTHESISED) >= HEARD_AFAR
