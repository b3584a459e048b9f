"""Cross-attention that looks at each prompt as strongly as its source matters.

The context holds several prompts one after another. Adding log(weight) to a prompt's scores
multiplies its part of the softmax by the weight: 0 leaves it out, equal weights are a plain long
prompt, and everything between is smooth.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers.models.attention_processor import AttnProcessor2_0
from torch import Tensor, nn

LEAST = 1e-9
"""A weight of 0 is taken for this one."""


class WeightedAttention:
    """Attention processor that adds `bias` (b, keys) to the scores of cross-attention."""

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        bias: Tensor | None = None,
    ) -> Tensor:
        """(b, places, channels) -> the same; the context is (b, keys, states)."""
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states

        def heads(x: Tensor) -> Tensor:
            return x.unflatten(2, (attn.heads, -1)).transpose(1, 2)

        query, key, value = (
            heads(attn.to_q(hidden_states)), heads(attn.to_k(context)), heads(attn.to_v(context))
        )  # fmt: skip
        mask = None if bias is None else bias[:, None, None, :].to(query.dtype)
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return attn.to_out[0](seen.transpose(1, 2).flatten(2)) / attn.rescale_output_factor


def weigh_prompts(unet: Any) -> None:
    """Make a UNet2DConditionModel's cross-attention take `cross_attention_kwargs={"bias": ...}`."""
    unet.set_attn_processor(
        {
            name: WeightedAttention() if ".attn2." in name else SelfAttention()
            for name in unet.attn_processors
        }
    )


class SelfAttention(AttnProcessor2_0):
    """As diffusers has it; how much prompts or sounds count is none of its business."""

    def __call__(
        self,
        *given: Any,
        bias: Tensor | None = None,
        sounds: Tensor | None = None,
        **named: Any,
    ) -> Tensor:
        """See diffusers."""
        return super().__call__(*given, **named)


def log_weights(weights: Tensor, keys: int) -> Tensor:
    """(b, prompts) in [0, 1] -> (b, prompts * keys) biases."""
    return torch.log(weights.clamp(min=LEAST)).repeat_interleave(keys, 1)
