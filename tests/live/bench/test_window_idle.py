"""The sounds that silence is measured with."""

import numpy as np
import soundfile

from live.bench import window_idle as idle


def test_bursts_end_a_silence_that_has_lasted(tmp_path) -> None:
    seconds = 45.0
    starts_s = idle.write_sound(tmp_path / "quiet.wav", "silence", seconds)
    assert len(starts_s) == 3
    samples, rate = soundfile.read(tmp_path / "quiet.wav", dtype="float32")
    loud = np.abs(samples.reshape(-1, rate // 100)).max(axis=1) > 0.05
    first = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    assert np.allclose(first / 100, starts_s, atol=0.011)
    assert np.diff([0.0, *starts_s]).min() >= idle.REST_S
    assert np.sqrt((samples[: 10 * rate] ** 2).mean()) < 2e-4


def test_rain_is_steady(tmp_path) -> None:
    assert idle.write_sound(tmp_path / "rain.wav", "rain", 10.0) == []
    samples, rate = soundfile.read(tmp_path / "rain.wav", dtype="float32")
    seconds = np.sqrt((samples[: 15 * rate].reshape(15, -1) ** 2).mean(axis=1))
    assert seconds.min() > 0.3 * seconds.max() > 0.0
