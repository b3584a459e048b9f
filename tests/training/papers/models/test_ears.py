"""What ears hear is what the public feature extractors hear; where it must, with gradients."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import ASTFeatureExtractor, ClapFeatureExtractor

from training.papers.models.ast_tokens import AstTokens, read_ast
from training.papers.models.av_separator import SEEN, PictureFeatures, SoundFeatures
from training.papers.models.clap import Clap, read_clap, resample
from training.papers.models.resnet import ResNet
from training.papers.tiny.ears import write_ast, write_clap


def sounds(batch: int, samples: int) -> torch.Tensor:
    torch.manual_seed(samples)
    return 0.2 * torch.randn(batch, samples)


@pytest.mark.parametrize("samples", [48_000 * 10, 48_000 * 8, 48_000 * 3 + 77])
def test_clap_hears_levels_as_its_feature_extractor(samples: int, tmp_path: Path) -> None:
    write_clap(tmp_path)
    true = ClapFeatureExtractor(frequency_min=50, truncation="rand_trunc")
    ear = Clap(read_clap(tmp_path).model, None, true)
    sound = sounds(1, samples)
    wanted = true(sound[0].numpy(), sampling_rate=48_000, return_tensors="pt")["input_features"]
    torch.testing.assert_close(ear.levels(sound), wanted.float(), rtol=1e-3, atol=2e-3)


def test_clap_gives_unit_vectors_with_gradients_and_remembers_texts(tmp_path: Path) -> None:
    write_clap(tmp_path)
    ear = read_clap(tmp_path)
    sound = sounds(6, 16_000).unflatten(0, (2, 3)).requires_grad_()
    found = ear.sounds(sound, 16_000)
    assert found.shape == (2, 3, 32)
    torch.testing.assert_close(found.norm(dim=-1), torch.ones(2, 3))
    found[0, 0, 0].backward()
    assert sound.grad is not None
    assert sound.grad[0, 0].abs().max() > 0
    assert sound.grad[1].abs().max() == 0
    texts = ear.texts(["rain", "a dog", "rain"])
    assert torch.equal(texts[0], texts[2])
    assert not torch.equal(texts[0], texts[1])
    torch.testing.assert_close(ear.texts(["a dog"])[0], texts[1])


def test_a_tone_is_resampled_to_itself() -> None:
    for hertz in (100.0, 3000.0):
        low, high = (torch.arange(rate) / rate for rate in (16_000, 48_000))
        found = resample(torch.sin(2 * np.pi * hertz * low)[None], 16_000, 48_000)[0]
        wanted = torch.sin(2 * np.pi * hertz * high)
        assert (found - wanted)[480:-480].abs().max() < 5e-3


@pytest.mark.parametrize("seconds", [0.9, 2.0])
def test_ast_hears_levels_as_its_feature_extractor(seconds: float, tmp_path: Path) -> None:
    write_ast(tmp_path)
    ear = read_ast(tmp_path)
    sound = sounds(2, round(16_000 * seconds))
    extractor = ASTFeatureExtractor.from_pretrained(tmp_path)
    wanted = extractor(list(sound.numpy()), sampling_rate=16_000, return_tensors="pt")
    torch.testing.assert_close(ear.levels(sound), wanted["input_values"], rtol=1e-3, atol=1e-3)
    tokens = ear(sound)
    assert tokens.shape == (2, 12 * 12 + 2, 16)
    assert isinstance(ear, AstTokens)


def test_the_log_spectrogram_is_scipys_of_mean_0_and_spread_1() -> None:
    signal = pytest.importorskip("scipy.signal")
    ear = SoundFeatures(ResNet(18, 1, 8, 4))
    sound = sounds(1, 16_000)
    _, _, power = signal.spectrogram(sound[0].numpy(), 16_000, nperseg=512, noverlap=353)
    level = np.log(power + 1e-7)
    wanted = (level - level.mean()) / (level.std() + 1e-9)
    np.testing.assert_allclose(ear.spectrogram(sound)[0].numpy(), wanted, atol=2e-3)


def test_pictures_are_seen_at_one_size_and_give_unit_vectors() -> None:
    eye = PictureFeatures(ResNet(18, width=4)).eval()
    pictures = torch.rand(2, 3, SEEN, SEEN) * 2 - 1
    found = eye(pictures)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(2))
    smaller = torch.nn.functional.interpolate(pictures, scale_factor=0.5, mode="area")
    assert (eye(smaller) * found).sum(1).min() > 0.5
    quiet = SoundFeatures(ResNet(18, 1, 8, 4), 2).eval()(torch.zeros(1, 8000))
    assert quiet.shape == (1, 2, 4)
    assert quiet.isfinite().all()
