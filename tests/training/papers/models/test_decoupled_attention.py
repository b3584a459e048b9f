"""Decoupled attention: nothing at scale 0, what it says otherwise, and the same out of ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor, nn

from export.graph.to_onnx import to_graph
from training.loop.plain_errors import InputError
from training.papers.models.decoupled_attention import behind_text, decouple, set_scale
from training.papers.models.generators.backbones import (
    Backbone,
    read_pixart,
    read_stable_diffusion,
)
from training.papers.tiny.painters import write_pixart, write_stable_diffusion


@pytest.fixture(scope="module", params=["sd", "pixart"])
def backbone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    folder = tmp_path_factory.mktemp(request.param)
    torch.manual_seed(0)
    if request.param == "sd":
        write_stable_diffusion(folder)
        return read_stable_diffusion(folder)
    write_pixart(folder)
    return read_pixart(folder)


def inputs(backbone: Backbone, batch: int) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(batch)
    latents = torch.randn(batch, 4, backbone.size, backbone.size)
    return latents, torch.arange(batch) * 100 + 7, torch.randn(batch, 6, backbone.states)


def test_scale_nothing_is_the_base_model_exactly(backbone: Backbone) -> None:
    latents, times, tokens = inputs(backbone, 3)
    text = backbone.empty.expand(3, -1, -1)
    with torch.no_grad():
        base = backbone.denoise(latents, times, text)
        parts = decouple(backbone.network, backbone.empty.shape[1])
        set_scale(backbone.network, 0.0)
        context = behind_text(tokens, backbone.empty)
        assert torch.equal(backbone.denoise(latents, times, context), base)
        set_scale(backbone.network, 1.0)
        assert (backbone.denoise(latents, times, context) - base).abs().max() > 1e-4
        # copies of the text's keys and values: asked for the text again, they find it again
        for part in parts:
            assert torch.equal(part.to_k_ip.weight, layer_of(backbone, part).to_k.weight)
            assert torch.equal(part.to_v_ip.weight, layer_of(backbone, part).to_v.weight)
        assert len(parts) == sum(
            ".attn2." in name and name.endswith("to_k.weight")
            for name, _ in backbone.network.named_parameters()
        )


def layer_of(backbone: Backbone, part: nn.Module) -> Any:
    return next(m for m in backbone.network.modules() if getattr(m, "processor", None) is part)


def test_the_text_twice_counts_twice(backbone: Backbone) -> None:
    """By hand: tokens that are the text itself add the text's own answer once more."""
    parts = decouple(backbone.network, backbone.empty.shape[1])
    layer = layer_of(backbone, parts[0])
    torch.manual_seed(1)
    places = torch.randn(2, 5, layer.to_q.in_features)
    text = torch.randn(2, backbone.empty.shape[1], layer.to_k.in_features)
    with torch.no_grad():
        twice = layer(places, encoder_hidden_states=torch.cat([text, text], 1))
        parts[0].scale = 0.0
        once = layer(places, encoder_hidden_states=torch.cat([text, text], 1))
        bias = layer.to_out[0].bias
        torch.testing.assert_close(twice - bias, 2 * (once - bias), rtol=1e-4, atol=1e-5)


def test_only_the_new_parts_learn_and_the_loss_falls(backbone: Backbone) -> None:
    parts = decouple(backbone.network, backbone.empty.shape[1])
    backbone.requires_grad_(False)
    weights = [w.requires_grad_() for part in parts for w in part.parameters()]
    before = {name: w.clone() for name, w in backbone.network.named_parameters()}
    latents, times, tokens = inputs(backbone, 4)
    wanted = torch.randn_like(latents)
    optimiser, losses = torch.optim.AdamW(weights, 3e-2), []
    for _ in range(25):
        context = behind_text(tokens, backbone.empty)
        loss = ((backbone.denoise(latents, times, context) - wanted) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    for name, weight in backbone.network.named_parameters():
        assert ("_ip." in name) != torch.equal(weight, before[name]), name


class Answer(nn.Module):
    """A step of the network, as a bundle would hold it."""

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, latents: Tensor, times: Tensor, tokens: Tensor) -> Tensor:
        return self.backbone.denoise(latents, times, behind_text(tokens, self.backbone.empty))


def test_onnx_answers_the_same_at_every_batch(tmp_path: Path) -> None:
    torch.manual_seed(0)
    write_stable_diffusion(tmp_path)
    backbone = read_stable_diffusion(tmp_path)
    decouple(backbone.network, backbone.empty.shape[1])
    names = ("latents", "times", "tokens")
    free = torch.export.Dim("batch", min=1, max=8)
    example = dict(zip(names, inputs(backbone, 2), strict=True))
    module = Answer(backbone)
    graph = to_graph(module, example, ["answer"], {name: {0: free} for name in names})
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    for batch in (1, 3, 5):
        given = inputs(backbone, batch)
        with torch.no_grad():
            wanted = module(*given).numpy()
        (found,) = session.run(None, {n: x.numpy() for n, x in zip(names, given, strict=True)})
        assert np.abs(found - wanted).max() < 1e-5 * max(1.0, np.abs(wanted).max())


def test_a_model_without_cross_attention_is_told_in_one_line() -> None:
    unet = UNet2DConditionModel(
        sample_size=8, block_out_channels=(8,), layers_per_block=1, norm_num_groups=4,
        down_block_types=("DownBlock2D",), up_block_types=("UpBlock2D",), mid_block_type=None,
        cross_attention_dim=8,
    )  # fmt: skip
    with pytest.raises(InputError, match="no cross-attention"):
        decouple(unet, 77)
