"""Other takes of the same sound, made on its mel levels: a batch costs milliseconds.

Recordings are few, so none is heard twice alike: through another microphone, higher or lower,
slower or faster, earlier or later, in another room's noise, with holes in time and frequency
(SpecAugment, Park et al. 2019).
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

FLOOR = 1e-9
"""Power added by the encoder's front end."""
HIGHER_BANDS = 5.0
"""Mel bands by which a sound is moved at most, about a third of an octave."""
WIDER = 0.08
"""Share by which its spectrum is spread or squeezed."""
SLOWER = 0.25
"""Natural logarithm of the change of pace."""
COLOUR = 0.5
"""Spread of the equaliser's knots, log10 power: 5 dB."""


def augment_levels(levels: Tensor, random: Generator) -> Tensor:
    """(b, frames, bands) -> another microphone, pitch, pace and place in time."""
    b, frames, bands = levels.shape

    def within(widest: float, chance: float) -> Tensor:
        drawn = (torch.rand(b, generator=random) * 2 - 1) * widest
        return drawn * (torch.rand(b, generator=random) < chance)

    knots = torch.randn(b, 1, 6, generator=random) * COLOUR
    levels = levels + torch.nn.functional.interpolate(
        knots, size=bands, mode="linear", align_corners=True
    )
    wider = torch.exp(within(WIDER, 1.0))[:, None]
    higher = within(HIGHER_BANDS, 0.6)[:, None]
    at = (torch.arange(bands) - bands / 2) * wider + bands / 2 + higher
    at = at.clamp(0, bands - 1)
    low = at.floor().long().clamp(max=bands - 2)
    share = (at - low)[:, None]
    below = levels.gather(2, low[:, None].expand(b, frames, bands))
    above = levels.gather(2, low[:, None].expand(b, frames, bands) + 1)
    levels = below * (1 - share) + above * share

    pace = torch.exp(within(SLOWER, 0.6))[:, None]
    late = within(0.6 * frames, 0.4)[:, None]
    when = (torch.arange(frames) - frames / 2) * pace + frames / 2 - late
    inside = (when >= 0) & (when <= frames - 1)
    row = when.round().long().clamp(0, frames - 1)
    levels = levels.gather(1, row[:, :, None].expand(b, frames, bands))
    return torch.where(inside[:, :, None], levels, torch.tensor(-9.0))


def mix_styles(levels: Tensor, random: Generator, chance: float = 0.35) -> Tensor:
    """Some rows (b, frames, bands) take on part of another row's colour and unrest, band by band.

    MixStyle (Zhou et al. 2021) at the input: a kind of sound is more than the spectrum that its
    few recordings share, and synthesis must not be told from recordings by its polish.
    """
    b = len(levels)
    other = torch.randperm(b, generator=random)
    own = 0.5 + 0.5 * torch.rand(b, 1, 1, generator=random)
    own = torch.where(torch.rand(b, 1, 1, generator=random) < chance, own, torch.ones(b, 1, 1))
    mean, spread = levels.mean(1, keepdim=True), levels.std(1, keepdim=True) + 0.05
    loudness = mean.mean(2, keepdim=True)
    colour = mean - loudness
    colour = own * colour + (1 - own) * colour[other]
    return (levels - mean) / spread * (own * spread + (1 - own) * spread[other]) + colour + loudness


def degrade(power: Tensor, random: Generator) -> Tensor:
    """Noise of the room and the microphone, holes, distance; power -> log10 power."""
    b, frames, bands = power.shape

    def rand(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=random)

    loudest = power.amax(dim=(1, 2), keepdim=True)
    tilt = (rand(b, 1, 1) * 3 - 0.5) * torch.linspace(0, 1, bands)
    hiss = -torch.log(rand(b, frames, bands) + 1e-6) * 0.5 + 0.5
    under = 10 ** -(1.5 + 5 * rand(b, 1, 1))
    power = power + loudest * under * hiss * 10**-tilt * (rand(b, 1, 1) < 0.7)
    for axis, length, widest in ((1, frames, 50), (1, frames, 50), (2, bands, 10), (2, bands, 10)):
        start = rand(b, 1) * length
        width = rand(b, 1) * widest * (rand(b, 1) < 0.4)
        place = torch.arange(length)[None]
        hole = (place >= start) & (place < start + width)
        shape = (b, frames, 1) if axis == 1 else (b, 1, bands)
        power = torch.where(hole.reshape(shape), power * 1e-3, power)
    distance = 10 ** (1 - 4 * rand(b, 1, 1))
    return torch.log10(power * distance + FLOOR)
