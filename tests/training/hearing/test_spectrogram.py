"""Spectrograms as matrices against the FFT and against hand calculation."""

import torch

from training.hearing.spectrogram import (
    fourier_matrix,
    inverse_fourier_matrix,
    mel_matrix,
    sqrt_hann,
)


def test_matrix_is_the_fourier_transform_and_back() -> None:
    frames = torch.randn(7, 512)
    wanted = torch.fft.rfft(frames.double())
    got = frames.double() @ fourier_matrix(512).double()
    assert torch.allclose(got[:, :257], wanted.real, atol=1e-4)
    assert torch.allclose(got[:, 257:], wanted.imag, atol=1e-4)
    assert torch.allclose(got @ inverse_fourier_matrix(512).double(), frames.double(), atol=1e-6)


def test_window_squared_sums_to_two_at_a_quarter_hop() -> None:
    assert torch.allclose((sqrt_hann(512) ** 2).reshape(4, 128).sum(0), torch.tensor(2.0))


def test_every_mel_band_catches_something_and_a_tone_falls_into_its_band() -> None:
    mel = mel_matrix(16000, 512, 64, 40.0, 7900.0)
    assert mel.shape == (257, 64)
    assert torch.allclose(mel.sum(0), torch.ones(64))
    low, high = int(mel[16].argmax()), int(mel[160].argmax())
    assert low < high
