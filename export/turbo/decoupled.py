"""Decoupled cross-attention of MACS's checkpoints, with a say for each sound.

The text keeps its own softmax; the sounds have another, beside it, through keys and values of their
own, and what both find is added. Inside the sounds' softmax log(weight) is added to a sound's
scores, as `attention` does for prompts: a sound that fades leaves smoothly.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from export.turbo.attention import LEAST
from training.papers.models.decoupled_attention import DecoupledAttention


class WeightedDecoupled(nn.Module):
    """As `DecoupledAttention`, whose weights it uses; takes `sounds` (b, tokens) in [0, 1]."""

    def __init__(self, trained: DecoupledAttention) -> None:
        super().__init__()
        self.trained = trained

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        sounds: Tensor | None = None,
    ) -> Tensor:
        """(b, places, channels) with (b, text + tokens, states) -> the same shape."""
        assert encoder_hidden_states is not None
        text, told = encoder_hidden_states.tensor_split([self.trained.text], dim=1)

        def heads(x: Tensor) -> Tensor:
            return x.unflatten(2, (attn.heads, -1)).transpose(1, 2)

        look = nn.functional.scaled_dot_product_attention
        query = heads(attn.to_q(hidden_states))
        seen = look(query, heads(attn.to_k(text)), heads(attn.to_v(text)))
        mask, loudest = None, 1.0
        if sounds is not None:
            mask = torch.log(sounds.clamp(min=LEAST))[:, None, None, :].to(query.dtype)
            # a softmax never looks at nothing: where all is quiet, what it finds counts less
            loudest = sounds.amax(1)[:, None, None, None].to(query.dtype)
        key, value = heads(self.trained.to_k_ip(told)), heads(self.trained.to_v_ip(told))
        heard = look(query, key, value, attn_mask=mask)
        seen = seen + self.trained.scale * loudest * heard
        seen = attn.to_out[0](seen.transpose(1, 2).flatten(2))
        return seen / attn.rescale_output_factor


def weigh_sounds(unet: Any) -> None:
    """Make a decoupled UNet take `cross_attention_kwargs={"sounds": ...}`."""
    from export.turbo.attention import SelfAttention

    made = {}
    for name, processor in unet.attn_processors.items():
        decoupled = isinstance(processor, DecoupledAttention)
        made[name] = WeightedDecoupled(processor) if decoupled else SelfAttention()
    unet.set_attn_processor(made)
