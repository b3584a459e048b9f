"""CLAP's ear in one graph against the public library's own extractor and model."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soxr
import torch
from transformers import (
    ClapAudioModelWithProjection,
    ClapFeatureExtractor,
    ClapTextModelWithProjection,
)

from export.checkpoints.clap import TEXT, Clap, load_clap
from export.checkpoints.error import CheckpointError
from export.turbo.ear import ClapEar, ClapFeatures, Upsample
from tests.export.tiny_checkpoints import write_clap, write_raw_clap

RATE = 48_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny CLAP as transformers writes it."""
    made = tmp_path_factory.mktemp("clap")
    write_clap(made)
    return made


@pytest.fixture(scope="module")
def clap(folder: Path) -> Clap:
    """The same, loaded."""
    return load_clap(folder)


def sound(seconds: float, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """(n,) a tone that swells over noise, with a click: loud and faint bands at once."""
    rng = np.random.default_rng(seed)
    at = np.arange(int(seconds * rate)) / rate
    made = (
        0.4 * np.sin(2 * np.pi * (300 + 200 * seed + 90 * at) * at) * np.sin(np.pi * at / seconds)
    )
    made += 0.01 * rng.standard_normal(len(at))
    made[len(at) // 3] += 0.8
    return made.astype(np.float32)


@pytest.mark.parametrize("seconds", [10.0, 7.0, 4.0, 1.3])
def test_the_ear_equals_the_public_extractor_and_model(folder, clap, seconds):
    public = ClapAudioModelWithProjection.from_pretrained(folder).eval()
    extract = ClapFeatureExtractor.from_pretrained(folder)
    audio = np.stack([sound(seconds, seed=1), sound(seconds, seed=2)])
    told = extract(list(audio), sampling_rate=RATE, return_tensors="pt", truncation="rand_trunc")
    with torch.no_grad():
        right = public(input_features=told["input_features"].float(), is_longer=None).audio_embeds
        right = torch.nn.functional.normalize(right, dim=-1)
        found = ClapEar(clap, RATE)(torch.from_numpy(audio))
    apart = float((right[0] - right[1]).abs().max())
    assert apart > 1e-3
    assert (found - right).abs().max() < min(1e-3, apart / 20)


def test_of_a_longer_clip_the_newest_ten_seconds_count(clap):
    ear = ClapEar(clap, RATE)
    audio = torch.from_numpy(sound(12.0))[None]
    with torch.no_grad():
        assert torch.equal(ear(audio), ear(audio[:, -10 * RATE :]))
        assert not torch.equal(ear(audio), ear(audio[:, : 10 * RATE]))


def test_the_picture_of_sound_is_what_the_extractor_makes(folder, clap):
    extract = ClapFeatureExtractor.from_pretrained(folder)
    right = extract(sound(4.0), sampling_rate=RATE, return_tensors="pt")["input_features"]
    features = ClapFeatures(clap.hearing)
    features.stretch = torch.eye(right.shape[2])
    found = features(torch.from_numpy(sound(4.0))[None])
    assert found.shape == right.shape == (1, 1, 1001, 64)
    assert (found - right).abs().max() < 0.05  # dB, of a range of a hundred


def test_upsampling_keeps_the_sound_and_adds_nothing_over_it():
    audio = sound(1.0, 16_000)
    found = Upsample(3)(torch.from_numpy(audio)[None])[0].numpy()
    right = soxr.resample(audio, 16_000, 48_000, "VHQ")
    assert found.shape == right.shape
    inner = slice(2000, -2000)
    spectra = [np.abs(np.fft.rfft(x[inner] * np.hanning(len(x[inner])))) for x in (found, right)]
    hz = np.fft.rfftfreq(len(found[inner]), 1 / RATE)
    low, over = hz < 7000, hz > 8100
    assert np.abs(spectra[0] - spectra[1])[low].max() < 1e-3 * spectra[1].max()
    assert spectra[0][over].max() < 1e-4 * spectra[0].max()


def test_words_are_where_the_public_text_tower_puts_them(folder, clap):
    public = ClapTextModelWithProjection.from_pretrained(folder).eval()
    asked = clap.tokenizer(
        [TEXT.format("dog"), TEXT.format("rain on a roof")], padding=True, return_tensors="pt"
    )
    with torch.no_grad():
        right = torch.nn.functional.normalize(public(**asked).text_embeds, dim=-1)
    found = clap.words(["Dog", "Rain on a roof"])
    assert torch.allclose(found, right, atol=1e-5)
    assert (found[0] - found[1]).abs().max() > 1e-3


def test_a_raw_checkpoint_is_the_same_model(folder, clap, tmp_path):
    path = tmp_path / "tiny-best.pt"
    write_raw_clap(path)
    raw = load_clap(path)
    for key, value in clap.model.state_dict().items():
        assert torch.equal(raw.model.state_dict()[key], value), key
    audio = torch.from_numpy(sound(2.0, 16_000))[None]
    with torch.no_grad():
        assert torch.allclose(ClapEar(raw, 16_000)(audio), ClapEar(clap, 16_000)(audio), atol=1e-6)
    assert torch.allclose(raw.words(["dog"]), clap.words(["dog"]), atol=1e-6)
    assert raw.temperature == pytest.approx(0.07, rel=1e-3)


class _Code:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_a_pickle_that_needs_code_is_refused_and_not_run(tmp_path):
    path = tmp_path / "evil.pt"
    torch.save({"state_dict": {"x": torch.zeros(2)}, "more": _Code(tmp_path / "made")}, path)
    with pytest.raises(
        CheckpointError, match=r"evil\.pt is a pickle that needs the code of"
    ) as error:
        load_clap(path)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "made").exists()


def test_raw_files_that_are_something_else_are_refused(tmp_path):
    path = tmp_path / "other.pt"
    torch.save({"state_dict": {"layer.weight": torch.zeros(2)}}, path)
    with pytest.raises(CheckpointError, match="no checkpoint of laion_clap's HTSAT"):
        load_clap(path)
    path.write_bytes(b"not at all a checkpoint")
    with pytest.raises(CheckpointError, match=r"no file that torch\.save wrote"):
        load_clap(path)
    torch.save([1, 2], path)
    with pytest.raises(CheckpointError, match="holds no weights by name"):
        load_clap(path)
