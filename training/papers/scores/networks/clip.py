"""CLIP as transformers reads it: pictures and texts in one space.

The sizes are said by the names that papers use (ViT-B/32, ViT-L/14), because the same score by
another size is another score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from transformers import CLIPModel, CLIPTokenizer

from training.loop.plain_errors import InputError
from training.papers.scores.networks.resize import for_clip
from training.papers.scores.networks.weights import Weights, open_folder

MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)
"""Of the pictures that CLIP was trained on: part of its definition."""
PROMPT = "a photo of {}"
_SIZES = {768: "B", 1024: "L", 1280: "H"}


@dataclass(frozen=True, slots=True)
class Clip:
    """An opened CLIP."""

    model: Any
    tokenizer: Any
    weights: Weights

    @property
    def dim(self) -> int:
        """Numbers of an embedding."""
        return int(self.model.config.projection_dim)


def load_clip(folder: Path) -> Clip:
    """Read a folder that `save_pretrained` wrote. Raises InputError, one line."""
    model, weights = open_folder(CLIPModel, folder, "a CLIP")
    named = Weights(f"CLIP {size_of(model.config.vision_config)}", weights.sha256)
    return Clip(model, tokenizer_in(folder), named)


def tokenizer_in(folder: Path) -> Any:
    """CLIP's tokenizer. Raises InputError."""
    try:
        return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        raise InputError(f"{folder} has no tokenizer; fetch the whole checkpoint") from error


def size_of(vision: Any) -> str:
    """The name of a vision tower: ViT-B/32, or its numbers where no paper has a name for it."""
    letter = _SIZES.get(vision.hidden_size)
    if letter is None:
        return f"ViT of {vision.hidden_size}/{vision.patch_size}"
    at = "" if vision.image_size == 224 else f" at {vision.image_size}"
    return f"ViT-{letter}/{vision.patch_size}{at}"


def normalised(pictures: Sequence[np.ndarray]) -> Tensor:
    """u8 (h, w, 3) pictures of one size to f32 (b, 3, h, w) as CLIP was trained."""
    levels = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
    return (levels - torch.tensor(MEAN)[:, None, None]) / torch.tensor(DEVIATION)[:, None, None]


@torch.inference_mode()
def picture_embeddings(clip: Clip, pictures: Sequence[Image.Image]) -> np.ndarray:
    """f32 (b, d), not of unit length: clean-fid's CLIP-FID takes them so."""
    side = int(clip.model.config.vision_config.image_size)
    seen = normalised([for_clip(picture, side) for picture in pictures])
    pooled = clip.model.vision_model(pixel_values=seen).pooler_output
    return clip.model.visual_projection(pooled).numpy()
