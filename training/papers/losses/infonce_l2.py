"""InfoNCE by distance, as Sound2Scene, Sound2Vision and AV-GAS learn by."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize


def infonce_l2(one: Tensor, other: Tensor) -> Tensor:
    """-log softmax(-|a - b|) on unit vectors, both ways, without a temperature: the mean of both.

    one, other: (b, d); rows of equal number belong together, all others of the batch do not.
    """
    with torch.autocast(one.device.type, enabled=False):
        one, other = normalize(one.float(), dim=1), normalize(other.float(), dim=1)
        # a root at 0 has no gradient
        distance = (2 - 2 * one @ other.T).clamp(min=1e-12).sqrt()
        own = torch.arange(len(one), device=one.device)
        return (cross_entropy(-distance, own) + cross_entropy(-distance.T, own)) / 2
