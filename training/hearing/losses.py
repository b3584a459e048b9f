"""The losses of hearing: contrastive sound-text, SI-SDR, thresholded SNR, permutations, MixIT,
sparsity."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import torch
from torch import Tensor

Complex = tuple[Tensor, Tensor]
"""Real and imaginary part."""
SILENT = 0.2
"""Weight of keeping empty slots empty. Two of four slots hold nothing in most mixtures: at full
weight it pays to leave all sound in one slot as soon as the sounds are strange."""
LEVEL = 0.2
"""Weight of a source's level."""


def sound_text_loss(sounds: Tensor, texts: Tensor, scale: Tensor, targets: Tensor) -> Tensor:
    """Symmetric contrastive loss with soft targets (CLIP, Radford et al. 2021; CLAP, Elizalde
    2022).

    sounds (b, d) and texts (k, d) are unit vectors, scale multiplies their cosines, targets (b, k)
    are non-negative rows that sum to 1: which texts describe each sound, and how much of it. Texts
    that nothing in the batch sounds like are negatives of every sound.
    """
    logits = scale * sounds @ texts.T
    to_text = -(targets * torch.log_softmax(logits, dim=1)).sum(1).mean()
    heard = targets.sum(0)
    shares = targets / heard.clamp(min=1e-6)
    per_text = -(shares * torch.log_softmax(logits, dim=0)).sum(0)
    to_sound = (per_text * (heard > 0)).sum() / (heard > 0).sum().clamp(min=1)
    return 0.7 * to_text + 0.3 * to_sound


def si_sdr(estimate: Tensor, truth: Tensor) -> Tensor:
    """(..., n) -> (...) scale-invariant signal-to-distortion ratio, dB (Le Roux et al. 2019)."""
    estimate = estimate - estimate.mean(-1, keepdim=True)
    truth = truth - truth.mean(-1, keepdim=True)
    scale = (estimate * truth).sum(-1, keepdim=True) / (
        (truth * truth).sum(-1, keepdim=True) + 1e-8
    )
    target = scale * truth
    noise = ((estimate - target) ** 2).sum(-1)
    return 10 * torch.log10((target * target).sum(-1) + 1e-8) - 10 * torch.log10(noise + 1e-8)


def thresholded_snr_loss(error: Tensor, power: Tensor, mixture_power: Tensor) -> Tensor:
    """Negative SNR in dB that stops rewarding past a threshold, from energies of any one shape.

    10 log10(error + tau power) - 10 log10(power) with tau at 30 dB; a silent truth asks only that
    the estimate (then all of the error) lie 20 dB under the mixture (Wisdom et al. 2021, "What's
    all the fuss about free universal sound separation data?").
    """
    active = 10 * torch.log10((error + 10**-3.0 * power + 1e-8) / (power + 1e-8))
    silent = SILENT * 10 * torch.log10(error / (mixture_power + 1e-6) + 10**-2.0)
    return torch.where(power < 1e-4 * mixture_power, silent, active)


def level_loss(own: Tensor, power: Tensor, mixture_power: Tensor) -> Tensor:
    """Weighted decibels between the levels of an estimate and its truth, energies of any one shape;
    0 for a silent truth.

    By SNR alone a slot that stays empty costs a source 0 dB, less than a slot that is only half
    right: strange sounds then all end up in one slot. Being heard at the wrong level must cost too.
    """
    floor = 1e-3
    decibels = 10 * torch.log10((own + floor * power + 1e-8) / ((1 + floor) * power + 1e-8))
    return torch.where(power < 1e-4 * mixture_power, 0.0, LEVEL * decibels.abs())


@dataclass(frozen=True, slots=True)
class Energies:
    """Inner products of k estimates and j truths: all that the losses below need to know."""

    gram: Tensor
    """(b, k, k) of the estimates with each other."""
    cross: Tensor
    """(b, k, j) of the estimates with the truths."""
    truths: Tensor
    """(b, j) energy of each truth; 0 where it is absent."""
    mixture: Tensor
    """(b,) energy of the mixture."""
    samples: int
    """Length over which was summed."""


