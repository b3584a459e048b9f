"""The losses against what they promise."""

import math

import torch

from training.losses import (
    mixit_loss,
    permutation_invariant_loss,
    si_sdr,
    sound_text_loss,
    sparsity_loss,
)


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
    best = permutation_invariant_loss(truths, truths, mixture)
    turned = permutation_invariant_loss(truths[:, [2, 0, 3, 1]], truths, mixture)
    assert torch.allclose(best, turned, atol=1e-3)
    assert best < -29
    assert permutation_invariant_loss(truths.flip(2), truths, mixture) > best + 20


def test_silent_truths_want_silent_slots() -> None:
    truths = sources()
    truths[:, 2:] = 0
    mixture = truths.sum(1)
    leaking = truths.clone()
    leaking[:, 2] = 0.3 * mixture
    good = permutation_invariant_loss(truths, truths, mixture)
    assert permutation_invariant_loss(leaking, truths, mixture) > good + 1


def test_mixit_finds_the_split_of_the_slots() -> None:
    parts = sources()
    first, second = parts[:, [0, 3]].sum(1), parts[:, [1, 2]].sum(1)
    assert mixit_loss(parts, first, second) < -29
    merged = torch.stack([parts.sum(1) / 4] * 4, 1)
    assert mixit_loss(merged, first, second) > -5


def test_sparsity_prefers_one_loud_slot() -> None:
    one = torch.zeros(2, 4, 1000)
    one[:, 1] = torch.randn(2, 1000)
    assert sparsity_loss(one) < 0.01
    assert sparsity_loss(torch.randn(2, 4, 1000)) > 0.99


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
