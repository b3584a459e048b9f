"""The joint phase copes with what a drawn mixture may hold: silence, one sound, several."""

import numpy as np
import torch

from training.hearing.encoder_training import SoundText
from training.hearing.joint_training import Jointly, joint_loss
from training.hearing.separator import Separator
from training.hearing.separator_batches import Mixtures
from training.vocabulary import LABELS


class Bare:
    """As much of a step as a loss asks."""

    rng = np.random.default_rng(0)

    def put(self, values: torch.Tensor) -> torch.Tensor:
        return values

    def autocast(self) -> torch.autocast:
        return torch.autocast("cpu", dtype=torch.bfloat16)


def test_a_silent_mixture_teaches_nothing_and_breaks_nothing() -> None:
    torch.manual_seed(0)
    model = Jointly(Separator(), SoundText()).train()
    truths = torch.randn(3, 4, 8000) * 0.05
    truths[0] = 0
    truths[1, 1:] = 0
    labels = torch.tensor([[3, -1, -1, -1], [4, -1, -1, -1], [1, 5, 7, 9]])
    drawn = Mixtures(truths.sum(1), truths, labels)
    loss = joint_loss(model, drawn, LABELS, Bare(), 0.5)  # type: ignore[arg-type]
    loss.backward()
    assert torch.isfinite(loss)
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    assert gradients
    assert all(torch.isfinite(g).all() for g in gradients)
    assert all(p.grad is None for p in model.sound_text.text.parameters())
