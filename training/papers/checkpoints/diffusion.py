"""Stable Diffusion checkpoints of the few-step kind, in diffusers' folders.

A folder holds unet, vae, text_encoder, tokenizer and scheduler; another VAE (TAESD, or any full
one) may stand in for the folder's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.files import check_weights, read_config
from training.papers.checkpoints.strict import (
    first_line,
    guarded,
    part_config,
    read_diffusers,
)

GUIDANCE = 8.5
"""What consistency models that take guidance as an input are told: their pipeline's own default."""
_VAES = {"AutoencoderKL": AutoencoderKL, "AutoencoderTiny": AutoencoderTiny}
_UNSUPPORTED = ("addition_embed_type", "class_embed_type", "encoder_hid_dim_type")


@dataclass(frozen=True, slots=True)
class Diffusion:
    """A loaded checkpoint without its text encoder."""

    unet: Any
    """UNet2DConditionModel."""
    vae: Any
    scheduler: dict[str, Any]
    """Its config."""
    name: str
    latent_scale: float
    """The decoder takes latents / scale + shift."""
    latent_shift: float
    guidance: Tensor | None
    """(1, numbers) for a UNet that is told the guidance, else None."""

    @property
    def channels(self) -> int:
        """Latent channels."""
        return int(self.unet.config.in_channels)

    @property
    def factor(self) -> int:
        """Pixels over latents."""
        return latent_factor(self.vae)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is in a checkpoint, read off its configs and headers before anything is loaded."""

    folder: Path
    vae: Path
    unet_bytes: int
    """In single precision, as are the others."""
    vae_bytes: int
    text_bytes: int
    text_width: int
    """Numbers of a state of the text encoder."""
    text_length: int
    """States of a prompt."""
    variants: dict[str, str]


def plan_diffusion(folder: Path, vae: Path | None = None) -> Plan:
    """Look a checkpoint over. Raises CheckpointError: one line that names the part at fault."""
    index = read_config(folder, "model_index.json")
    kind = str(index.get("_class_name"))
    if kind not in ("StableDiffusionPipeline", "LatentConsistencyModelPipeline"):
        raise CheckpointError(
            f"{folder} is a checkpoint of {kind}; SD-Turbo, SDXS and LCM checkpoints of "
            "StableDiffusionPipeline are read"
        )
    unet = part_config(folder / "unet", ("UNet2DConditionModel",))
    for field in _UNSUPPORTED:
        if unet.get(field) is not None:
            raise CheckpointError(
                f"{folder}/unet asks for {field} {unet[field]}, which is not given here; use "
                "a checkpoint of Stable Diffusion 1 or 2"
            )
    vae = _vae_folder(vae) if vae is not None else folder / "vae"
    decoder = part_config(vae, tuple(_VAES))
    text = read_config(folder / "text_encoder")
    if "CLIPTextModel" not in text.get("architectures", ["CLIPTextModel"]):
        raise CheckpointError(
            f"{folder}/text_encoder is {text['architectures'][0]}, not CLIPTextModel"
        )
    width, wanted = text.get("hidden_size"), unet.get("cross_attention_dim")
    if width != wanted:
        raise CheckpointError(
            f"{folder}: the text encoder gives states of {width} numbers, the UNet takes {wanted}; "
            "the parts are of different checkpoints"
        )
    latent, channels = decoder.get("latent_channels", 4), unet.get("in_channels", 4)
    if latent != channels:
        raise CheckpointError(
            f"the VAE in {vae} decodes {latent} channels, the UNet paints {channels}; name the VAE "
            "that belongs to the checkpoint"
        )
    stem = "diffusion_pytorch_model"
    sizes = {
        "unet": check_weights(folder / "unet", stem),
        "vae": check_weights(vae, stem),
        "text_encoder": check_weights(folder / "text_encoder", "model"),
    }
    read_config(folder / "scheduler", "scheduler_config.json")
    return Plan(
        folder, vae, *(size for size, _ in sizes.values()),
        text_width=int(text["hidden_size"]),
        text_length=int(text.get("max_position_embeddings", 77)),
        variants={part: variant for part, (_, variant) in sizes.items()},
    )  # fmt: skip


def load_diffusion(plan: Plan, encoder: bool = False) -> Diffusion:
    """Read UNet, VAE and scheduler in single precision. Raises CheckpointError.

    encoder: whether pictures are to become latents too; else only the decoder is kept.
    """
    unet = read_diffusers(plan.folder / "unet", UNet2DConditionModel, plan.variants["unet"])
    kind = _VAES[str(read_config(plan.vae)["_class_name"])]
    vae = read_diffusers(plan.vae, kind, plan.variants["vae"])
    if not encoder:
        vae.encoder = None
        if kind is AutoencoderKL:
            vae.quant_conv = None
    return Diffusion(
        unet,
        vae,
        read_config(plan.folder / "scheduler", "scheduler_config.json"),
        plan.folder.name,
        float(vae.config.scaling_factor or 1.0),
        float(getattr(vae.config, "shift_factor", 0.0) or 0.0),
        guidance_states(unet.config.time_cond_proj_dim),
    )


def load_text(plan: Plan) -> tuple[CLIPTextModel, CLIPTokenizer]:
    """Read the text encoder and its tokenizer. Raises CheckpointError."""
    folder = plan.folder / "text_encoder"
    encoder = guarded(
        folder,
        lambda: CLIPTextModel.from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True,
            variant=plan.variants["text_encoder"] or None,
        ),
    )  # fmt: skip
    try:
        tokenizer = CLIPTokenizer.from_pretrained(plan.folder / "tokenizer")
    except Exception as error:
        raise CheckpointError(
            f"{plan.folder}/tokenizer cannot be read ({first_line(error)}); fetch it again"
        ) from error
    tokenizer.model_max_length = min(tokenizer.model_max_length, plan.text_length)
    return encoder, tokenizer


def guidance_states(size: int | None, guidance: float = GUIDANCE) -> Tensor | None:
    """(1, size) as diffusers' consistency pipeline embeds a guidance scale; None for size None."""
    if size is None:
        return None
    half = size // 2
    rates = torch.exp(torch.arange(half) * (-math.log(10000.0) / (half - 1)))
    phase = 1000.0 * (guidance - 1.0) * rates
    states = torch.cat([phase.sin(), phase.cos()])
    return torch.nn.functional.pad(states, (0, size - 2 * half))[None]


def latent_factor(vae: Any) -> int:
    """Pixels over latents of a VAE: it doubles the size once for each stage but the first."""
    stages = (
        getattr(vae.config, "decoder_block_out_channels", None) or vae.config.block_out_channels
    )
    return 2 ** (len(stages) - 1)


def _vae_folder(folder: Path) -> Path:
    """A VAE's own folder, or the vae inside a whole checkpoint's."""
    return folder / "vae" if (folder / "model_index.json").is_file() else folder
