"""Muon for matrices and convolutions, AdamW for the rest, as one optimiser with one rate.

A matrix's momentum is replaced by the nearest orthogonal matrix (Jordan et al. 2024, "Muon: an
optimizer for hidden layers in neural networks"), so that rare directions learn as fast as loud
ones. Its size is scaled to what AdamW's steps have (Liu et al. 2025, "Muon is scalable for LLM
training"), so the same rate suits both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

MOMENTUM = 0.95
ROOT_MEAN_SQUARE = 0.3
"""Of a matrix's step at rate 1: about what AdamW's steps have."""
TURNS = ((4.0848, -6.8946, 2.9270), (3.9505, -6.3029, 2.6377), (3.7418, -5.5913, 2.3037),
         (2.8769, -3.1427, 1.2046), (2.8366, -3.0525, 1.2012))  # fmt: skip
"""Newton-Schulz polynomials, each the best for what the one before leaves."""


def orthogonal(matrix: Tensor) -> Tensor:
    """(r, c) -> about U V' of its singular value decomposition; singular values in 0.7 to 1.2."""
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + 1e-7)
    for a, b, c in TURNS:
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).to(matrix.dtype)


class Muon(Optimizer):
    """Steps `matrices` (weights of two dimensions or more) by Muon and the rest by AdamW."""

    def __init__(
        self,
        matrices: Sequence[Tensor],
        rest: Sequence[Tensor],
        rate: float,
        betas: tuple[float, float] = (0.9, 0.98),
        weight_decay: float = 1e-3,
    ) -> None:
        groups: list[dict[str, Any]] = [
            {"params": list(params), "matrix": matrix}
            for params, matrix in ((matrices, True), (rest, False))
            if params
        ]
        super().__init__(groups, {"lr": rate, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step of all weights that have a gradient."""
        assert closure is None, "this optimiser asks for the loss once"
        for group in self.param_groups:
            rate, (slow, slower) = group["lr"], group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["step"] = torch.zeros(())
                    state["mean"] = torch.zeros_like(weight)
                    if not group["matrix"]:
                        state["square"] = torch.zeros_like(weight)
                state["step"] += 1
                weight.mul_(1 - rate * group["weight_decay"])
                if group["matrix"]:
                    state["mean"].lerp_(weight.grad, 1 - MOMENTUM)
                    ahead = torch.lerp(weight.grad, state["mean"], MOMENTUM)
                    flat = ahead.reshape(weight.shape[0], -1)
                    size = ROOT_MEAN_SQUARE * max(flat.shape) ** 0.5
                    weight.add_(orthogonal(flat).reshape(weight.shape), alpha=-rate * size)
                else:
                    n = float(state["step"])
                    state["mean"].lerp_(weight.grad, 1 - slow)
                    state["square"].lerp_(weight.grad**2, 1 - slower)
                    spread = (state["square"] / (1 - slower**n)).sqrt_().add_(1e-8)
                    weight.addcdiv_(state["mean"], spread, value=-rate / (1 - slow**n))


def muon_for(
    model: nn.Module,
    rate: float,
    betas: tuple[float, float] = (0.9, 0.98),
    weight_decay: float = 1e-3,
    apart: Sequence[nn.Module] = (),
) -> Muon:
    """Muon over a model's inner matrices; embeddings, vectors and the layers `apart` by AdamW.

    The layers at a network's two ends are best left apart: their rows are no directions of a
    common space.
    """
    ends = {id(p) for module in apart for p in module.parameters()}
    ends |= {
        id(p)
        for module in model.modules()
        if isinstance(module, nn.Embedding | nn.EmbeddingBag)
        for p in module.parameters()
    }
    inner: list[Tensor] = []
    rest: list[Tensor] = []
    for module in model.modules():
        for name, weight in module.named_parameters(recurse=False):
            if weight.requires_grad:
                fits = name == "weight" and weight.dim() >= 2 and id(weight) not in ends
                (inner if fits else rest).append(weight)
    return Muon(inner, rest, rate, betas, weight_decay)
