"""SD-Turbo's architecture with random weights: what it takes to paint one picture in one step.

The configuration is the public one of Stable Diffusion 2.1's UNet and of the tiny autoencoder; no
weights are fetched. They are drawn from a fixed seed, rounded to bfloat16 so that every contender
has exactly the same, and scaled so that noise, conditions and network all show in the picture:
otherwise a contender could leave out work unseen.
"""

# diffusers and transformers say less, or other things, of their classes than is so.
# pyright: reportArgumentType=false

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.bundle.fields import BundleError
from export.bench.configurations import Architecture

TOKENS = 77
"""Of a prompt."""
STEP = 999
"""The one time step, the first of the schedule."""
NOISE = 0.05
"""Standard deviation of the noise fed, over the schedule's own. Full noise would drown a random
network's answer, and with it any difference between contenders; it costs the same to compute."""


def sigma() -> float:
    """Standard deviation of the noise at STEP in SD's schedule (scaled-linear betas)."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
    kept = torch.cumprod(1 - betas, 0)[STEP]
    return float(((1 - kept) / kept).sqrt())


def build(size: Architecture, seed: int = 0) -> tuple[Any, Any]:
    """UNet and tiny autoencoder in float32, weights as told above. Raises BundleError."""
    torch.manual_seed(seed)
    unet, decoder = _untrained(size)
    with torch.no_grad():
        _make_visible(unet, decoder, size)
        for module in (unet, decoder):
            for weight in module.parameters():
                weight.copy_(weight.bfloat16().float())
    return unet.requires_grad_(False), decoder.requires_grad_(False)


def parameters(size: Architecture) -> int:
    """Numbers in the UNet and the autoencoder; nothing is allocated to count them."""
    with torch.device("meta"):
        modules = _untrained(size)
    return sum(weight.numel() for module in modules for weight in module.parameters())


def _untrained(size: Architecture) -> tuple[Any, Any]:
    try:
        from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
        from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    except ImportError as error:
        raise BundleError(f"the peers need diffusers ({error}); pip install diffusers") from error
    unet = UNet2DConditionModel(
        sample_size=64,
        block_out_channels=size.channels,
        layers_per_block=size.layers,
        attention_head_dim=size.heads,
        cross_attention_dim=size.condition,
        use_linear_projection=True,
        norm_num_groups=size.groups,
    ).eval()
    wide = (size.decoder,) * 4
    decoder = AutoencoderTiny(
        encoder_block_out_channels=wide, decoder_block_out_channels=wide
    ).eval()
    return unet, decoder


def _make_visible(unet: Any, decoder: Any, size: Architecture) -> None:
    """Scale both last layers so that latents have about unit spread and pixels a middling one."""
    rng = torch.Generator().manual_seed(1)
    latents = torch.randn(1, 4, 16, 16, generator=rng)
    states = torch.randn(1, TOKENS, size.condition, generator=rng)
    spread = unet(latents * NOISE, STEP, states).sample.std()
    unet.conv_out.weight.mul_(1 / (sigma() * spread))
    unet.conv_out.bias.mul_(1 / (sigma() * spread))
    make_decoder_visible(decoder, latents)


@torch.no_grad()
def make_decoder_visible(vae: Any, latents: Tensor) -> None:
    """Scale an untrained tiny decoder's last layer: what it paints of these is no flat black then.

    Two runtimes' pictures could not be told apart, or not be found alike, by what does not show.
    """
    layers = vae.decoder.layers
    layers[-1].weight.mul_(0.2 / layers(latents).std())
    layers[-1].bias.fill_(0.5)


def inputs(size: Architecture, batch: int, side: int, seed: int) -> dict[str, np.ndarray]:
    """Noise (b, 4, side / 8, side / 8) and text states (b, TOKENS, condition) of one frame."""
    rng = np.random.default_rng(seed)
    shapes = {"noise": (batch, 4, side // 8, side // 8), "states": (batch, TOKENS, size.condition)}
    return {n: rng.standard_normal(s, dtype=np.float32) for n, s in shapes.items()}


class OneStep(nn.Module):
    """Noise and text states to u8 pictures (b, h, w, 3), with what one fixed step makes constant.

    Three exact foldings, all done to the modules it is given: the time embedding becomes a part of
    each block's bias; nearest upsampling and the convolution behind it become one convolution of
    the small map (2 x 2 taps in place of 3 x 3 on four times the pixels); the noise's scale goes
    into one factor.
    """

    def __init__(self, unet: Any, decoder: Any) -> None:
        super().__init__()
        self.unet, self.decoder = unet.eval(), decoder.decoder.eval()
        self.sigma = sigma()
        with torch.no_grad():
            fold_time(unet, STEP)
            fold_upsampling(unet)
            fold_upsampling(self.decoder)

    def forward(self, noise: Tensor, states: Tensor) -> Tensor:
        latents = noise * (NOISE * self.sigma)
        scaled = latents * (1 / (self.sigma**2 + 1) ** 0.5)
        clean = latents - self.sigma * self.unet(scaled, STEP, states, return_dict=False)[0]
        picture = self.decoder(clean).permute(0, 2, 3, 1)
        return ((picture.clamp(-1.0, 1.0) + 1.0) * 127.5 + 0.5).to(torch.uint8)


def fold_time(unet: Any, step: int) -> None:
    """Put a fixed step's embedding into the bias of the convolution that it is added behind."""
    time = unet.time_embedding(unet.time_proj(torch.tensor([step])))
    for module in unet.modules():
        if getattr(module, "time_emb_proj", None) is None:
            continue
        added = module.time_emb_proj(module.nonlinearity(time))[0]
        module.conv1.bias.add_(added)
        module.time_emb_proj, module.time_embedding_norm = None, "folded"


