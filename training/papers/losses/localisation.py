"""Where in a picture a sound comes from, learnt from pairs alone (Chen et al. 2021, "Localizing
Visual Sounds the Hard Way", equations 3 to 5, with the numbers of its public code).

The cosine of the sound with every place of its picture is high where the sound comes from, and low
at the other places of the same picture, and at every place of other pictures.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, logsigmoid, normalize

SURELY, PERHAPS = 0.65, 0.4
"""Cosines from which on a place belongs to the sound, and below which it does not; what lies
between is neither."""
SOFTNESS = 0.03
"""Of these bounds."""
TEMPERATURE = 0.07


def localise(heard: Tensor, seen: Tensor) -> Tensor:
    """The contrastive loss of a batch, a scalar.

    heard: (b, d). seen: (b, d, h, w), pictures of equal number.
    """
    with torch.autocast(heard.device.type, enabled=False):
        cosines = _cosines(heard, seen)
        own = torch.eye(len(heard), dtype=torch.bool, device=heard.device)
        at_source = _at_source(cosines)
        others = at_source.masked_fill(own, float("-inf"))
        within = cosines[own]
        elsewhere = logsigmoid((PERHAPS - within) / SOFTNESS).softmax(-1)
        hard = (elsewhere * within).sum(-1, keepdim=True)
        answers = torch.cat([at_source[own][:, None], others, hard], 1) / TEMPERATURE
        first = torch.zeros(len(heard), dtype=torch.long, device=heard.device)
        return cross_entropy(answers, first)


def likeness(heard: Tensor, seen: Tensor) -> Tensor:
    """How well each of some pictures (n, d, h, w) shows where a sound (d,) comes from: (n,)."""
    return _at_source(_cosines(heard[None], seen))[:, 0]


def _cosines(heard: Tensor, seen: Tensor) -> Tensor:
    """(b, d), (n, d, h, w) -> (n, b, places)."""
    places = normalize(seen.float().flatten(2), dim=1)
    return torch.einsum("ndp,bd->nbp", places, normalize(heard.float(), dim=1))


def _at_source(cosines: Tensor) -> Tensor:
    """(..., places) -> (...): the mean where the sound comes from.

    A softmax of the logarithms is a place's share in the sum of sigmoids, and where all of these
    are next to nothing it still has one.
    """
    return (logsigmoid((cosines - SURELY) / SOFTNESS).softmax(-1) * cosines).sum(-1)
