"""The localisation loss against the sums written out, and what it does with what is degenerate."""

from __future__ import annotations

import math

import pytest
import torch

from training.papers.losses.localisation import likeness, localise


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def at_source(cosines: list[float]) -> float:
    shares = [sigmoid((c - 0.65) / 0.03) for c in cosines]
    return sum(s * c for s, c in zip(shares, cosines, strict=True)) / sum(shares)


def elsewhere(cosines: list[float]) -> float:
    shares = [1 - sigmoid((c - 0.4) / 0.03) for c in cosines]
    return sum(s * c for s, c in zip(shares, cosines, strict=True)) / sum(shares)


def cosine(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(a.double() @ b.double() / (a.double().norm() * b.double().norm()))


def pairs(b: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Sounds with pictures that hold them at one place, so that cosines lie all over."""
    torch.manual_seed(b)
    heard, seen = torch.randn(b, 6), torch.randn(b, 6, 2, 3)
    seen[:, :, 1, 2] = heard + 0.5 * torch.randn(b, 6)
    return heard, seen


@pytest.mark.parametrize("b", [1, 2, 5])
def test_the_sums_written_out(b: int) -> None:
    heard, seen = pairs(b)
    wanted = 0.0
    for i in range(b):
        places = [seen[i, :, y, x] for y in range(2) for x in range(3)]
        near = [at_source([cosine(p, sound) for p in places]) for sound in heard]
        hard = elsewhere([cosine(p, heard[i]) for p in places])
        against = sum(math.exp(n / 0.07) for j, n in enumerate(near) if j != i)
        against += math.exp(hard / 0.07)
        own = math.exp(near[i] / 0.07)
        wanted -= math.log(own / (own + against)) / b
    assert localise(heard, seen).item() == pytest.approx(wanted, rel=1e-4)
    assert localise(9 * heard, 0.2 * seen).item() == pytest.approx(wanted, rel=1e-4)


def test_likeness_is_that_of_the_place_that_fits() -> None:
    heard, seen = pairs(3)
    places = seen[1].flatten(1)
    wanted = at_source([cosine(places[:, k], heard[0]) for k in range(6)])
    assert likeness(heard[0], seen)[1].item() == pytest.approx(wanted, rel=1e-4)
    same = torch.stack([torch.randn(6, 2, 2), heard[0][:, None, None].expand(6, 2, 2)])
    found = likeness(heard[0], same)
    assert found[1].item() == pytest.approx(1.0)
    assert found[0] < found[1]


@pytest.mark.parametrize("kind", ["opposite", "nothing", "equal"])
def test_what_is_degenerate_has_gradients(kind: str) -> None:
    """Opposites are below every bound, where the sigmoids themselves are nothing."""
    heard = torch.randn(3, 6)
    seen = {
        "opposite": -heard[:, :, None, None].expand(3, 6, 1, 1),
        "nothing": torch.zeros(3, 6, 2, 2),
        "equal": heard[:1, :, None, None].expand(3, 6, 2, 2),
    }[kind]
    leaves = heard.clone().requires_grad_(), seen.clone().requires_grad_()
    loss = localise(*leaves)
    loss.backward()
    assert loss.isfinite()
    for leaf in leaves:
        assert leaf.grad is not None
        assert leaf.grad.isfinite().all()
