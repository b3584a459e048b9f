"""The encoder of a bundle as a module that can go on learning, its norms unfolded again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import onnx
import torch
from torch import Tensor, nn

from engine.bundle.load import Bundle
from training.hearing.encoder import Encoder, Residual
from training.loop.plain_errors import InputError
from training.shipped.graph import stored_weights

CLIPS, PART = 1024, 64
"""Sounds whose statistics the norms get, and how many of them at a time."""
HALF = "_half"
"""What the exporter puts behind the names of weights that it keeps in half precision."""


def encoder_of(bundle: Bundle, levels: Tensor) -> Encoder:
    """The encoder of a bundle, as it can be trained.

    levels: (n, frames, bands) mel levels of many sounds. Raises InputError where the bundle's
    encoder is of another shape.
    """
    path = bundle.folder / "encoder.onnx"
    kept = stored_weights(onnx.load(path).graph, HALF)
    encoder = Encoder().eval()
    # A matrix product loses its name in the graph, and its sides are changed over.
    attention = [t.T for t in kept.values() if t.shape == encoder.attention.weight.T.shape]
    if len(attention) == 1:
        kept["attention.weight"] = attention[0]
    norms = _norms(encoder)
    folded = {f"{name}." for name in norms.values()}
    weights = encoder.state_dict()
    for name, weight in weights.items():
        if name.startswith(tuple(folded)) or name.endswith("num_batches_tracked"):
            continue
        if name not in kept or kept[name].shape != weight.shape:
            raise InputError(
                f"{path} has no {name} of {list(weight.shape)}: it is no encoder of this program"
            )
        weights[name] = kept[name]
    encoder.load_state_dict(weights)
    biases = {norm: kept[f"{convolution}.weight_bias"] for convolution, norm in norms.items()}
    _unfold(encoder, biases, levels)
    return encoder


def _norms(encoder: Encoder) -> dict[str, str]:
    """The convolutions that have a norm behind them, and its name."""
    found = {"stem": "stem_norm"}
    for number, stage in enumerate(encoder.stages):
        assert isinstance(stage, Residual)
        parts = ("first", "second") if stage.shortcut is None else ("first", "second", "shortcut")
        found |= {f"stages.{number}.{part}": f"stages.{number}.{part}_norm" for part in parts}
    return found | {"fold": "fold_norm"}


@torch.no_grad()
def _unfold(encoder: Encoder, biases: Mapping[str, Tensor], levels: Tensor) -> None:
    """Let every norm expect what it is given, and give what it is folded into adding: a bias."""
    norms: dict[str, nn.BatchNorm2d] = {}
    for name, bias in biases.items():
        norm = encoder.get_submodule(name)
        assert isinstance(norm, nn.BatchNorm2d)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.zero_()
        norm.running_var.fill_(1.0)
        norm.weight.fill_((1.0 + norm.eps) ** 0.5)
        norm.bias.copy_(bias)
        norms[name] = norm
    seen: dict[str, list[Tensor]] = {name: [] for name in norms}

    def look(name: str, _: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        given = inputs[0].double()
        seen[name].append(torch.stack([given.mean((0, 2, 3)), (given**2).mean((0, 2, 3))]))

    hooks = [
        norm.register_forward_pre_hook(partial(look, name)) for name, norm in norms.items()
    ]
    for part in levels.split(PART):
        encoder.features(part)
    for hook in hooks:
        hook.remove()
    for name, norm in norms.items():
        assert norm.running_mean is not None
        assert norm.running_var is not None
        mean, square = torch.stack(seen[name]).mean(0)
        variance = (square - mean**2).clamp(min=1e-6)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.add_(mean)
