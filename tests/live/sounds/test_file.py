"""Sound files of every kind, rate and channel count."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live.errors import UserError
from live.sounds.file import DEMO, open_sound
from tests.tiny_models import tone_of

KINDS = [
    ("wav", "PCM_16", 44100),
    ("wav", "PCM_24", 96000),
    ("wav", "FLOAT", 8000),
    ("wav", "PCM_U8", 11025),
    ("flac", "PCM_16", 48000),
    ("flac", "PCM_24", 22050),
    ("ogg", "VORBIS", 44100),
    ("ogg", "OPUS", 48000),
    ("mp3", "MPEG_LAYER_III", 44100),
    ("mp3", "MPEG_LAYER_III", 16000),
    ("aiff", "PCM_16", 32000),
]


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(("suffix", "subtype", "rate"), KINDS)
def test_every_kind_is_read_as_mono(
    tmp_path: Path, suffix: str, subtype: str, rate: int, channels: int
) -> None:
    if suffix in ("mp3", "ogg") and channels > 2:
        pytest.skip("its coder takes one of six channels for the bass alone, or has but two")
    tone = tone_of("fire", 2.5, rate, 0.3)
    path = tmp_path / f"sound.{suffix}"
    soundfile.write(path, np.stack([tone] * channels, 1), rate, subtype=subtype)
    sound = open_sound(path)
    assert (sound.sample_rate_hz, sound.channels) == (rate, channels)
    assert sound.seconds == pytest.approx(2.5, abs=0.1)
    blocks = list(sound.blocks())
    assert all(block.dtype == np.float32 and block.ndim == 1 for block in blocks)
    samples = sound.samples()
    middle = slice(rate, 2 * rate)
    assert np.std(samples[middle]) == pytest.approx(np.std(tone[middle]), rel=0.1)


def test_channels_are_averaged(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "s.wav", np.tile([[0.5, -0.25]], (9000, 1)), 8000, subtype="FLOAT")
    np.testing.assert_allclose(open_sound(tmp_path / "s.wav").samples(), 0.125)


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    soundfile.write(path, tone_of("fire", 3.0, 16000), 16000, subtype="PCM_16")
    path.write_bytes(path.read_bytes()[: 44 + 2 * 16000])
    sound = open_sound(path)
    assert sound.samples().size == 16000
    assert "2.0 s before its end" in str(sound.fault)


def test_a_file_that_breaks_off_is_read_that_far_and_named_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "cut.flac"
    noise = np.random.default_rng(0).normal(size=5 * 16000) * 0.1
    soundfile.write(path, noise, 16000)
    path.write_bytes(path.read_bytes()[:60000])
    sound = open_sound(path)
    heard = sound.samples()
    assert 16000 < heard.size < 3 * 16000
    np.testing.assert_allclose(heard, noise[: heard.size], atol=1e-4)
    assert re.search(r"cut\.flac is damaged: it breaks off at \d", str(sound.fault))


def test_a_name_that_is_nearly_right_is_suggested(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "thunder.wav", np.zeros(8000), 8000)
    with pytest.raises(UserError, match=r"Did you mean thunder\.wav\?"):
        open_sound(tmp_path / "thnder.wav")


def test_the_demo_needs_no_file() -> None:
    sound = open_sound(DEMO)
    assert (sound.channels, sound.sample_rate_hz) == (1, 48000)
    assert sound.seconds >= 90
    first = next(iter(sound.blocks()))
    assert first.size == 48000
