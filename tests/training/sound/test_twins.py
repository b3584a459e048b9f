"""The same recording under two names is found; another one of the kind is not."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.sound.recordings import Recording
from training.sound.twins import agreement, drop_twins


def recording(folder: Path, name: str, samples: np.ndarray, label: str = "dog") -> Recording:
    soundfile.write(folder / name, samples, 8000)
    return Recording(folder / name, name, label, label, "Ann", "CC0", "effects")


def test_a_cut_copy_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    first, second = (0.1 * rng.standard_normal(8000) for _ in range(2))
    recordings = [
        recording(tmp_path, "held.wav", first),
        recording(tmp_path, "copy.wav", 0.5 * first[400:]),
        recording(tmp_path, "other.wav", second),
        recording(tmp_path, "elsewhere.wav", first, "cat"),
    ]
    kept = [each.name for each in drop_twins(recordings)]
    assert kept == ["held.wav", "other.wav", "elsewhere.wav"]
    assert "under another name: copy.wav" in capsys.readouterr().out


def test_agreement_of_a_sound_with_itself_is_one() -> None:
    x = np.random.default_rng(1).standard_normal(500).astype(np.float32)
    assert abs(agreement(x, -0.3 * x) - 1) < 1e-5
