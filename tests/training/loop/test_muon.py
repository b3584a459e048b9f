"""Muon: steps along all directions alike, leaves ends and vectors to AdamW, resumes."""

import torch
from torch import nn

from training.loop.muon import muon_for, orthogonal


def test_orthogonal_keeps_directions_and_levels_their_sizes() -> None:
    torch.manual_seed(0)
    for shape in ((24, 64), (64, 24)):
        matrix = torch.randn(*shape)
        u, _, v = torch.linalg.svd(matrix, full_matrices=False)
        assert (orthogonal(matrix) - u @ v).abs().max() < 0.1


def net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 16), nn.Linear(16, 1))


def test_ends_and_vectors_go_to_adam_and_all_learn() -> None:
    model = net()
    optimiser = muon_for(model, 3e-3, apart=[model[0], model[3]])
    inner, rest = optimiser.param_groups
    assert [p.shape for p in inner["params"]] == [(16, 16)]
    assert len(rest["params"]) == 5
    x = torch.randn(64, 8)
    losses = []
    for _ in range(60):
        loss = ((model(x)[:, 0] - x[:, 0].abs()) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_a_saved_state_goes_on_as_if_never_stopped() -> None:
    def run(stop: bool) -> torch.Tensor:
        model = net()
        optimiser = muon_for(model, 1e-2)
        for step in range(4):
            if stop and step == 2:
                state = optimiser.state_dict()
                optimiser = muon_for(model, 1e-2)
                optimiser.load_state_dict(state)
            optimiser.zero_grad()
            model(torch.full((2, 8), float(step + 1))).square().mean().backward()
            optimiser.step()
        return model[2].weight.detach()

    assert torch.equal(run(False), run(True))
