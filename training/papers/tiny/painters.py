"""Tiny generators: Stable Diffusion, PixArt-alpha, IC-GAN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_pndm import PNDMScheduler
from transformers import CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel

from training.papers.checkpoints.tokenizer_files import write_clip_tokenizer
from training.papers.models.generators.biggan import BigGan, Sizes

BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
STATES, LATENTS = 16, 8
"""Of a text's token; places of a side of the latents, four pixels each."""


def write_stable_diffusion(folder: Path) -> None:
    """A folder of Stable Diffusion 1 as diffusers writes it, 32 pixels a side."""
    unet = UNet2DConditionModel(
        sample_size=LATENTS, block_out_channels=(8, 16), layers_per_block=1,
        cross_attention_dim=STATES, attention_head_dim=2, norm_num_groups=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )  # fmt: skip
    _shake(unet, 0.05)
    unet.save_pretrained(folder / "unet")
    _write_vae(folder / "vae")
    text: Any = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=514, hidden_size=STATES, intermediate_size=32, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=77, bos_token_id=512,
            eos_token_id=513,
        )
    )  # fmt: skip
    text.save_pretrained(folder / "text_encoder")
    write_clip_tokenizer(folder / "tokenizer")
    PNDMScheduler(**BETAS, skip_prk_steps=True, steps_offset=1).save_pretrained(
        folder / "scheduler"
    )
    _write_index(folder, "StableDiffusionPipeline")


def write_pixart(folder: Path) -> None:
    """A folder of PixArt-alpha as diffusers writes it, 32 pixels a side."""
    transformer = PixArtTransformer2DModel(
        num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=2,
        cross_attention_dim=16, sample_size=LATENTS, caption_channels=24,
    )  # fmt: skip
    _shake(transformer, 0.05)
    transformer.save_pretrained(folder / "transformer")
    _write_vae(folder / "vae")
    text: Any = T5EncoderModel(
        T5Config(vocab_size=32, d_model=24, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
    )
    text.save_pretrained(folder / "text_encoder")
    DPMSolverMultistepScheduler(beta_start=0.0001, beta_end=0.02).save_pretrained(
        folder / "scheduler"
    )
    _write_index(folder, "PixArtAlphaPipeline")


def write_gan(path: Path, feature: int, classes: int = 0) -> None:
    """IC-GAN's generator as its code saves it, spectral norms beside their weights; 32 pixels."""
    gan = BigGan(Sizes((16, 16, 8, 8), 1, 4, feature, 8, classes, 8, shared=10))
    _shake(gan, 0.05)
    found = dict(gan.state_dict())
    for name, tensor in gan.state_dict().items():
        plain = name.startswith("shared.") or "output_layer.0" in name
        if name.endswith(".weight") and not plain:
            stem = name.removesuffix("weight")
            found[f"{stem}u0"] = torch.randn(1, tensor.shape[0])
            found[f"{stem}sv0"] = torch.ones(1)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(found, path)


def _write_vae(folder: Path) -> None:
    kind: Any = AutoencoderKL  # its own types allow no second block
    vae = kind(
        down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=(8,) * 3, norm_num_groups=4, latent_channels=4,
    )  # fmt: skip
    vae.save_pretrained(folder)


def _write_index(folder: Path, kind: str) -> None:
    (folder / "model_index.json").write_text(json.dumps({"_class_name": kind}))


def _shake(model: torch.nn.Module, by: float) -> None:
    """Add noise to every weight: what begins as nothing would hide what is wrong behind it."""
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(by * torch.randn_like(weight))
