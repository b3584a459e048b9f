"""Slots are told by what they hold, and reach the encoder with both names."""

import numpy as np
import pytest
import torch

from training.hearing.encoder_batches import EncoderBatches
from training.hearing.pool import TRAIN, Pool
from training.hearing.separated_slots import SeparatedLevels, shares_of
from training.vocabulary import LABELS

FRAMES, BANDS = 32, 64


def test_a_slot_with_two_sounds_names_both_by_their_levels() -> None:
    rng = torch.Generator().manual_seed(0)
    one, two, rest = torch.randn(3, 4000, generator=rng)
    truths = torch.stack([one, two, torch.zeros(4000)])[None]
    slots = torch.stack([one, one + two, one + 0.5 * two, rest, 0.1 * two])[None]
    shares, explained = shares_of(slots, truths)
    assert torch.allclose(shares.sum(2), torch.ones(1, 5))
    alone, even, quieter, _, faint = shares[0, :, :2].tolist()
    assert alone == pytest.approx([1, 0], abs=0.01)
    assert even == pytest.approx([0.5, 0.5], abs=0.05)
    # 6 dB apart, by softmax(dB / 3).
    assert quieter == pytest.approx([0.88, 0.12], abs=0.02)
    assert faint == pytest.approx([0, 1], abs=0.01)
    assert explained[0, [0, 1, 2, 4]].tolist() == pytest.approx([1, 1, 1, 1], abs=0.05)
    assert explained[0, 3] < 0.05
    assert (shares[0, :, 2] == 0).all()


def test_batches_take_the_shares_of_the_slots_they_draw() -> None:
    bells, train = LABELS.index("church bells"), LABELS.index("train")
    levels = np.zeros((2, FRAMES, BANDS), np.float16)
    pool = Pool(
        np.zeros((2, 64000), np.float16), levels, np.array([bells, train]), LABELS,
        np.array([TRAIN, TRAIN]), np.array(["a", "b"]),
    )  # fmt: skip
    shares = np.zeros((1, len(LABELS)), np.float16)
    shares[0, [bells, train]] = 0.75, 0.25
    slots = SeparatedLevels(levels[:1] - 3, shares, np.array([TRAIN]))
    targets = EncoderBatches(pool, seed=1, separated=slots).next(64).targets
    both = torch.isclose(targets[:, bells], torch.tensor(0.75)) & torch.isclose(
        targets[:, train], torch.tensor(0.25)
    )
    assert 10 < both.sum() < 50
    assert torch.allclose(targets.sum(1), torch.ones(64))


def test_everyday_sounds_meet_one_another_more_often() -> None:
    rows = len(LABELS)
    pool = Pool(
        np.zeros((rows, 64000), np.float16), np.zeros((rows, FRAMES, BANDS), np.float16),
        np.arange(rows), LABELS, np.array([TRAIN] * rows), np.array([str(i) for i in range(rows)]),
    )  # fmt: skip
    targets = EncoderBatches(pool, seed=2).next(600).targets
    train = LABELS.index("train")
    with_train = targets[(targets[:, train] > 0) & (targets[:, train] < 1)] > 0
    met = with_train.sum(0)
    assert met[LABELS.index("church bells")] + met[LABELS.index("rain")] > 2 * (
        met[LABELS.index("bear")] + met[LABELS.index("whale")]
    )
