"""Tiny random checkpoints in exactly the formats in which the public ones come."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    EulerDiscreteScheduler,
    LCMScheduler,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel

from export.bench.random_weights import SCHEDULER
from training.papers.checkpoints.tokenizer_files import write_clip_tokenizer

TEXT_WIDTH = 16
TOKENS = 77


def shake(model: torch.nn.Module, by: float) -> None:
    """Add noise to every weight, so that none is 0 or 1 and all of them matter."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 0:
                weight.add_(by * torch.randn_like(weight))


def write_diffusion(folder: Path, scheduler: str = "euler", vae: str = "tiny") -> None:
    """A folder as diffusers writes it. scheduler: euler or lcm. vae: tiny or full."""
    torch.manual_seed(5)
    unet = UNet2DConditionModel(
        sample_size=16, block_out_channels=(8, 16), layers_per_block=1,
        cross_attention_dim=TEXT_WIDTH, attention_head_dim=(2, 2), norm_num_groups=4,
        use_linear_projection=True,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        time_cond_proj_dim=8 if scheduler == "lcm" else None,
    )  # fmt: skip
    shake(unet, 0.1)
    unet.save_pretrained(folder / "unet")
    write_vae(folder / "vae", vae)
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=514, hidden_size=TEXT_WIDTH, intermediate_size=32, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=TOKENS,
        )
    )  # fmt: skip
    shake(text, 0.3)
    text.save_pretrained(folder / "text_encoder")
    write_clip_tokenizer(folder / "tokenizer")
    kinds = {"euler": EulerDiscreteScheduler, "lcm": LCMScheduler}
    kinds[scheduler](**SCHEDULER).save_pretrained(folder / "scheduler")
    index = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
    }
    (folder / "model_index.json").write_text(json.dumps(index))


def write_vae(folder: Path, kind: str) -> None:
    """A tiny AutoencoderTiny or AutoencoderKL, pixels 8 times latents."""
    torch.manual_seed(6)
    if kind == "tiny":
        made = AutoencoderTiny(
            encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4,
            num_encoder_blocks=(1,) * 4, num_decoder_blocks=(1,) * 4,
        )  # fmt: skip
    else:
        made = AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=(8,) * 4, norm_num_groups=4, latent_channels=4,
        )  # fmt: skip
    shake(made, 0.1)
    made.save_pretrained(folder)
