"""Spectrograms as plain matrix products, so that they live inside the exported graphs.

`torch.stft` does not survive export; a frame times a windowed cosine/sine matrix does, and on a CPU
it is one more GEMM. Training uses the FFT, which gives the same numbers for less work.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def sqrt_hann(size: int) -> Tensor:
    """(size,) periodic root-Hann window: analysis times synthesis sums to a constant."""
    phase = torch.arange(size, dtype=torch.float64) / size
    return torch.sqrt(0.5 - 0.5 * torch.cos(2 * math.pi * phase)).float()


def fourier_matrix(size: int) -> Tensor:
    """(size, 2 * bins) float32, bins = size // 2 + 1: [cos | -sin], so that frame @ it = [re |
    im]."""
    n = torch.arange(size, dtype=torch.float64)[:, None]
    k = torch.arange(size // 2 + 1, dtype=torch.float64)[None, :]
    # The product is taken modulo the size before the angle, which keeps it exact.
    angle = 2 * math.pi * torch.remainder(n * k, size) / size
    return torch.cat([torch.cos(angle), -torch.sin(angle)], dim=1).float()


def inverse_fourier_matrix(size: int) -> Tensor:
    """(2 * bins, size) float32: [re | im] @ it = the real frame."""
    bins = size // 2 + 1
    scale = torch.full((bins, 1), 2.0 / size)
    scale[0] = scale[-1] = 1.0 / size
    return fourier_matrix(size).T * torch.cat([scale, scale], dim=0)


def mel_matrix(rate: int, size: int, bands: int, low_hz: float, high_hz: float) -> Tensor:
    """(size // 2 + 1, bands) triangular filters on the HTK mel scale, each of area 1 in bins."""

    def mel(hz: float) -> float:
        return 2595.0 * math.log10(1 + hz / 700.0)

    edges_mel = torch.linspace(mel(low_hz), mel(high_hz), bands + 2, dtype=torch.float64)
    edges = 700.0 * (10 ** (edges_mel / 2595.0) - 1)
    hz = torch.arange(size // 2 + 1, dtype=torch.float64)[:, None] * rate / size
    # A low band narrower than a bin would catch none: give every side at least one bin of width.
    bin_hz = rate / size
    rise = (hz - edges[None, :-2]) / (edges[1:-1] - edges[:-2]).clamp(min=bin_hz)
    fall = (edges[None, 2:] - hz) / (edges[2:] - edges[1:-1]).clamp(min=bin_hz)
    weights = torch.minimum(rise, fall).clamp(min=0.0)
    return (weights / weights.sum(0, keepdim=True).clamp(min=1e-6)).float()
