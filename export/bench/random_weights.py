"""A checkpoint of random weights in the layout of the public one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_euler_discrete import EulerDiscreteScheduler
from transformers import CLIPTextConfig, CLIPTextModel

from export.bench.turbo import make_decoder_visible
from training.papers.checkpoints.tokenizer_files import write_clip_tokenizer

UNET = {
    "sample_size": 64,
    "block_out_channels": (320, 640, 1280, 1280),
    "layers_per_block": 2,
    "down_block_types": ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
    "up_block_types": ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
    "cross_attention_dim": 1024,
    "attention_head_dim": (5, 10, 20, 20),
    "use_linear_projection": True,
}
"""SD-Turbo's, which is Stable Diffusion 2.1's."""
TEXT = {
    "vocab_size": 49408, "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 23,
    "num_attention_heads": 16, "max_position_embeddings": 77, "hidden_act": "gelu",
}  # fmt: skip
"""OpenCLIP's H without its last layer."""
SCHEDULER = {
    "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon", "timestep_spacing": "trailing", "steps_offset": 1,
}  # fmt: skip


def write_sd_turbo(folder: Path) -> None:
    """A folder as diffusers writes it, with everything of SD-Turbo but its weights."""
    torch.manual_seed(0)
    parts = {"unet": UNet2DConditionModel(**UNET), "vae": AutoencoderTiny()}  # pyright: ignore
    # Full noise drives a random network's latents to where the tiny decoder clamps them.
    make_decoder_visible(parts["vae"], 3 * torch.tanh(5 * torch.randn(1, 4, 16, 16)))
    for name, model in parts.items():
        model.to(torch.bfloat16).save_pretrained(folder / name)
    text: Any = CLIPTextModel(CLIPTextConfig(**TEXT))
    text.to(torch.bfloat16).save_pretrained(folder / "text_encoder")
    EulerDiscreteScheduler(**SCHEDULER).save_pretrained(folder / "scheduler")
    write_clip_tokenizer(folder / "tokenizer")
    kinds = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderTiny"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "scheduler": ["diffusers", "EulerDiscreteScheduler"],
    }
    (folder / "model_index.json").write_text(json.dumps(kinds, indent=1))
