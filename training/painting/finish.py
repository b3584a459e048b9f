"""The last stage of a picture: the decoder's features and the drawings become pixels.

It starts as the end of the decoder, enlarged by two, and learns what a picture of the world looks
like from near: paper and grass, shadows under what stands there, light over it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.painting.autoencoder import Decoder, Residual
from training.painting.drawings import Drawings, Laid

WIDTH = 64
"""Channels of the decoder's features, at an eighth of the finished picture."""
SCALE = 8
"""Finished pixels of a feature, each way."""
HALF = SCALE // 2
"""Of what is not drawn: soft by nature, it is made at half the size and enlarged."""
FINISHED = 32
"""Finished pixels of a latent, each way."""
TRUNK = 10
"""Layers of the decoder that come before this stage; the rest it takes over."""


class Finish(nn.Module):
    """(b, 64, h/8, w/8) features and laid drawings to (b, 3, h, w) pictures in [-1, 1]."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        *_, first, second, _, last, _ = decoder.net
        assert isinstance(first, Residual)
        assert isinstance(second, Residual)
        assert isinstance(last, nn.Conv2d)
        self.drawn = nn.Conv2d(4 * HALF**2, WIDTH, 1)
        nn.init.zeros_(self.drawn.weight)
        assert self.drawn.bias is not None
        nn.init.zeros_(self.drawn.bias)
        self.first, self.second = first, second
        self.leave = nn.Conv2d(WIDTH, 2 * 3 * HALF**2, 3, padding=1)
        assert self.leave.bias is not None
        assert last.bias is not None
        with torch.no_grad():
            self.leave.weight.copy_(torch.cat([last.weight, torch.zeros_like(last.weight)]))
            self.leave.bias.copy_(torch.cat([last.bias, torch.zeros_like(last.bias)]))

    def forward(self, features: Tensor, laid: Laid) -> Tensor:
        cover = F.avg_pool2d(laid.cover, 2)
        seen = F.pixel_unshuffle(torch.cat([laid.colours * cover, cover], 1), HALF)
        x = features + self.drawn(seen)
        x = self.second(self.first(x))
        behind, over = F.pixel_shuffle(self.leave(F.relu(x)), HALF).chunk(2, 1)
        parts = torch.cat([behind, laid.colours + over - behind], 1)
        behind, front = F.interpolate(parts, scale_factor=2, mode="bilinear").chunk(2, 1)
        return behind + laid.cover * front


class Painted(nn.Module):
    """What lays the drawings and makes the pixels: all that is learnt in this stage."""

    def __init__(self, finish: Finish) -> None:
        super().__init__()
        self.drawings, self.finish = Drawings(), finish