def energies_of(estimates: Tensor, truths: Tensor, mixture: Tensor) -> Energies:
    """From waveforms (b, k, n), (b, j, n), (b, n)."""
    return Energies(
        estimates @ estimates.transpose(1, 2),
        estimates @ truths.transpose(1, 2),
        (truths**2).sum(-1),
        (mixture**2).sum(-1),
        mixture.shape[-1],
    )


def masked_energies(mask: Tensor, mixture: Complex, truths: Complex, samples: int) -> Energies:
    """The same from masks (b, t, k, f) on the mixture's spectrum, re and im (b, t, f), and the
    truths' spectra, re and im (b, j, t, f): Parseval's theorem, exact up to the overlap of frames,
    and no waveform has to be made."""
    re, im = mixture
    bins = re.shape[2]
    # Root-Hann frames at a quarter hop count every sample twice; inner bins stand for two.
    weight = re.new_full((bins,), 1.0 / (bins - 1))
    weight[0] = weight[-1] = 0.5 / (bins - 1)
    weight = weight * 0.5
    power = (re * re + im * im) * weight
    b, t, k, f = mask.shape
    flat = mask.permute(0, 2, 1, 3).reshape(b, k, t * f)
    shared = (re[:, None] * truths[0] + im[:, None] * truths[1]) * weight
    own = (truths[0] ** 2 + truths[1] ** 2) * weight
    return Energies(
        (flat * power.reshape(b, 1, t * f)) @ flat.transpose(1, 2),
        flat @ shared.reshape(b, -1, t * f).transpose(1, 2),
        own.sum(dim=(2, 3)),
        power.sum(dim=(1, 2)),
        samples,
    )


def permutation_invariant_loss(energies: Energies) -> Tensor:
    """Mean over the batch of the best assignment's loss (PIT, Yu et al. 2017); k = j."""
    # All k * k errors from inner products: |t - e|^2 = |t|^2 + |e|^2 - 2 t e.
    own = torch.diagonal(energies.gram, dim1=1, dim2=2)[:, :, None]
    power = energies.truths[:, None, :]
    error = (power + own - 2 * energies.cross).clamp(min=0.0)
    mixed = energies.mixture[:, None, None].expand_as(error)
    power = power.expand_as(error)
    table = thresholded_snr_loss(error, power, mixed)
    table = table + level_loss(own.expand_as(error), power, mixed)
    k = table.shape[1]
    orders = torch.tensor(list(permutations(range(k))), device=table.device)
    return table[:, orders, torch.arange(k, device=table.device)].mean(-1).amin(1).mean()


def mixit_loss(energies: Energies) -> Tensor:
    """Mixture-invariant training (Wisdom et al. 2020); the truths are two mixtures, j = 2.

    The loss of the best of all splits of the slots between the two, neither side empty.
    """
    gram, cross = energies.gram, energies.cross
    k = gram.shape[1]
    splits = [[(s >> i) & 1 for i in range(k)] for s in range(1, 2**k - 1)]
    splits = torch.tensor(splits, device=gram.device)
    mixed = energies.mixture[:, None].expand(-1, len(splits))
    total = torch.zeros_like(mixed)
    for which, chosen in enumerate((splits, 1 - splits)):
        weight = chosen.to(gram.dtype)
        power = energies.truths[:, which, None].expand_as(mixed)
        own = torch.einsum("si,bij,sj->bs", weight, gram, weight)
        error = (power - 2 * cross[:, :, which] @ weight.T + own).clamp(min=0.0)
        total = total + 0.5 * thresholded_snr_loss(error, power, mixed)
    return total.min(dim=1).values.mean()


def sparsity_loss(energies: Energies) -> Tensor:
    """How evenly loudness is spread over slots, l1 / l2 of their RMS in [0, 1]: 0 = one slot has
    all.

    Holds MixIT back from splitting one source over slots (Wisdom et al. 2021).
    """
    own = torch.diagonal(energies.gram, dim1=1, dim2=2)
    level = torch.sqrt(own / energies.samples + 1e-8)
    k = level.shape[1]
    ratio = level.sum(1) / torch.sqrt((level**2).sum(1))
    return ((ratio - 1) / (k**0.5 - 1)).mean()
