"""The public diffusion models that are painted with, read to one form: latents, states, noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from torch import Tensor, nn
from transformers import T5EncoderModel

from training.papers.checkpoints.diffusion import (
    latent_factor,
    load_diffusion,
    load_text,
    plan_diffusion,
)
from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.files import check_weights, read_config
from training.papers.checkpoints.strict import part_config, read_diffusers, read_transformers


class Backbone(nn.Module):
    """A diffusion model in latents, its autoencoder, and the states of the empty text."""

    empty: Tensor

    def __init__(self, network: Any, vae: Any, empty: Tensor, scheduler: Mapping[str, Any]) -> None:
        """empty: (1, tokens, states). scheduler: its config."""
        super().__init__()
        self.network, self.vae = network.requires_grad_(False), vae.requires_grad_(False)
        self.register_buffer("empty", empty.detach(), persistent=False)
        self.scheduler = dict(scheduler)
        self.states = empty.shape[2]
        self.channels = int(network.config.in_channels)
        self.size = int(network.config.sample_size)
        """Of its square latents."""
        self.pixels = self.size * latent_factor(vae)
        self._scale = float(vae.config.scaling_factor or 1.0)
        self._shift = float(getattr(vae.config, "shift_factor", 0.0) or 0.0)

    def denoise(self, latents: Tensor, times: Tensor, context: Tensor) -> Tensor:
        """Noisy latents (b, c, h, w) at times (b,) with (b, n, states) -> the network's answer."""
        return self.network(
            latents, timestep=times, encoder_hidden_states=context, return_dict=False
        )[0]

    @torch.no_grad()
    def encode(self, pictures: Tensor, noise: Tensor) -> Tensor:
        """(b, 3, p, p) in [-1, 1] -> latents, drawn from the autoencoder's posterior by noise."""
        given = self.vae.encode(pictures)
        if hasattr(given, "latents"):  # a tiny autoencoder has no posterior
            return self._scale * (given.latents - self._shift)
        posterior = given.latent_dist
        return self._scale * (posterior.mean + posterior.std * noise - self._shift)

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Tensor:
        """Latents -> pictures about [-1, 1]."""
        return self.vae.decode(latents / self._scale + self._shift, return_dict=False)[0]


class PixArtBackbone(Backbone):
    """PixArt's network answers noise and its spread; only the noise is asked for."""

    def denoise(self, latents: Tensor, times: Tensor, context: Tensor) -> Tensor:
        """See `Backbone`."""
        return super().denoise(latents, times, context)[:, : self.channels]


def read_stable_diffusion(folder: Path) -> Backbone:
    """Stable Diffusion 1 or 2 as diffusers writes it. Raises CheckpointError."""
    plan = plan_diffusion(folder)
    found = load_diffusion(plan, encoder=True)
    text, tokenizer = load_text(plan)
    asked = tokenizer("", padding="max_length", return_tensors="pt")
    with torch.no_grad():
        empty = text(asked["input_ids"]).last_hidden_state
    return Backbone(found.unet, found.vae, empty, found.scheduler)


def read_pixart(folder: Path) -> Backbone:
    """PixArt-alpha at 256 or 512 as diffusers writes it. Raises CheckpointError.

    What projects the text's states is asked for the empty text once and left out then: the
    networks here are given what lies behind it.
    """
    index = read_config(folder, "model_index.json")
    if index.get("_class_name") != "PixArtAlphaPipeline":
        raise CheckpointError(
            f"{folder} is a checkpoint of {index.get('_class_name')}; PixArtAlphaPipeline is read"
        )
    parts = {"transformer": ("PixArtTransformer2DModel", "Transformer2DModel")}
    parts |= {"vae": ("AutoencoderKL",)}
    for part, kinds in parts.items():
        part_config(folder / part, kinds)
    _, variant = check_weights(folder / "transformer", "diffusion_pytorch_model")
    network = read_diffusers(folder / "transformer", PixArtTransformer2DModel, variant)
    if network.use_additional_conditions:
        raise CheckpointError(f"{folder} paints 1024 pixels; name PixArt-alpha at 256 or 512")
    _, variant = check_weights(folder / "vae", "diffusion_pytorch_model")
    vae = read_diffusers(folder / "vae", AutoencoderKL, variant)
    text = read_transformers(folder / "text_encoder", T5EncoderModel)
    if text.config.d_model != network.caption_projection.linear_1.in_features:
        raise CheckpointError(
            f"{folder}: the text encoder gives states of {text.config.d_model} numbers, the "
            f"transformer takes {network.caption_projection.linear_1.in_features}; the parts are "
            "of different checkpoints"
        )
    with torch.no_grad():
        end = torch.tensor([[int(text.config.eos_token_id)]])  # all that the empty text is
        empty = network.caption_projection(text(input_ids=end).last_hidden_state)
    network.caption_projection = None
    scheduler = read_config(folder / "scheduler", "scheduler_config.json")
    return PixArtBackbone(network, vae, empty, scheduler)
