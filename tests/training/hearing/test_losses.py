"""The losses against what they promise."""

import math

import torch

from training.hearing.losses import (
    energies_of,
    masked_energies,
    mixit_loss,
    permutation_invariant_loss,
    si_sdr,
    sound_text_loss,
    sparsity_loss,
)
from training.hearing.separator import Separator, SeparatorShape


def sources() -> torch.Tensor:
    return torch.randn(3, 4, 2000, generator=torch.Generator().manual_seed(0))


def test_si_sdr_ignores_scale_and_counts_noise() -> None:
    truth = torch.randn(4, 8000)
    noise = torch.randn(4, 8000)
    noise -= (noise * truth).sum(1, keepdim=True) / (truth**2).sum(1, keepdim=True) * truth
    noise *= 0.1 * truth.norm(dim=1, keepdim=True) / noise.norm(dim=1, keepdim=True)
    assert torch.allclose(si_sdr(3 * (truth + noise), truth), torch.tensor(20.0), atol=0.5)


def test_any_order_of_the_slots_is_as_good() -> None:
    truths = sources()
    mixture = truths.sum(1)
    best = permutation_invariant_loss(energies_of(truths, truths, mixture))
    turned = permutation_invariant_loss(energies_of(truths[:, [2, 0, 3, 1]], truths, mixture))
    assert torch.allclose(best, turned, atol=1e-3)
    assert best < -29
    wrong = permutation_invariant_loss(energies_of(truths.flip(2), truths, mixture))
    assert wrong > best + 20


def test_silent_truths_want_silent_slots() -> None:
    truths = sources()
    truths[:, 2:] = 0
    mixture = truths.sum(1)
    leaking = truths.clone()
    leaking[:, 2] = 0.3 * mixture
    good = permutation_invariant_loss(energies_of(truths, truths, mixture))
    assert permutation_invariant_loss(energies_of(leaking, truths, mixture)) > good + 0.3


def test_half_apart_is_better_than_all_in_one_slot() -> None:
    """With as much leakage as a strange mixture leaves: 4 dB of SNR, and a third slot not empty."""
    truths = sources()
    truths[:, 2:] = 0
    mixture = truths.sum(1)
    together = torch.zeros_like(truths)
    together[:, 0] = mixture
    apart = torch.zeros_like(truths)
    apart[:, 0] = 0.55 * truths[:, 0] + 0.4 * truths[:, 1]
    apart[:, 1] = 0.4 * truths[:, 0] + 0.55 * truths[:, 1]
    apart[:, 2] = mixture - apart.sum(1)
    costs = [permutation_invariant_loss(energies_of(e, truths, mixture)) for e in (apart, together)]
    assert costs[0] < costs[1]


def test_mixit_finds_the_split_of_the_slots() -> None:
    parts = sources()
    halves = torch.stack([parts[:, [0, 3]].sum(1), parts[:, [1, 2]].sum(1)], 1)
    assert mixit_loss(energies_of(parts, halves, parts.sum(1))) < -29
    merged = torch.stack([parts.sum(1) / 4] * 4, 1)
    assert mixit_loss(energies_of(merged, halves, parts.sum(1))) > -5


def test_energies_of_masks_are_those_of_the_waveforms() -> None:
    torch.manual_seed(0)
    model = Separator(SeparatorShape(width=16, hidden=16, dilations=(1, 2), stacks=1))
    truths = torch.randn(2, 3, 8000) * 0.1
    mixture = truths.sum(1)
    with torch.no_grad():
        mask, re, im = model.masks_on(mixture)
        parts = [p.reshape(2, 3, *p.shape[1:]) for p in model.spectra_of(truths.reshape(6, -1))]
        got = masked_energies(mask, (re, im), (parts[0], parts[1]), 8000)
        wanted = energies_of(model.separate(mixture), truths, mixture)
    for name in ("gram", "cross", "truths", "mixture"):
        a, b = getattr(got, name), getattr(wanted, name)
        assert torch.allclose(a, b, rtol=0.02, atol=0.02 * float(b.abs().max())), name


def test_sparsity_prefers_one_loud_slot() -> None:
    one = torch.zeros(2, 4, 1000)
    one[:, 1] = torch.randn(2, 1000)
    even = torch.randn(2, 4, 1000)
    assert sparsity_loss(energies_of(one, one, one.sum(1))) < 0.01
    assert sparsity_loss(energies_of(even, even, even.sum(1))) > 0.99


def test_contrastive_loss_is_least_where_sound_meets_its_text() -> None:
    texts = torch.eye(6)
    targets = torch.eye(6)[[0, 2, 5]]
    scale = torch.tensor(20.0)
    right = sound_text_loss(texts[[0, 2, 5]], texts, scale, targets)
    wrong = sound_text_loss(texts[[1, 2, 5]], texts, scale, targets)
    assert right < 0.01 < wrong
    both = torch.zeros(1, 6)
    both[0, :2] = 0.5
    between = (texts[:1] + texts[1:2]) / math.sqrt(2)
    assert sound_text_loss(between, texts, scale, both) < sound_text_loss(
        texts[:1], texts, scale, both
    )
