"""How sources enter the generator."""

from __future__ import annotations

import itertools

import pytest
import torch

from training.generator import CONCEPT, Generator


@pytest.fixture(scope="module")
def generator() -> Generator:
    torch.manual_seed(0)
    model = Generator(fine=32, coarse=64, deep=2).eval()
    for parameter in model.parameters():  # fresh branches are zero and would hide everything
        if parameter.dim() > 1 and not parameter.abs().sum():
            torch.nn.init.normal_(parameter, std=0.05)
    return model


def _velocity(model: Generator, tokens: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    torch.manual_seed(1)
    noise, one = torch.randn(1, 8, 18, 32), torch.ones(1)
    with torch.no_grad():
        return model(noise, one, 0 * one, tokens, weights, one)


def test_order_of_sources_does_not_matter(generator: Generator) -> None:
    tokens, weights = torch.randn(1, 4, CONCEPT), torch.tensor([[0.9, 0.4, 0.7, 0.0]])
    turned = torch.tensor([2, 0, 3, 1])
    there = _velocity(generator, tokens, weights)
    back = _velocity(generator, tokens[:, turned], weights[:, turned])
    torch.testing.assert_close(there, back, rtol=1e-4, atol=1e-5)


def test_an_absent_source_leaves_no_trace(generator: Generator) -> None:
    tokens, weights = torch.randn(1, 4, CONCEPT), torch.tensor([[0.9, 0.0, 0.0, 0.0]])
    other = tokens.clone()
    other[:, 1:] = torch.randn(1, 3, CONCEPT)
    torch.testing.assert_close(
        _velocity(generator, tokens, weights), _velocity(generator, other, weights)
    )


def test_a_source_fades_in_without_a_jump(generator: Generator) -> None:
    tokens = torch.randn(1, 4, CONCEPT)
    path = [
        _velocity(generator, tokens, torch.tensor([[0.8, share, 0.0, 0.0]]))
        for share in torch.linspace(0, 1, 41)
    ]
    steps = torch.stack([(b - a).abs().mean() for a, b in itertools.pairwise(path)])
    assert steps.sum() > 0
    assert steps.max() < 0.35 * steps.sum()


def test_dropping_the_condition_is_not_silence(generator: Generator) -> None:
    tokens, silent = torch.randn(1, 4, CONCEPT), torch.zeros(1, 4)
    noise, one = torch.randn(1, 8, 18, 32), torch.ones(1)
    with torch.no_grad():
        known = generator(noise, one, 0 * one, tokens, silent, one)
        dropped = generator(noise, one, 0 * one, tokens, silent, 0 * one)
    assert (known - dropped).abs().mean() > 1e-4


@pytest.mark.parametrize(("rows", "columns"), [(18, 32), (14, 24), (36, 64)])
def test_any_even_size(generator: Generator, rows: int, columns: int) -> None:
    one = torch.ones(2)
    with torch.no_grad():
        made = generator(
            torch.randn(2, 8, rows, columns),
            one,
            0 * one,
            torch.randn(2, 4, CONCEPT),
            torch.ones(2, 4),
            one,
        )
    assert made.shape == (2, 8, rows, columns)
