"""The causal separator: STFT, a stack of dilated convolutions, four masks on the mixture.

After the STFT variant of TDCN++ (Kavalerov et al. 2019, "Universal Sound Separation"; Conv-TasNet
of Luo & Mesgarani 2019), made causal with carried state and, like MACS, masking the mixture's STFT.
Norms look at one frame alone, so that the past is only what the state holds: cutting a sound into
chunks does not change the result. The masks of a bin sum to one, which is mixture consistency
(Wisdom et al. 2019) solved inside the mask: what no slot claims goes to the slots by their own
share of the bin.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.hearing.spectrogram import fourier_matrix, inverse_fourier_matrix, sqrt_hann


@dataclass(frozen=True, slots=True)
class SeparatorShape:
    """Everything that fixes the separator's weights and state."""

    sources: int = 4
    frame: int = 512
    hop: int = 128
    width: int = 192
    """Channels between blocks."""
    hidden: int = 384
    """Channels inside a block."""
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
    """Of one stack, in frames."""
    stacks: int = 2

    @property
    def bins(self) -> int:
        """Frequencies of a frame."""
        return self.frame // 2 + 1

    @property
    def latency(self) -> int:
        """Samples by which the output is late: a sample is whole once its last frame is there."""
        return self.frame - self.hop

    @property
    def state_size(self) -> int:
        """Numbers in the flat state: past samples, half-summed output, each block's past frames."""
        past = sum(2 * d * self.width for d in self.dilations) * self.stacks
        return self.latency * (1 + self.sources) + past


