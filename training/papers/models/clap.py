"""LAION's CLAP without fusion, frozen, but heard through by gradients: MACS learns by it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, pad
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.strict import first_line, read_transformers


class Clap(nn.Module):
    """Sounds and texts to unit vectors of one space."""

    filters: Tensor
    window: Tensor

    def __init__(self, model: ClapModel, tokenizer: Any, features: ClapFeatureExtractor) -> None:
        super().__init__()
        self.model = model.requires_grad_(False)
        self.width = int(model.config.projection_dim)
        self._tokenizer, self._known = tokenizer, dict[str, Tensor]()
        self._rate, self._hop = int(features.sampling_rate), int(features.hop_length)
        self._most, self._frame = int(features.nb_max_samples), int(features.fft_window_size)
        filters = torch.as_tensor(features.mel_filters_slaney, dtype=torch.float32)
        self.register_buffer("filters", filters, persistent=False)
        self.register_buffer("window", torch.hann_window(self._frame), persistent=False)

    def sounds(self, sound: Tensor, rate_hz: int) -> Tensor:
        """(..., n) sounds of at most 10 s, [-1, 1], to (..., d). Their gradients are whole."""
        flat = resample(sound.flatten(0, -2), rate_hz, self._rate)
        heard = self.model.audio_model(input_features=self.levels(flat)).pooler_output
        found = normalize(self.model.audio_projection(heard), dim=-1)
        return found.unflatten(0, sound.shape[:-1])

    def levels(self, sound: Tensor) -> Tensor:
        """(b, n) at 48 kHz -> (b, 1, frames, bands) dB, as the public feature extractor has them.

        Shorter sounds are repeated as often as they fit whole, and the rest is silence.
        """
        with torch.autocast(sound.device.type, enabled=False):
            sound = sound.float()[:, : self._most]
            sound = sound.repeat(1, self._most // sound.shape[1])
            sound = pad(sound, (0, self._most - sound.shape[1]))
            spectrum = torch.stft(
                sound, self._frame, self._hop, window=self.window, return_complex=True
            )
            power = spectrum.real**2 + spectrum.imag**2
            bands = power.transpose(1, 2) @ self.filters
            return 10 * torch.log10(bands.clamp(min=1e-10))[:, None]

    @torch.no_grad()
    def texts(self, texts: Sequence[str]) -> Tensor:
        """(texts, d); a text is encoded once and remembered."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        device = self.filters.device
        if fresh:
            asked = self._tokenizer(fresh, padding=True, truncation=True, return_tensors="pt")
            told = self.model.text_model(
                input_ids=asked["input_ids"].to(device),
                attention_mask=asked["attention_mask"].to(device),
            ).pooler_output
            found = normalize(self.model.text_projection(told).float(), dim=-1)
            self._known.update(zip(fresh, found.cpu(), strict=True))
        return torch.stack([self._known[text] for text in texts]).to(device)


def resample(sound: Tensor, given_hz: int, wanted_hz: int) -> Tensor:
    """(b, n) -> (b, n * wanted / given) by whole spectrum, with gradients; up only, by integers."""
    times, rest = divmod(wanted_hz, given_hz)
    if rest:
        raise ValueError(f"{wanted_hz} Hz is no whole multiple of {given_hz} Hz")
    if times == 1:
        return sound
    n = sound.shape[-1]
    with torch.autocast(sound.device.type, enabled=False):
        # the beginning follows the end here, so each end is met by its mirror image
        both = torch.cat([sound.float(), sound.float().flip(-1)], -1)
        spectrum = torch.fft.rfft(both)
        wide = torch.fft.irfft(times * pad(spectrum, (0, n * times - n)), 2 * n * times)
    return wide[..., : n * times]


def read_clap(folder: Path) -> Clap:
    """A checkpoint in transformers' format, such as laion/clap-htsat-unfused.

    Raises CheckpointError.
    """
    model = read_transformers(folder, ClapModel)
    if model.config.audio_config.enable_fusion:
        raise CheckpointError(f"{folder} is CLAP with fusion; MACS takes laion/clap-htsat-unfused")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        features = ClapFeatureExtractor.from_pretrained(folder)
    except Exception as error:
        raise CheckpointError(
            f"{folder} has no tokenizer or feature extractor that can be read "
            f"({first_line(error)}); fetch it again"
        ) from error
    return Clap(model, tokenizer, features)
