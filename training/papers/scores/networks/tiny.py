"""Tiny random checkpoints in exactly the formats of the public ones, for `--smoke` and the tests.

What is counted by them means nothing; that it can be counted is what they show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import (
    ClapConfig,
    ClapFeatureExtractor,
    ClapModel,
    CLIPConfig,
    CLIPModel,
    OwlViTConfig,
    OwlViTForObjectDetection,
    RobertaTokenizer,
)

from training.papers.checkpoints.tokenizer_files import write_clip_tokenizer
from training.papers.scores.networks.inception import Inception
from training.papers.scores.networks.opened import Named
from training.papers.scores.networks.wav2clip import Wav2Clip

_TEXT = {
    "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
    "vocab_size": 514, "eos_token_id": 513, "bos_token_id": 512, "pad_token_id": 513,
}  # fmt: skip
_EYES = {
    "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
    "image_size": 32, "patch_size": 8,
}  # fmt: skip
_EARS = {
    "num_mel_bins": 64, "spec_size": 256, "patch_embeds_hidden_size": 8, "depths": [1, 1, 1, 1],
    "num_attention_heads": [1, 1, 1, 1], "hidden_size": 64, "projection_dim": 32,
    "enable_fusion": False,
}  # fmt: skip


def write_tiny(folder: Path, inception: bool = True) -> Named:
    """Write one of each kind into a folder; return what a person would have named."""
    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    clip = CLIPModel(CLIPConfig(text_config=_TEXT, vision_config=_EYES, projection_dim=512))
    clip.save_pretrained(folder / "clip")
    write_clip_tokenizer(folder / "clip", 16)
    owl = OwlViTForObjectDetection(
        OwlViTConfig(text_config=_TEXT, vision_config=_EYES, projection_dim=16)
    )
    owl.save_pretrained(folder / "owl")
    write_clip_tokenizer(folder / "owl", 16)
    text = {**_TEXT, "bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2}
    clap = ClapModel(
        ClapConfig(text_config={**text, "projection_dim": 32}, audio_config=_EARS,
                   projection_dim=32)
    )  # fmt: skip
    clap.save_pretrained(folder / "clap")
    ClapFeatureExtractor(fft_window_size=1024, nb_frequency_bins=513).save_pretrained(
        folder / "clap"
    )
    _write_roberta_tokenizer(folder / "clap")
    state = {"state_dict": Wav2Clip().state_dict()}
    torch.save(state, folder / "wav2clip.ckpt")
    if inception:
        torch.save(lively(Inception()).state_dict(), folder / "inception.pth")
    return Named(
        folder / "inception.pth" if inception else None, (folder / "clip",),
        folder / "wav2clip.ckpt", folder / "clap", folder / "owl",
    )  # fmt: skip


def lively(network: Any) -> Any:
    """Weights under which what enters is still to be seen at the end."""
    for part in network.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight)
    return network


def _write_roberta_tokenizer(folder: Path) -> None:
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    letters = [chr(b) for b in range(33, 127)]
    words = {word: i for i, word in enumerate([*special, *letters, "\u0120"])}
    RobertaTokenizer(vocab=words, merges=[], model_max_length=64).save_pretrained(folder)