class Block(nn.Module):
    """Frame norm, causal dilated depthwise convolution of 3 frames, two-layer network, residual.

    Works on (batch, frames, channels): everything but the depthwise part is a matrix product.
    """

    def __init__(self, width: int, hidden: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(width)
        self.taps = nn.Parameter(torch.randn(3, width) * 0.3)
        self.widen = nn.Linear(width, hidden)
        self.narrow = nn.Linear(hidden, width)
        nn.init.zeros_(self.narrow.bias)
        with torch.no_grad():
            self.narrow.weight.mul_(0.3)

    def forward(self, frames: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """((b, t, c), (b, 2 * dilation, c)) -> (frames, new past)."""
        d = self.dilation
        x = torch.cat([past, self.norm(frames)], dim=1)
        t = frames.shape[1]
        mixed = x[:, :t] * self.taps[0] + x[:, d : d + t] * self.taps[1]
        mixed = mixed + x[:, 2 * d :] * self.taps[2]
        return frames + self.narrow(torch.relu(self.widen(mixed))), x[:, t:]


class Separator(nn.Module):
    """Mixture in, `shape.sources` waveforms out that sum to it, `shape.latency` samples later."""

    def __init__(self, shape: SeparatorShape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or SeparatorShape()
        self.by_fft = True
        """Training uses the FFT; the exported graph uses matrices (same numbers)."""
        self.enter = nn.Linear(shape.bins, shape.width)
        self.enter_norm = nn.LayerNorm(shape.width)
        self.blocks = nn.ModuleList(
            Block(shape.width, shape.hidden, d)
            for _ in range(shape.stacks)
            for d in shape.dilations
        )
        self.leave_norm = nn.LayerNorm(shape.width)
        self.masks = nn.Linear(shape.width, shape.sources * shape.bins)
        window = sqrt_hann(shape.frame)
        overlap = (window**2).reshape(-1, shape.hop).sum(0)
        self.register_buffer("window", window, persistent=False)
        self.register_buffer(
            "analysis", window[:, None] * fourier_matrix(shape.frame), persistent=False
        )
        self.register_buffer(
            "synthesis",
            inverse_fourier_matrix(shape.frame) * window / overlap.repeat(shape.frame // shape.hop),
            persistent=False,
        )
        self.window: Tensor
        self.analysis: Tensor
        self.synthesis: Tensor

    def initial_state(self, batch: int = 1) -> Tensor:
        """(batch, state_size) the state before any sound: zeros."""
        return self.window.new_zeros(batch, self.shape.state_size)

    def forward(self, audio: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """((b, n) with n a multiple of hop, (b, S)) -> (sources (b, k, n), next state (b, S))."""
        shape = self.shape
        late, hop, k = shape.latency, shape.hop, shape.sources
        overlaps = shape.frame // hop
        b = state.shape[0]
        samples = torch.cat([state[:, :late], audio], dim=1)
        mask, re, im, pasts = self._hear(samples, state)
        t = re.shape[1]

        pieces = self._synthesise(mask, re, im).reshape(b, -1, k, overlaps, hop)
        # Overlap-add: output piece j is part i of frame j + 3 - i, summed; what has begun but is
        # not whole yet stays in the state.
        begun = state[:, late : late * (1 + k)].reshape(b, overlaps - 1, k, hop)
        empty = begun.new_zeros(b, overlaps - 1, k, hop)
        total = torch.cat([begun, empty[:, :1].expand(b, t, k, hop)], dim=1)
        parts = []
        for i in range(overlaps):
            part = torch.cat(
                [empty[:, :i], pieces[:, :, :, i], empty[:, : overlaps - 1 - i]], dim=1
            )
            parts.append(part)
        total = total + (parts[0] + parts[1]) + (parts[2] + parts[3])
        sources = total[:, :t].permute(0, 2, 1, 3).reshape(b, k, t * hop)
        next_state = torch.cat(
            [samples[:, t * hop :], total[:, t:].reshape(b, late * k), *pasts], dim=1
        )
        return sources, next_state

    def _hear(self, samples: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
        """(b, late + n) samples -> masks (b, t, k, bins), the mixture's re and im, new pasts."""
        shape = self.shape
        b, overlaps = state.shape[0], shape.frame // shape.hop
        pieces = samples.reshape(b, -1, shape.hop)
        t = pieces.shape[1] - overlaps + 1
        re, im = self._analyse(torch.cat([pieces[:, i : i + t] for i in range(overlaps)], dim=2))
        # Log power, scaled to about unit spread over everyday levels; the floor is near -100 dBFS.
        x = self.enter_norm(self.enter(torch.log(re * re + im * im + 1e-7) * 0.2 + 1.0))
        at = shape.latency * (1 + shape.sources)
        pasts: list[Tensor] = []
        for block in self.blocks:
            assert isinstance(block, Block)
            size = 2 * block.dilation * shape.width
            past = state[:, at : at + size].reshape(b, 2 * block.dilation, shape.width)
            x, new = block(x, past)
            pasts.append(new.reshape(b, size))
            at += size
        claims = torch.sigmoid(self.masks(self.leave_norm(x)).float()) + 1e-4
        claims = claims.reshape(b, -1, shape.sources, shape.bins)
        return claims / claims.sum(2, keepdim=True), re, im, pasts

    def masks_on(self, audio: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(b, n) -> masks (b, t, k, bins) and the mixture's re and im (b, t, bins): no waveforms.

        Enough to train on, since |mask * X - S|^2 is known from inner products of spectra.
        """
        late, hop = self.shape.latency, self.shape.hop
        samples = nn.functional.pad(audio, (late, late + (-audio.shape[1]) % hop))
        mask, re, im, _ = self._hear(samples, self.initial_state(audio.shape[0]))
        return mask, re, im

    def spectra_of(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """(b, n) -> re and im (b, t, bins), the frames that `masks_on` masks."""
        late, hop = self.shape.latency, self.shape.hop
        pieces = nn.functional.pad(audio, (late, late + (-audio.shape[1]) % hop))
        pieces = pieces.reshape(audio.shape[0], -1, hop)
        overlaps = self.shape.frame // hop
        t = pieces.shape[1] - overlaps + 1
        return self._analyse(torch.cat([pieces[:, i : i + t] for i in range(overlaps)], dim=2))

    def _analyse(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """(b, t, frame) -> real and imaginary part, each (b, t, bins)."""
        if self.by_fft:
            spectrum = torch.fft.rfft(frames.float() * self.window)
            return spectrum.real, spectrum.imag
        spectrum = frames @ self.analysis
        return spectrum[..., : self.shape.bins], spectrum[..., self.shape.bins :]

    def _synthesise(self, mask: Tensor, re: Tensor, im: Tensor) -> Tensor:
        """(b, t, k, bins) masks on (b, t, bins) of the mixture -> (b, t, k, frame) to add up."""
        if self.by_fft:
            pairs = torch.stack([re, im], dim=-1)[:, :, None] * mask[..., None]
            overlap = (self.window**2).reshape(-1, self.shape.hop).sum(0)
            scale = self.window / overlap.repeat(self.shape.frame // self.shape.hop)
            return torch.fft.irfft(torch.view_as_complex(pairs), self.shape.frame) * scale
        both = torch.cat([re, im], dim=2)
        return (torch.cat([mask, mask], dim=3) * both[:, :, None]) @ self.synthesis

    def separate(self, audio: Tensor) -> Tensor:
        """(b, n) -> (b, k, n) aligned with the input: the delay is fed through and cut off."""
        late, hop = self.shape.latency, self.shape.hop
        n = audio.shape[1]
        padded = nn.functional.pad(audio, (0, late + (-n) % hop))
        sources, _ = self(padded, self.initial_state(audio.shape[0]))
        return sources[:, :, late : late + n]
