"""Muon for matrices and convolutions, AdamW for the rest, as one optimiser with one rate.

torch.optim.Muon takes matrices of two dimensions alone and one polynomial for all of its steps.

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
from torch.optim.adamw import adamw

MOMENTUM = 0.95
ROOT_MEAN_SQUARE = 0.3
"""Of a matrix's step at rate 1: about what AdamW's steps have."""
POLYNOMIALS = (
    (4.0848, -6.8946, 2.9270),
    (3.9505, -6.3029, 2.6377),
    (3.7418, -5.5913, 2.3037),
    (2.8769, -3.1427, 1.2046),
    (2.8366, -3.0525, 1.2012),
)
"""Newton-Schulz polynomials, each the best for what the one before leaves."""


def orthogonal(matrix: Tensor) -> Tensor:
    """(r, c) -> about U V' of its singular value decomposition; singular values in 0.7 to 1.2."""
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + 1e-7)
    for a, b, c in POLYNOMIALS:
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
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
            weights = [weight for weight in group["params"] if weight.grad is not None]
            for weight in weights:
                state = self.state[weight]
                if not state:
                    state["mean"] = torch.zeros_like(weight)
                    if not group["matrix"]:
                        state["square"] = torch.zeros_like(weight)
                        state["step"] = torch.zeros(())
            if group["matrix"]:
                self._step_matrices(weights, group)
            else:
                self._step_rest(weights, group)

    def _step_matrices(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        rate = group["lr"]
        for weight in weights:
            assert weight.grad is not None
            mean = self.state[weight]["mean"]
            weight.mul_(1 - rate * group["weight_decay"])
            mean.lerp_(weight.grad, 1 - MOMENTUM)
            flat = torch.lerp(weight.grad, mean, MOMENTUM).reshape(weight.shape[0], -1)
            size = ROOT_MEAN_SQUARE * max(flat.shape) ** 0.5
            weight.add_(orthogonal(flat).reshape(weight.shape), alpha=-rate * size)

    def _step_rest(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        states, (slow, slower) = [self.state[weight] for weight in weights], group["betas"]
        # not fused: on a processor that reads a gradient of another memory layout in wrong order
        adamw(
            weights,
            [weight.grad for weight in weights if weight.grad is not None],
            [state["mean"] for state in states],
            [state["square"] for state in states],
            [],
            [state["step"] for state in states],
            foreach=True,
            amsgrad=False,
            beta1=slow,
            beta2=slower,
            lr=group["lr"],
            weight_decay=group["weight_decay"],
            eps=1e-8,
            maximize=False,
        )


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
