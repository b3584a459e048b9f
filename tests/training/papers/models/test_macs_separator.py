"""MACS's separator: parts that add up, public names, a fixed length."""

from __future__ import annotations

import torch

from training.papers.harness.draws import Draws, drawing
from training.papers.models.macs_separator import MacsSeparator


def test_the_parts_add_up_to_the_mixture_and_learn() -> None:
    torch.manual_seed(0)
    separator = MacsSeparator(8000, 6, 16)
    mixture = 0.3 * torch.randn(2, 8000)
    parts = separator(mixture)
    assert parts.shape == (2, 6, 8000)
    torch.testing.assert_close(parts.sum(1), mixture, rtol=0.0, atol=1e-4)
    parts[:, 0].pow(2).sum().backward()
    lacking = [name for name, weight in separator.named_parameters() if weight.grad is None]
    assert lacking == ["tau2"]
    assert separator(torch.zeros(2, 8000)).isfinite().all()


def test_at_full_width_it_is_the_papers() -> None:
    with torch.device("meta"):
        separator = MacsSeparator(128_000)
    count = sum(weight.numel() for weight in separator.unet.parameters())
    assert round(count / 1e6) == 58  # millions, as the public code counts
    shapes = {name: tuple(weight.shape) for name, weight in separator.named_parameters()}
    assert shapes["unet.in_conv.1.row_embed"] == (6, 201)
    assert shapes["unet.in_conv.1.col_embed"] == (6, 641)


def test_whole_channels_drop_out_by_the_draws_in_force() -> None:
    separator = MacsSeparator(8000, 6, 16).train()
    mixture = torch.randn(2, 8000)
    with drawing(Draws(1)):
        one = separator(mixture)
    with drawing(Draws(1)):
        same = separator(mixture)
    with drawing(Draws(2)):
        other = separator(mixture)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
