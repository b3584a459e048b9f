"""Loudness against pyloudnorm and the standard's own calibration."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from engine.sound.loudness import FLOOR_LUFS, LoudnessMeter, gated_loudness, loudness_lufs

RNG = np.random.default_rng(3)


def _sine(hz: float, rate: int, seconds: float = 4.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(round(rate * seconds)) / rate)


def _sounds(rate: int) -> dict[str, np.ndarray]:
    noise = RNG.standard_normal(rate * 4) * 0.1
    return {
        "noise": noise,
        "low": _sine(60, rate),
        "middle": _sine(997, rate),
        "high": _sine(6000, rate),
        "late": np.concatenate([np.zeros(rate * 3), noise[:rate]]),
        "swelling": noise * np.linspace(0, 1, noise.size) ** 4,
    }


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_equals_pyloudnorm(rate: int) -> None:
    # pyloudnorm's default filter departs from BS.1770's table by up to 0.13 LU at 16 kHz; its
    # "DeMan" filter is the standard's.
    reference = pyloudnorm.Meter(rate, filter_class="DeMan")
    for name, sound in _sounds(rate).items():
        ours = loudness_lufs(sound.astype(np.float32), rate)
        assert ours == pytest.approx(reference.integrated_loudness(sound), abs=0.05), name


def test_equals_pyloudnorm_default_at_its_own_rate() -> None:
    reference = pyloudnorm.Meter(48000)
    for name, sound in _sounds(48000).items():
        ours = loudness_lufs(sound.astype(np.float32), 48000)
        assert ours == pytest.approx(reference.integrated_loudness(sound), abs=0.1), name


@pytest.mark.parametrize("rate", [16000, 48000])
def test_full_scale_sine_is_minus_three(rate: int) -> None:
    assert loudness_lufs(2 * _sine(997, rate).astype(np.float32), rate) == pytest.approx(
        -3.01, abs=0.05
    )


def test_silence_and_short_pieces_are_guarded() -> None:
    assert loudness_lufs(np.zeros(64000, np.float32), 16000) == FLOOR_LUFS
    assert loudness_lufs(np.zeros(0, np.float32), 16000) == FLOOR_LUFS
    click = loudness_lufs(np.ones(10, np.float32), 16000)
    assert FLOOR_LUFS < click < -20
    whole = loudness_lufs(_sine(997, 16000, 0.4).astype(np.float32), 16000)
    half = loudness_lufs(_sine(997, 16000, 0.2).astype(np.float32), 16000)
    assert half == pytest.approx(whole - 3.0, abs=0.2)
    assert gated_loudness(np.ones(3)) == FLOOR_LUFS


def test_meter_equals_whole_pieces_and_pieces_do_not_matter() -> None:
    rate = 16000
    sound = RNG.standard_normal((3, rate * 9)).astype(np.float32) * 0.05
    sound[1, : rate * 7] = 0
    sound[2] = 0
    meters = []
    for sizes in ([3200], [1, 777, 4000, 0, 1600], [rate * 9]):
        meter = LoudnessMeter(rate, 4.0, channels=3)
        at = k = 0
        while at < sound.shape[1]:
            meter.push(sound[:, at : at + sizes[k % len(sizes)]])
            at += sizes[k % len(sizes)]
            k += 1
        meters.append(meter)
    for channels in ((0,), (1,), (0, 1), (2,), (0, 2)):
        expected = loudness_lufs(sound[list(channels)].sum(0), rate)
        recent = loudness_lufs(sound[list(channels), -rate * 4 :].sum(0), rate)
        values = [meter.loudness_lufs(channels) for meter in meters]
        assert values == pytest.approx([values[2]] * 3, abs=1e-9)
        assert values[0] == pytest.approx(recent, abs=0.05)
        if 1 not in channels:
            assert values[0] == pytest.approx(expected, abs=0.2)


def test_meter_tells_sums_of_channels() -> None:
    meter = LoudnessMeter(16000, 4.0, channels=2)
    sine = _sine(997, 16000).astype(np.float32)
    meter.push(np.stack([sine, -sine]))
    assert meter.loudness_lufs((0,)) > -10
    assert meter.loudness_lufs((0, 1)) == FLOOR_LUFS


def test_meter_peak_is_of_the_recent_past_and_reset_forgets() -> None:
    meter = LoudnessMeter(16000, 4.0)
    meter.push(_sine(997, 16000, 1.0).astype(np.float32)[None])
    assert meter.peak_lufs(0.5) == pytest.approx(-9.03, abs=0.3)
    meter.push(np.zeros((1, 16000), np.float32))
    assert meter.peak_lufs(0.5) < -60
    assert meter.peak_lufs(2.0) == pytest.approx(-9.03, abs=0.3)
    meter.reset()
    assert meter.peak_lufs(4.0) == FLOOR_LUFS