class Doubling(nn.Module):
    """Nearest upsampling by two and a 3 x 3 convolution, as one convolution of the small map.

    Each output pixel sees only two by two of the small map's; which, and with what sum of taps,
    depends on whether its row and column are even: four kernels, laid side by side.
    """

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        even = torch.tensor([[1.0, 0, 0], [0, 1, 1]])
        odd = torch.tensor([[1.0, 1, 0], [0, 0, 1]])
        kernels = [
            torch.einsum("pa,oiab,qb->oipq", rows, conv.weight, columns)
            for rows in (even, odd) for columns in (even, odd)
        ]  # fmt: skip
        self.weight = nn.Parameter(torch.cat(kernels), requires_grad=False)
        bias = torch.zeros(conv.out_channels) if conv.bias is None else conv.bias
        self.bias = nn.Parameter(bias.detach().repeat(4), requires_grad=False)

    def forward(self, x: Tensor, *sizes: Any) -> Tensor:
        """(b, c, h, w) to (b, d, 2 h, 2 w)."""
        parts = nn.functional.conv2d(x, self.weight, self.bias, padding=1).chunk(4, dim=1)
        height, width = x.shape[2:]
        placed = [
            part[:, :, row : row + height, column : column + width]
            for part, (row, column) in zip(parts, ((0, 0), (0, 1), (1, 0), (1, 1)), strict=True)
        ]
        return nn.functional.pixel_shuffle(torch.stack(placed, dim=2).flatten(1, 2), 2)


def fold_upsampling(module: nn.Module) -> None:
    """Replace every nearest upsampling with the convolution behind it, in place."""
    for name, child in list(module.named_children()):
        conv = getattr(child, "conv", None)
        if type(child).__name__ == "Upsample2D" and isinstance(conv, nn.Conv2d):
            setattr(module, name, Doubling(conv))
        else:
            fold_upsampling(child)
    if isinstance(module, nn.Sequential):
        for index in range(len(module) - 1):
            conv = module[index + 1]
            if isinstance(module[index], nn.Upsample) and isinstance(conv, nn.Conv2d):
                module[index], module[index + 1] = Doubling(conv), nn.Identity()
