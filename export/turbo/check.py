"""Whether exported graphs compute what torch does, on fresh random inputs and at every bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import torch

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from engine.runtimes.model import Array, ModelError
from engine.runtimes.open import load_model
from export.graph.parity import ParityError, differences
from training.papers.checkpoints.error import CheckpointError

LIMITS = {"fp32": 2e-3, "fp16": 3e-2, "bf16": 3e-2, "int8": 1e-1}
"""Relative error of pictures above which an export is refused."""
Inputs = Mapping[str, Array]


def random_conditions(
    words: Array, slots: int, latents: Iterable[tuple[int, int, int, int]], rng: np.random.Generator
) -> list[Inputs]:
    """Conditions for a generator, one set for each shape (b, c, h, w) of latents.

    Tokens lie between words of the vocabulary, as those of real sounds do; one row is silence.
    """
    found = []
    for shape in latents:
        rows = shape[0]
        near = words[rng.integers(0, len(words), (rows, slots))]
        tokens = near + 0.3 * rng.standard_normal(near.shape) / np.sqrt(words.shape[1])
        weights = rng.random((rows, slots))
        weights[-1] = 0.0
        mood = [rng.dirichlet(np.ones(len(g)), rows) for g in (LIGHTS, SEASONS, STYLES)]
        given = {
            "tokens": tokens, "weights": weights, "atmosphere": np.concatenate(mood, 1),
            "noise": rng.standard_normal(shape),
        }  # fmt: skip
        found.append({name: value.astype(np.float32) for name, value in given.items()})
    return found


def compare(
    module: torch.nn.Module, path: Path, trials: Iterable[Inputs], limit: float, exact: bool = True
) -> float:
    """The worst relative error of all trials: rms of the difference over rms of torch's answer.

    exact: ask the runtime for single precision. Raises ParityError when the limit is passed.
    """
    worst = 0.0
    try:
        model = load_model(path, "onnxruntime", None, exact)
    except ModelError as error:
        raise ParityError(f"{path.name} cannot be opened: {error}") from error
    try:
        for inputs in trials:
            found = differences(module, model, inputs, path.name)
            worst = max(worst, *(each.relative for each in found.values()))
    except ModelError as error:
        raise ParityError(f"{path.name} does not run at its bounds: {error}") from error
    finally:
        model.close()
    if not worst <= limit:
        raise CheckpointError(
            f"{path.name} is {worst:.1e} off torch, more than {limit:.0e}; export it in a finer "
            "precision, such as --precision fp32"
        )
    return worst
