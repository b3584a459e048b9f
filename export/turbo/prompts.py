"""What the text encoder is asked: every phrase in every style, and the empty place in every light.

The bundle holds the encoder's states for all of these, so that no text encoder runs in a show. The
styles are the program's three. The first is a bundle's own look, whatever the settings call it:
a photograph unless another is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm
from transformers import CLIPTextModel

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from export.turbo.looks import LOOKS

EMPTY = "an empty quiet landscape {}, in {}, nobody there"
_LIGHT = {
    "dawn": "at dawn", "day": "in daylight", "dusk": "at dusk", "night": "at night",
    "storm": "in a storm", "fog": "in fog", "snow": "in falling snow",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prompts:
    """States of the text encoder, all f32."""

    phrases: Tensor
    """(labels, styles, tokens, states)."""
    empty: Tensor
    """(lights * seasons, styles, tokens, states): light by light, season by season in each."""


def style_templates(own: str) -> tuple[str, ...]:
    """A template for each of the program's styles; the first is the look named `own`."""
    return tuple(LOOKS[own] if style == STYLES[0] else LOOKS[style] for style in STYLES)


def empty_places() -> tuple[str, ...]:
    """The empty place in each light and season."""
    return tuple(EMPTY.format(_LIGHT[light], season) for light in LIGHTS for season in SEASONS)


def prompt_states(
    encoder: CLIPTextModel, tokenizer: Any, labels: Sequence[str], own: str
) -> Prompts:
    """Ask the encoder for every prompt, with a progress bar."""
    templates = style_templates(own)
    subjects = [*(_in_a_sentence(label) for label in labels), *empty_places()]
    texts = [template.format(subject) for subject in subjects for template in templates]
    states = text_states(encoder, tokenizer, texts)
    rows = states.unflatten(0, (len(subjects), len(templates)))
    return Prompts(rows[: len(labels)].clone(), rows[len(labels) :].clone())


@torch.inference_mode()
def text_states(
    encoder: CLIPTextModel, tokenizer: Any, texts: Sequence[str], batch: int = 16
) -> Tensor:
    """(texts, tokens, states) f32 as diffusers' pipelines ask for them, padding and all."""
    rows = []
    for first in tqdm(range(0, len(texts), batch), "prompts", disable=None, leave=False):
        asked = tokenizer(
            list(texts[first : first + batch]),
            padding="max_length",
            max_length=tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        )
        mask = asked["attention_mask"] if getattr(encoder.config, "use_attention_mask", 0) else None
        rows.append(encoder(asked["input_ids"], attention_mask=mask).last_hidden_state.float())
    return torch.cat(rows)


def _in_a_sentence(label: str) -> str:
    """A label as it stands inside a prompt: "Rain on surface" is no name, "DTMF" stays."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label
