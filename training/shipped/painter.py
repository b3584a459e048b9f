"""The painter of a bundle as modules that can go on learning, weights from the graph.

Weights in eight bits come back as near to what was learnt as eight bits are. The autoencoder's
encoder is in no bundle: what is given back of it is untrained.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from engine.bundle.load import Bundle
from engine.runtimes.dequantise import dequantise_model
from training.loop.plain_errors import InputError
from training.loop.trainer import channels_last
from training.painting.autoencoder import Autoencoder
from training.painting.finish import TRUNK, Finish, Painted
from training.painting.generator import CONCEPT, GAIN, Painter
from training.painting.lands import LEVELS, Lands
from training.shipped.graph import stored_weights

_EIGHT_BITS = "_DequantizeLinear_Output"
"""What the quantiser puts behind the names of weights that it keeps in eight bits."""
_UNASKED = ("select_1", "select_2")
_NEARNESS = "neg_1"
"""Minus its square: a constant of the graph."""

_LANDS, _PACKED = "lands.", "codes_bytes"
"""What the names of the lands begin with, and the name of three levels to a byte."""


def painter_of(bundle: Bundle) -> tuple[Painter, Autoencoder, Painted, Lands | None]:
    """The generator with its table, the autoencoder (its decoder alone is the bundle's), the last
    stage, and the lands if there are some. Raises InputError where the bundle's generator is of
    another shape."""
    path = bundle.path("generator")
    kept, matrices = _weights_of(path)
    painter, autoencoder = channels_last(Painter()), Autoencoder()
    painted = channels_last(Painted(Finish(autoencoder.decoder)))
    try:
        table = kept["concepts.table"]
        names = table[..., :CONCEPT].mean(1, keepdim=True)
        with torch.no_grad():
            painter.names.copy_(names)
            painter.drawings.copy_(table[..., :CONCEPT] - names)
            painter.templates.copy_(table[..., CONCEPT:] / GAIN)
        kept["generator.unasked"] = torch.stack([kept[name] for name in _UNASKED])
        kept["generator.nearness"] = (-kept[_NEARNESS]).sqrt()
        _fill(painter.generator, "generator.", kept, matrices)
        _fill(autoencoder.decoder.net[:TRUNK], "trunk.", kept, matrices)
        _fill(painted, "painted.", kept, matrices)
        _end(autoencoder, painted.finish)
        autoencoder.latent_mean.copy_(kept["mean"])
        autoencoder.latent_std.copy_(kept["std"])
    except (KeyError, RuntimeError) as error:
        raise InputError(
            f"{path} has no {str(error).strip(chr(39))}: it is no generator of this program"
        ) from error
    return painter.eval(), autoencoder.eval(), painted.eval(), _lands(bundle)


def _lands(bundle: Bundle) -> Lands | None:
    """The lands of the graph of most steps; of one step alone it asks for fewer weights. None
    where it has none."""
    kept, _ = _weights_of(bundle.path("generator", bundle.manifest.pictures.steps[-1]))
    weights = {
        name.removeprefix(_LANDS): kept[name] for name in kept if name.startswith(_LANDS)
    }
    if not weights:
        return None
    if (packed := weights.get(_PACKED)) is not None:
        rest = packed % LEVELS**2
        parts = packed // LEVELS**2, rest // LEVELS, rest % LEVELS
        weights["codes"] = torch.cat(parts, 1)
    lands = Lands()
    lands.load_state_dict({name: weights[name] for name in lands.state_dict()})
    return lands.eval().requires_grad_(False)


@torch.no_grad()
def _end(autoencoder: Autoencoder, finish: Finish) -> None:
    """Give the decoder its last layer back: what the last stage makes of what is not drawn."""
    last = autoencoder.decoder.net[-2]
    assert isinstance(last, nn.Conv2d)
    assert last.bias is not None
    assert finish.leave.bias is not None
    last.weight.copy_(finish.leave.weight[: last.out_channels])
    last.bias.copy_(finish.leave.bias[: last.out_channels])


def _weights_of(path: Path) -> tuple[dict[str, Tensor], list[Tensor]]:
    """The weights of a graph by name, and those that have lost theirs, in the graph's order."""
    model = onnx.load(str(path))
    dequantise_model(model)
    kept = stored_weights(model.graph, _EIGHT_BITS)
    nameless = [
        kept[node.input[1]]
        for node in model.graph.node
        if node.op_type == "MatMul" and node.input[1] in kept and "." not in node.input[1]
    ]
    return kept, nameless


def _fill(
    module: nn.Module, prefix: str, kept: Mapping[str, Tensor], nameless: list[Tensor]
) -> None:
    """Loads a module's weights. Raises KeyError where one is missing.

    A matrix product loses its name in the graph, and its sides are changed over; what is taken is
    removed from `nameless`.
    """
    weights = module.state_dict()
    for name, weight in weights.items():
        found = kept.get(prefix + name)
        if found is None or found.shape != weight.shape:
            turned = (at for at, each in enumerate(nameless) if each.shape == weight.T.shape)
            at = next(turned, None) if weight.dim() == 2 else None
            if at is None:
                raise KeyError(f"{prefix}{name} of {list(weight.shape)}")
            found = nameless.pop(at).T
        weights[name] = found
    module.load_state_dict(weights)
