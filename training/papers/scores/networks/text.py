"""Texts in the space of CLIP or CLAP, whose models transformers builds alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch


@torch.inference_mode()
def text_embeddings(opened: Any, texts: Sequence[str]) -> np.ndarray:
    """f32 (texts, d), not of unit length. opened: a `Clip` or a `Clap`."""
    asked = opened.tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
    pooled = opened.model.text_model(
        input_ids=asked["input_ids"], attention_mask=asked["attention_mask"]
    ).pooler_output
    return opened.model.text_projection(pooled).numpy()
