"""From tokens, weights, atmosphere and noise to pixels: everything between, in one module.

Each source's token is compared with the vocabulary; the few names nearest to it give their prompts'
text states, mixed by how near they are: one alone but while a source moves to another name. The
states of all sources stand one after another in the context of the UNet, each as strong as its
source matters, and after them the empty place in the light of the hour, which fills what no source
claims. Everything is smooth in the token and in the weights, so that a picture moves as the sound
does and never jumps.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.atmosphere_choice import LIGHTS, SEASONS
from export.turbo.attention import log_weights, weigh_prompts
from export.turbo.prompts import Prompts
from export.turbo.sampler import Sampler, fresh_noise
from training.papers.checkpoints.diffusion import Diffusion

NEAREST = 4
"""Phrases that a source's states are mixed of."""
ALWAYS = 0.2
"""Weight of the empty place beside sources that claim the whole picture: light shows on them."""


class Vocabulary(nn.Module):
    """Tokens and atmosphere to the states of the prompts."""

    words: Tensor
    phrases: Tensor
    empty: Tensor

    def __init__(
        self, words: Tensor, prompts: Prompts, temperature: float, storage: torch.dtype
    ) -> None:
        """words: (labels, d) unit embeddings. storage: type in which the states are kept."""
        super().__init__()
        self.temperature = temperature
        self.nearest = min(NEAREST, len(words))
        self.register_buffer("words", words)
        self.register_buffer("phrases", prompts.phrases.to(storage))
        self.register_buffer("empty", prompts.empty.to(storage))

    def forward(self, tokens: Tensor, atmosphere: Tensor) -> Tensor:
        """(b, s, d), (b, lights + seasons + styles) -> (b, s + 1, tokens, states)."""
        unit = tokens / tokens.norm(dim=-1, keepdim=True).clamp(min=1e-6)
        sure = torch.softmax(unit @ self.words.T / self.temperature, -1)
        styles = atmosphere[:, len(LIGHTS) + len(SEASONS) :]
        styles = styles / styles.sum(1, keepdim=True).clamp(min=1e-6)
        share, which = self._nearest(sure)
        found = nn.functional.embedding(which, self.phrases.flatten(1)).to(tokens.dtype)
        found = found.unflatten(-1, self.phrases.shape[1:])
        heard = torch.einsum("bsk,bt,bsktij->bsij", share, styles, found)
        lights, seasons = (
            atmosphere[:, : len(LIGHTS)],
            atmosphere[:, len(LIGHTS) :][:, : len(SEASONS)],
        )
        hour = (lights[:, :, None] * seasons[:, None, :]).flatten(1)
        empty = torch.einsum("bh,bt,htij->bij", hour, styles, self.empty.to(tokens.dtype))
        return torch.cat([heard, empty[:, None]], 1)

    def _nearest(self, sure: Tensor) -> tuple[Tensor, Tensor]:
        """(b, s, labels) -> shares and numbers of the nearest phrases, (b, s, nearest)."""
        if self.nearest == sure.shape[-1]:
            return sure, torch.arange(self.nearest).expand(sure.shape)
        most, which = torch.topk(sure, self.nearest + 1, -1)
        # what the next one has is taken off, so that a phrase that changes places with it is at 0
        share = most[..., :-1] - most[..., -1:] + 1e-9
        return share / share.sum(-1, keepdim=True), which[..., :-1]


class TurboPainter(nn.Module):
    """Conditions and noise to pixels, by the public checkpoint's own networks and sampler."""

    guidance: Tensor | None

    def __init__(
        self,
        vocabulary: Vocabulary,
        diffusion: Diffusion,
        sampler: Sampler,
        always: float = ALWAYS,
        computed: torch.dtype = torch.float32,
    ) -> None:
        """always: weight of the empty place at the least. computed: type the networks work in."""
        super().__init__()
        self.vocabulary, self.unet, self.vae = vocabulary, diffusion.unet, diffusion.vae
        self.sampler, self.always, self.computed = sampler, always, computed
        self.scale, self.shift = diffusion.latent_scale, diffusion.latent_shift
        self.register_buffer("guidance", diffusion.guidance)
        weigh_prompts(self.unet)
        self.unet.num_upsamplers = _NoWhole()  # type: ignore[assignment]

    def forward(self, tokens: Tensor, weights: Tensor, atmosphere: Tensor, noise: Tensor) -> Tensor:
        """(b, s, d), (b, s), (b, lights + seasons + styles), (b, c, h, w) -> u8 (b, 8h, 8w, 3)."""
        states = self.vocabulary(tokens, atmosphere)
        left = (1 - weights.sum(1, keepdim=True)).clamp(min=0.0)
        shares = torch.cat([weights, self.always + (1 - self.always) * left], 1)
        bias = log_weights(shares, states.shape[2])
        picture = self.decode(self.sample(states.flatten(1, 2), bias, noise))
        levels = picture.float().permute(0, 2, 3, 1).clamp(-1.0, 1.0)
        return ((levels + 1.0) * 127.5 + 0.5).to(torch.uint8)

    def sample(self, context: Tensor, bias: Tensor, noise: Tensor) -> Tensor:
        """Latents (b, c, h, w) of a context (b, keys, states) with biases (b, keys)."""
        context, latents = context.to(self.computed), self.sampler.begin * noise
        known = None if self.guidance is None else self.guidance.expand(noise.shape[0], -1)
        for i, step in enumerate(self.sampler.steps):
            answer = self.unet(
                (step.enter * latents).to(self.computed),
                torch.tensor([step.time]),
                context,
                timestep_cond=None if known is None else known.to(self.computed),
                cross_attention_kwargs={"bias": bias},
                return_dict=False,
            )[0].to(noise.dtype)
            latents = step.keep * latents + step.take * answer
            if step.stir:
                latents = latents + step.stir * fresh_noise(noise, i)
        return latents

    def decode(self, latents: Tensor) -> Tensor:
        """(b, c, h, w) -> pictures (b, 3, 8h, 8w) about [-1, 1]."""
        given = latents / self.scale + self.shift
        return self.vae.decode(given.to(self.computed), return_dict=False)[0]


class _NoWhole:
    """An upsampling factor that no size is a whole multiple of.

    diffusers' UNet then gives each upsampling the size it must reach, at every size: a graph of
    free size cannot choose between two roads, and where sizes are whole multiples both are one.
    """

    def __rpow__(self, two: int) -> _NoWhole:
        return self

    def __rmod__(self, size: int) -> int:
        return 1
