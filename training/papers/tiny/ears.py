"""Tiny ears and eyes: CLAP, the Audio Spectrogram Transformer, ResNets, MACS's three files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import (
    ASTConfig,
    ASTFeatureExtractor,
    ASTModel,
    ClapConfig,
    ClapFeatureExtractor,
    ClapModel,
)

from training.papers.checkpoints.tokenizer_files import write_roberta_tokenizer
from training.papers.models.generators.diffusion import Diffusion
from training.papers.models.macs_separator import MacsSeparator
from training.papers.models.resnet import ResNet

CLAP_WIDTH = 32
WIDTH = 4
"""Of a ResNet's first layer."""
FEATURE = WIDTH * 8 * 4
"""Numbers of a picture's feature then."""


def write_clap(folder: Path, fusion: bool = False) -> None:
    """LAION's CLAP as transformers writes it, hearing one second."""
    config = ClapConfig(
        text_config={
            "vocab_size": 261, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": 32, "max_position_embeddings": 80,
        },
        audio_config={
            "num_mel_bins": 16, "window_size": 4, "spec_size": 64, "patch_size": 4,
            "patch_stride": [4, 4], "patch_embeds_hidden_size": 16, "depths": [1, 1],
            "num_attention_heads": [2, 2], "num_hidden_layers": 2, "hidden_size": 32,
            "enable_fusion": fusion,
        },
        projection_dim=CLAP_WIDTH,
    )  # fmt: skip
    model: Any = ClapModel(config)
    model.save_pretrained(folder)
    ClapFeatureExtractor(
        feature_size=16, max_length_s=1, frequency_min=50, truncation="rand_trunc"
    ).save_pretrained(folder)
    write_roberta_tokenizer(folder)


def write_ast(folder: Path) -> None:
    """The Audio Spectrogram Transformer as transformers writes it, hearing a second and a bit."""
    model: Any = ASTModel(
        ASTConfig(
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
            max_length=128,
        )
    )  # fmt: skip
    model.save_pretrained(folder)
    ASTFeatureExtractor(max_length=128).save_pretrained(folder)


def write_resnet(
    path: Path, depth: int, channels: int = 3, outputs: int | None = 10, prefix: str = ""
) -> None:
    """A ResNet's state_dict, as torchvision's or, by its prefix `module.`, as SwAV's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = ResNet(depth, channels, outputs, WIDTH).state_dict()
    torch.save({prefix + name: tensor for name, tensor in state.items()}, path)


def write_macs(folder: Path, separator: MacsSeparator, generator: Diffusion) -> None:
    """The three files of MACS's public code, with what it keeps in them beside the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {f"model.{name}": tensor for name, tensor in separator.state_dict().items()}
    found |= {"unperm": torch.zeros(63, 2, 6), "model.stft.window": torch.zeros(400)}
    found |= {"model.istft.window": torch.zeros(400), "model.resample.kernel": torch.zeros(3, 1, 9)}
    found |= {"clap.model.logit_scale_a": torch.zeros(()), "model.clap.model.mel": torch.zeros(2)}
    torch.save(found, folder / "separator_FSD50K_full.pt")
    torch.save(generator.bridge.state_dict(), folder / "LLP_mlp.pt")
    torch.save(generator.backbone.network.state_dict(), folder / "LLP_unet.pt")
