"""Channels become one without cancelling, and ordinary sound stays the plain mean."""

from __future__ import annotations

import numpy as np
import pytest

from live.sounds.mono import MonoMix
from tests.live.damaged_sounds import RATE, melody


def mixed(samples: np.ndarray, piece: int = 1 << 30) -> np.ndarray:
    mix = MonoMix(RATE, samples.shape[1])
    parts = [mix.process(samples[at : at + piece]) for at in range(0, len(samples), piece)]
    return np.concatenate([*parts, mix.flush()])


@pytest.mark.parametrize("share", [1.0, 0.8, 0.3])
def test_channels_turned_round_do_not_cancel(share: float) -> None:
    sound = melody()
    heard = mixed(np.stack([sound, -share * sound], 1))
    if share > 0.5:
        np.testing.assert_array_equal(heard, sound)
    assert np.std(heard) > 0.3 * np.std(sound)


@pytest.mark.parametrize("channels", [2, 3, 6, 8])
def test_one_of_many_turned_round_costs_little(channels: int) -> None:
    sound = melody()
    signs = np.array([1.0, -1.0] * channels)[:channels].astype(np.float32)
    heard = mixed(sound[:, None] * signs)
    assert np.std(heard) > 0.3 * np.std(sound)


def ordinary() -> list[np.ndarray]:
    left, right = melody(seed=1), melody(seed=2)[::-1]
    noise = np.random.default_rng(0).normal(size=(4 * RATE, 8)).astype(np.float32) * 0.1
    silent = np.zeros_like(left)
    return [
        np.stack([left, left], 1),
        np.stack([left, right], 1),
        np.stack([left, silent], 1),
        np.stack([left, 0.5 * np.roll(left, 30)], 1),
        np.stack([silent, silent], 1),
        noise,
        np.stack([*[silent] * 7, left], 1),
    ]


@pytest.mark.parametrize("number", range(7))
def test_ordinary_sound_is_the_mean_bit_for_bit(number: int) -> None:
    samples = np.ascontiguousarray(ordinary()[number])
    np.testing.assert_array_equal(mixed(samples), samples.mean(axis=1, dtype=np.float32))


@pytest.mark.parametrize("piece", [1, 479, 480, 4801])
def test_the_sizes_of_the_pieces_do_not_matter(piece: int) -> None:
    sound = melody(1.2)
    samples = np.stack([sound, np.where(np.arange(sound.size) < RATE // 2, sound, -sound)], 1)
    np.testing.assert_array_equal(mixed(samples, piece), mixed(samples))


def test_a_change_within_a_sound_does_not_click() -> None:
    t = np.arange(8 * RATE) / RATE
    sound = (0.5 * np.sin(2 * np.pi * 100 * t)).astype(np.float32)
    turned = (t > 2) & (t < 5)
    heard = mixed(np.stack([sound, np.where(turned, -sound, sound)], 1))
    quiet = (t > 2.0) & (t < 4.5)
    # Silence comes within the fault, never a jump that was not in the channels themselves.
    assert np.abs(np.diff(heard)).max() < 1.5 * np.abs(np.diff(sound)).max()
    assert np.std(heard[quiet & (t > 3.5)]) == pytest.approx(np.std(sound), rel=0.05)
    np.testing.assert_array_equal(heard[t < 2], sound[t < 2])
    np.testing.assert_array_equal(heard[t > 7], sound[t > 7])


def test_silence_before_channels_that_cancel_changes_nothing() -> None:
    sound = melody()
    sound[:RATE] = 0
    np.testing.assert_array_equal(mixed(np.stack([sound, -sound], 1)), sound)
