"""How sources enter the generator."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import torch

from training.painting.generator import (
    ATMOSPHERE,
    COLUMNS,
    CONCEPT,
    DEPTH,
    ROWS,
    TEMPLATE,
    Conditions,
    Generator,
    box_coordinates,
    pair_coordinates,
)

Velocity = Callable[..., torch.Tensor]


@pytest.fixture(scope="module")
def generator() -> Generator:
    torch.manual_seed(0)
    model = Generator(fine=32, coarse=64, deep=2).eval()
    for parameter in model.parameters():  # fresh branches are zero and would hide everything
        if parameter.dim() > 1 and not parameter.abs().sum():
            torch.nn.init.normal_(parameter, std=0.05)
    return model


@pytest.fixture
def velocity(generator: Generator) -> Velocity:
    def of(
        tokens: torch.Tensor,
        weights: torch.Tensor,
        places: torch.Tensor | None = None,
        light: int = 0,
        known: float = 1.0,
        size: tuple[int, int] = (18, 32),
    ) -> torch.Tensor:
        noise = torch.randn(1, 16, *size, generator=torch.Generator().manual_seed(1))
        if places is None:
            places = torch.tensor([0.5, 0.6, 0.4, 1.0]).expand(1, 4, 4)
        atmosphere, one = torch.eye(ATMOSPHERE)[light][None], torch.ones(1)
        asked = Conditions(tokens, weights, places, atmosphere, known * one)
        with torch.no_grad():
            return generator(noise, one, 0 * one, asked)

    return of


def test_order_of_sources_does_not_matter(velocity: Velocity) -> None:
    tokens, weights = torch.randn(1, 4, CONCEPT + TEMPLATE), torch.tensor([[0.9, 0.4, 0.7, 0.0]])
    turned = torch.tensor([2, 0, 3, 1])
    there, back = velocity(tokens, weights), velocity(tokens[:, turned], weights[:, turned])
    torch.testing.assert_close(there, back, rtol=1e-4, atol=1e-5)


def test_an_absent_source_leaves_no_trace(velocity: Velocity) -> None:
    tokens, weights = torch.randn(1, 4, CONCEPT + TEMPLATE), torch.tensor([[0.9, 0.0, 0.0, 0.0]])
    other = tokens.clone()
    other[:, 1:] = torch.randn(1, 3, CONCEPT + TEMPLATE)
    torch.testing.assert_close(
        velocity(tokens, weights), velocity(other, weights), rtol=1e-3, atol=2e-3
    )


def test_a_source_fades_in_without_a_jump(velocity: Velocity) -> None:
    tokens = torch.randn(1, 4, CONCEPT + TEMPLATE)
    path = [
        velocity(tokens, torch.tensor([[0.8, share, 0.0, 0.0]]))
        for share in torch.linspace(0, 1, 41)
    ]
    steps = torch.stack([(b - a).abs().mean() for a, b in itertools.pairwise(path)])
    assert steps.sum() > 0
    assert steps.max() < 0.35 * steps.sum()


def test_a_source_acts_where_it_stands(generator: Generator) -> None:
    place = torch.tensor([0.2, 0.6, 0.2, 1.0]).expand(1, 1, 4)
    latents = torch.zeros(1, 16, 18, 32)
    across, down = box_coordinates(latents, place)
    with torch.no_grad():
        relative = pair_coordinates(across, down)
        field = generator.field(relative, torch.randn(1, 1, CONCEPT), torch.ones(1, 1))
        field = (field - generator.field.out.bias[None, :, None]).abs().mean(1).view(18, 32)
    assert field[8:13, 4:9].mean() > 100 * field[:, 16:].mean()


def test_a_template_is_laid_into_its_box(generator: Generator) -> None:
    latents, weights = torch.zeros(1, 16, 18, 32), torch.ones(1, 1)
    drawn = torch.zeros(1, 1, ROWS, COLUMNS, DEPTH)
    drawn[..., : COLUMNS // 2, :] = 1.0  # the half that lies behind
    halves = []
    for facing in (1.0, -1.0):
        place = torch.tensor([0.5, 0.5, 0.5, facing]).expand(1, 1, 4)
        with torch.no_grad():
            laid = generator.templates(drawn.flatten(2), *box_coordinates(latents, place), weights)
        laid = (laid - generator.templates.out.bias[None, :, None, None]).abs().mean(1)[0]
        halves.append((laid[:, :16].mean(), laid[:, 16:].mean()))
    (back, front), (front_turned, back_turned) = halves
    assert back > 10 * front
    torch.testing.assert_close(back, back_turned)
    torch.testing.assert_close(front, front_turned)


def test_the_light_changes_everything(velocity: Velocity) -> None:
    tokens, weights = torch.randn(1, 4, CONCEPT + TEMPLATE), torch.ones(1, 4)
    change = (velocity(tokens, weights) - velocity(tokens, weights, light=3)).abs().mean((0, 1))
    assert (change > 1e-5).all()


def test_dropping_the_condition_is_not_silence(velocity: Velocity) -> None:
    tokens, silent = torch.randn(1, 4, CONCEPT + TEMPLATE), torch.zeros(1, 4)
    change = velocity(tokens, silent) - velocity(tokens, silent, known=0.0)
    assert change.abs().mean() > 1e-4


@pytest.mark.parametrize("size", [(18, 32), (16, 16), (8, 24)])
def test_any_even_size(velocity: Velocity, size: tuple[int, int]) -> None:
    made = velocity(torch.randn(1, 4, CONCEPT + TEMPLATE), torch.ones(1, 4), size=size)
    assert made.shape == (1, 16, *size)
