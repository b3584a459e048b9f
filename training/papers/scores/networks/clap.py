"""CLAP as transformers reads it: can the label be heard in the sound at all?

No picture comes near this score: it is what the sounds of a data set allow, and beside it the
scores of the pictures are to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from training.loop.plain_errors import InputError
from training.papers.scores.networks.weights import Weights, open_folder

RATE = 48000
PROMPT = "The sound of {}"
"""MACS's words."""


@dataclass(frozen=True, slots=True)
class Clap:
    """An opened CLAP."""

    model: Any
    features: Any
    tokenizer: Any
    weights: Weights


def load_clap(folder: Path) -> Clap:
    """Read a folder that `save_pretrained` wrote, not one of fused kind. Raises InputError."""
    model, weights = open_folder(ClapModel, folder, "CLAP")
    if model.config.audio_config.enable_fusion:
        raise InputError(f"{folder} is a fused CLAP; name an unfused one (clap-htsat-unfused)")
    try:
        features = ClapFeatureExtractor.from_pretrained(folder, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        raise InputError(
            f"{folder} lacks its feature extractor or tokenizer; fetch the whole checkpoint"
        ) from error
    return Clap(model, features, tokenizer, weights)


@torch.inference_mode()
def sound_embedding(clap: Clap, sound: np.ndarray) -> np.ndarray:
    """f32 (d,) of one clip (n,) at 48 kHz; of a longer one than 10 s, its middle."""
    longest = int(clap.features.nb_max_samples)
    at = max(0, (len(sound) - longest) // 2)
    heard = clap.features(
        sound[at : at + longest], sampling_rate=RATE, truncation="rand_trunc", return_tensors="pt"
    )
    pooled = clap.model.audio_model(input_features=heard["input_features"]).pooler_output
    return clap.model.audio_projection(pooled)[0].numpy()
