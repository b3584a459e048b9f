"""Tiny random checkpoints in exactly the formats in which the public ones come."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    EulerDiscreteScheduler,
    LCMScheduler,
    UNet2DConditionModel,
)
from transformers import (
    ClapConfig,
    ClapFeatureExtractor,
    ClapModel,
    CLIPTextConfig,
    CLIPTextModel,
)

from export.bench.random_weights import SCHEDULER, write_clip_tokenizer, write_roberta_tokenizer

TEXT_WIDTH = 16
TOKENS = 77
_IN_THE_TOWER = (
    ("attention.output.dense.", "attn.proj."),
    ("attention.self.", "attn."),
    ("intermediate.dense.", "mlp.fc1."),
    ("output.dense.", "mlp.fc2."),
    ("layernorm_before.", "norm1."),
    ("layernorm_after.", "norm2."),
    ("batch_norm.", "bn0."),
)


def clap_model() -> ClapModel:
    """A CLAP of two stages whose every number is random, norms and position tables too."""
    config = ClapConfig(
        text_config={
            "vocab_size": 261, "hidden_size": 64, "num_hidden_layers": 1,
            "num_attention_heads": 1, "intermediate_size": 32, "max_position_embeddings": 130,
        },
        audio_config={
            "patch_embeds_hidden_size": 8, "hidden_size": 16, "depths": [1, 2],
            "num_attention_heads": [1, 2], "num_hidden_layers": 2, "fusion_type": "aff_2d",
        },
        projection_dim=24,
    )  # fmt: skip
    torch.manual_seed(3)
    model = ClapModel(config).eval()
    shake(model, 0.2)
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.copy_(-40 + 5 * torch.randn_like(buffer))
        if name.endswith("running_var"):
            buffer.copy_(300 + 100 * torch.rand_like(buffer))
    return model


def shake(model: torch.nn.Module, by: float) -> None:
    """Add noise to every weight, so that none is 0 or 1 and all of them matter."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 0:
                weight.add_(by * torch.randn_like(weight))


def write_clap(folder: Path) -> ClapModel:
    """A folder as transformers writes it."""
    model = clap_model()
    model.save_pretrained(folder)
    ClapFeatureExtractor(truncation="rand_trunc").save_pretrained(folder)
    write_roberta_tokenizer(folder, 77)
    return model


def write_raw_clap(path: Path) -> ClapModel:
    """The same in laion_clap's own layout: one .pt with training's leftovers round the weights."""
    model = clap_model()
    raw, found = {}, model.state_dict()
    for key, value in found.items():
        if ".attention.self.query." in key and "audio" in key:
            parts = [found[key.replace("query", p)] for p in ("query", "key", "value")]
            raw[_raw_name(key.replace("query", "qkv"))] = torch.cat(parts)
        elif not ("audio" in key and (".self.key." in key or ".self.value." in key)):
            raw[_raw_name(key)] = value.clone()
    raw["module.audio_branch.spectrogram_extractor.stft.conv_real.weight"] = torch.zeros(3, 1, 4)
    raw["module.audio_branch.tscam_conv.weight"] = torch.zeros(2, 2)
    raw["module.audio_transform.sequential.0.weight"] = torch.zeros(2, 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    best = np.float64(0.25)
    torch.save({"epoch": 3, "name": "tiny", "best": best, "state_dict": raw}, path)
    write_roberta_tokenizer(path.parent, 77)
    return model


def _raw_name(key: str) -> str:
    if key.startswith("audio_model.audio_encoder."):
        for new, old in _IN_THE_TOWER:
            key = key.replace(new, old)
        key = key.replace("audio_model.audio_encoder.", "audio_branch.")
    key = key.replace("text_model.", "text_branch.")
    key = key.replace("_projection.linear1.", "_projection.0.")
    return "module." + key.replace("_projection.linear2.", "_projection.2.")


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
