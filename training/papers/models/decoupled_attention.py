"""Decoupled cross-attention (IP-Adapter, Ye et al. 2023; MACS): text and sound are looked at apart.

Every cross-attention layer of a diffusers model gets keys and values of its own for the tokens that
follow the text, and adds what it finds there to what it finds in the text. They begin as copies of
the text's. The names of the weights are those of the public checkpoints (`to_k_ip`, `to_v_ip`).
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from diffusers.models.attention_processor import Attention
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from training.loop.plain_errors import InputError


class DecoupledAttention(nn.Module):
    """Attention processor of one cross-attention layer."""

    def __init__(self, layer: Any, text: int, scale: float = 1.0) -> None:
        """layer: diffusers' Attention. text: how many of the context's tokens are text."""
        super().__init__()
        self.to_k_ip, self.to_v_ip = copy.deepcopy(layer.to_k), copy.deepcopy(layer.to_v)
        self.text, self.scale = text, scale

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """(b, places, channels) with a context (b, text + tokens, states) -> the same shape.

        diffusers reads what a processor takes off this method, so it cannot be `forward`.
        """
        if encoder_hidden_states is None or attention_mask is not None:
            raise ValueError("decoupled attention takes a context, and all of it")
        text, sound = encoder_hidden_states.tensor_split([self.text], dim=1)

        def heads(x: Tensor) -> Tensor:
            return x.unflatten(2, (attn.heads, -1)).transpose(1, 2)

        query = heads(attn.to_q(hidden_states))
        seen = scaled_dot_product_attention(query, heads(attn.to_k(text)), heads(attn.to_v(text)))
        if self.scale:
            key, value = heads(self.to_k_ip(sound)), heads(self.to_v_ip(sound))
            seen = seen + self.scale * scaled_dot_product_attention(query, key, value)
        seen = attn.to_out[1](attn.to_out[0](seen.transpose(1, 2).flatten(2)))
        return seen / attn.rescale_output_factor


def decouple(network: Any, text: int) -> list[DecoupledAttention]:
    """Give a diffusers model decoupled cross-attention, and return the parts that learn.

    Args:
        network: UNet2DConditionModel, PixArtTransformer2DModel, or another with their layers.
        text: tokens at the beginning of the context that are text.

    Raises:
        InputError: the model has none, or cross-attention of another kind.
    """
    made: list[DecoupledAttention] = []
    for name, layer in network.named_modules():
        if isinstance(layer, Attention) and layer.is_cross_attention:
            others = (layer.group_norm, layer.spatial_norm, layer.norm_cross, layer.norm_q)
            if any(other is not None for other in others) or layer.residual_connection:
                raise InputError(
                    f"{type(network).__name__} has cross-attention of another kind in {name}: use "
                    "a checkpoint of Stable Diffusion or PixArt-alpha"
                )
            made.append(DecoupledAttention(layer, text))
            layer.set_processor(made[-1])  # pyright: ignore[reportArgumentType]
    if not made:
        raise InputError(f"{type(network).__name__} has no cross-attention to give a sound to")
    return made


def set_scale(network: nn.Module, scale: float) -> None:
    """How much the sound counts in every decoupled layer; 0 leaves the base model as it is."""
    for module in network.modules():
        if isinstance(module, DecoupledAttention):
            module.scale = scale


def behind_text(tokens: Tensor, text: Tensor) -> Tensor:
    """(b, n, d) tokens, behind (1, t, d) states of a text that is the same for all."""
    return torch.cat([text.to(tokens.dtype).expand(tokens.shape[0], -1, -1), tokens], 1)
