"""The encoder of a bundle as a module that can go on learning, its norms unfolded again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from engine.bundle.load import Bundle
from training.hearing.encoder import Encoder, Residual
from training.hearing.encoder_training import SoundText, embeddings_of, text_directions
from training.hearing.pool import Pool
from training.hearing.text import TextTower
from training.loop.plain_errors import InputError
from training.vocabulary import LABELS, texts_of

CLIPS, PART = 1024, 64
"""Sounds whose statistics the norms get, and how many of them at a time."""
TEXT_STEPS, TEXT_RATE = 250, 4e-3
SAME_TEXT = 0.999
"""Least cosine between a word of the bundle and what the new text tower makes of it."""


def encoder_of(bundle: Bundle, levels: Tensor) -> Encoder:
    """The encoder of a bundle, as it can be trained.

    levels: (n, frames, bands) mel levels of many sounds. Raises InputError where the bundle's
    encoder is of another shape.
    """
    path = bundle.folder / "encoder.onnx"
    kept = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
        for tensor in onnx.load(path).graph.initializer
    }
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
        encoder.of_levels(part)
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


def text_tower_for(directions: Sequence[Tensor], names: Sequence[str], seed: int = 0) -> TextTower:
    """A text tower that takes every sentence of a name where the name's direction (d,) points."""
    torch.manual_seed(seed)
    tower = TextTower().train()
    texts = [text for name in names for text in texts_of(name)]
    wanted = torch.stack(
        [where for name, where in zip(names, directions, strict=True) for _ in texts_of(name)]
    )
    optimiser = torch.optim.Adam(tower.parameters(), TEXT_RATE)
    for step in range(TEXT_STEPS):
        for group in optimiser.param_groups:
            group["lr"] = TEXT_RATE * (1 - step / TEXT_STEPS)
        loss = (1 - (tower(texts) * wanted).sum(1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return tower.eval()


def recover_towers(bundle: Bundle, pool: Pool, seed: int = 0) -> SoundText:
    """The towers of a bundle, for the names of a pool.

    Raises InputError where the bundle's vocabulary is not the training's.
    """
    if bundle.manifest.labels != LABELS:
        raise InputError(f"{bundle.folder} has other labels than training.vocabulary")
    rows = np.sort(np.random.default_rng(seed).permutation(len(pool.labels))[:CLIPS])
    levels = torch.from_numpy(np.asarray(pool.levels[rows], dtype=np.float32))
    model = SoundText()
    model.encoder.load_state_dict(encoder_of(bundle, levels).state_dict())
    model.eval()
    words = torch.from_numpy(np.array(bundle.vocabulary, np.float32))
    directions = [*words]
    for number in range(len(LABELS), len(pool.names)):  # outside the words: where they sound
        theirs = np.flatnonzero(pool.labels == number)[:PART]
        found = embeddings_of(model.encoder, pool, theirs).mean(0)
        directions.append(nn.functional.normalize(found, dim=0))
    model.text = text_tower_for(directions, pool.names, seed)
    least = float((text_directions(model.text) * words).sum(1).min())
    if least < SAME_TEXT:
        raise InputError(f"the words of {bundle.folder} could not be learnt: {least:.4f} of 1")
    with torch.no_grad():
        model.scale.fill_(-np.log(bundle.manifest.label_temperature))
    return model


def held_out_facts(bundle: Bundle) -> dict[str, Any]:
    """What the bundle says of sounds that its encoder had never met, as trainers remember it."""
    measured = bundle.manifest.measured
    if "hearing_top1_held_out" not in measured:
        return {}
    return {
        "honest": {
            "top1": measured["hearing_top1_held_out"],
            "top3": measured["hearing_top3_held_out"],
            "temperature": bundle.manifest.label_temperature,
            "per_label": dict(measured["hearing_top1_per_label"]),
        }
    }
