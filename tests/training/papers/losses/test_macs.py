"""MACS's losses against brute force, and against values worked out by hand."""

from __future__ import annotations

import math
from itertools import product

import pytest
import torch
from torch import Tensor

from training.papers.losses.macs import align, joint_weight, mixit, rank


def si_sdr(estimate: Tensor, truth: Tensor) -> Tensor:
    estimate, truth = estimate - estimate.mean(), truth - truth.mean()
    target = (estimate @ truth) / (truth @ truth + 1e-8) * truth
    noise = estimate - target
    return 10 * torch.log10((target @ target) / (noise @ noise + 1e-8) + 1e-8)


def brute_force(estimates: Tensor, one: Tensor, other: Tensor) -> Tensor:
    best = []
    for slots, a, b in zip(estimates, one, other, strict=True):
        losses = []
        for side in product((0, 1), repeat=len(slots)):
            if any(side):
                mask = torch.tensor(side, dtype=slots.dtype)
                losses.append(-si_sdr(mask @ slots, a) - si_sdr((1 - mask) @ slots, b))
        best.append(min(losses))
    return torch.stack(best).mean()


def sounds(*shape: int) -> Tensor:
    torch.manual_seed(sum(shape))
    return torch.randn(*shape)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("slots", [1, 2, 6])
def test_mixit_is_the_best_of_every_sharing(batch: int, slots: int) -> None:
    estimates, one = sounds(batch, slots, 400), sounds(batch, 400)
    other = sounds(batch, 401)[:, :400]
    torch.testing.assert_close(
        mixit(estimates, one, other), brute_force(estimates, one, other), rtol=1e-4, atol=1e-3
    )


def test_mixit_is_very_good_where_the_slots_hold_the_two_mixtures() -> None:
    parts = sounds(2, 4, 4000)
    found = mixit(parts, parts[:, 0] + parts[:, 2], parts[:, 1] + parts[:, 3])
    assert found < -100  # two times 50 dB at least, as far as single precision goes
    swapped = mixit(parts, parts[:, 1] + parts[:, 3], parts[:, 0] + parts[:, 2])
    torch.testing.assert_close(swapped, found, rtol=0.05, atol=0.0)


def test_the_second_side_may_be_empty() -> None:
    parts = sounds(1, 3, 4000)
    silent = torch.zeros(1, 4000)
    # nothing can be right about silence, -80 dB; all slots together are the first mixture
    found = mixit(parts, parts.sum(1), silent)
    assert found < 80 - 50
    # were an empty side forbidden, one slot would have to be missing: about 3 dB right at best
    assert mixit(parts[:, :2], parts.sum(1), silent) > 80 - 5


@pytest.mark.parametrize("silent", ["estimates", "one", "other", "all"])
def test_silence_gives_numbers_and_gradients(silent: str) -> None:
    given = {"estimates": sounds(2, 3, 200), "one": sounds(2, 200), "other": sounds(2, 200)}
    given["other"] = given["other"].flip(1)
    for name in given:
        if silent in (name, "all"):
            given[name] = torch.zeros_like(given[name])
    given["estimates"].requires_grad_()
    loss = mixit(**given)
    loss.backward()
    assert loss.isfinite()
    assert given["estimates"].grad is not None
    assert given["estimates"].grad.isfinite().all()
    if silent in ("estimates", "all"):
        assert loss.item() == pytest.approx(160, abs=1e-3)  # twice -80 dB


def test_mixit_does_not_hear_levels() -> None:
    estimates, one, other = sounds(2, 3, 300), sounds(2, 300), sounds(2, 301)[:, :300]
    louder = mixit(3 * estimates, 0.5 * one, 2 * other)
    torch.testing.assert_close(mixit(estimates, one, other), louder, rtol=1e-4, atol=1e-3)


def test_alignment_by_hand() -> None:
    # two slots that are two texts exactly: each looks at its own, logits are scale * identity
    basis = torch.eye(4)[:2][None]
    scale = torch.tensor(math.log(3.0))
    wanted = -math.log(math.exp(3) / (math.exp(3) + 1))
    assert align(basis, basis, scale).item() == pytest.approx(wanted, abs=1e-5)
    # one text: no slot is told from another by it, and it is nearer to the first
    rows, columns = math.log(2), (math.log(1 + math.exp(-3)) + math.log(1 + math.exp(3))) / 2
    found = align(basis, basis[:, :1], scale).item()
    assert found == pytest.approx((rows + columns) / 2, abs=1e-5)


def test_alignment_stays_inside_the_clip() -> None:
    slots, texts, scale = sounds(3, 6, 16), sounds(3, 10, 16), torch.tensor(2.0)
    alone = torch.stack([align(slots[i : i + 1], texts[i : i + 1], scale) for i in range(3)])
    torch.testing.assert_close(align(slots, texts, scale), alone.mean())
    one_slot = align(slots[:, :1], texts, scale)
    assert one_slot.item() == pytest.approx(0.0, abs=1e-6)  # nothing to be told from


def test_ranking_by_hand() -> None:
    falling = torch.tensor([[60.0, 50.0, 40.0, 30.0, 20.0, 10.0]])
    assert rank(falling).item() == pytest.approx(0.0, abs=1e-6)
    assert rank(falling.flip(1)).item() == pytest.approx(2.0, abs=1e-6)
    # ranks 2 1 3 against 3 2 1: Spearman 1 - 6 (1 + 1 + 4) / 24 = -0.5
    assert rank(torch.tensor([[20.0, 10.0, 30.0]])).item() == pytest.approx(1.5, abs=1e-6)
    assert rank(torch.full((2, 4), 0.5)).item() == pytest.approx(1.0, abs=1e-6)
    assert rank(torch.rand(3, 1)).isfinite()


def test_ranking_counts_the_batch_as_one() -> None:
    # cosines lie nearer than the ranks: each row is its own values, and the flatter weighs less
    steep, flat = torch.tensor([[0.9, 0.1]]), torch.tensor([[0.2, 0.3]])
    both = rank(torch.cat([steep, flat])).item()
    # (0.4, -0.4, -0.05, 0.05) against (0.5, -0.5, 0.5, -0.5): 0.35 / sqrt(0.325)
    assert both == pytest.approx(1 - 0.35 / math.sqrt(0.325), abs=1e-6)
    assert both < (rank(steep).item() + rank(flat).item()) / 2


def test_the_joint_weight_goes_from_nothing_to_everything() -> None:
    assert [joint_weight(e, 5) for e in range(5)] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert joint_weight(0, 1) == 0.0
