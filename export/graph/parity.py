"""Whether an ONNX file computes what the torch module computes that it was exported from.

    relative = parity(module, "encoder.onnx", {"audio": (2, 64000)})

The error is told relative to the size of the right answer, because a fixed bound would pass
anything that is small and nothing that is large.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.bundle.fields import BundleError
from engine.runtimes.model import Array, Model
from engine.runtimes.open import load_model


class ParityError(BundleError):
    """An exported model does not compute what its module computes."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far an ONNX file is from its module, the worst of all trials."""

    relative: float
    """|onnx - torch| / |torch|, both as root mean squares over one output."""
    largest: float
    """Largest difference of one number; levels from 0 to 255 in pictures."""
    output: str
    """Name of the output where it was worst."""


def parity(
    module: torch.nn.Module,
    path: Path,
    shapes: Mapping[str, tuple[int, ...]] | Mapping[str, Array],
    runtime: str = "onnxruntime",
    trials: int = 3,
    seed: int = 0,
    exact: bool = True,
) -> Parity:
    """Compare a module and its ONNX file on random inputs.

    shapes: input name, in the order of the module's arguments, to the shape of a standard normal
    input, or to an array to be used as it is. exact: ask the runtime for float32. Raises
    ParityError where shapes or types differ or an output is not finite; how far numbers may differ
    is for the caller to say (see `check_parity`).
    """
    model = load_model(path, runtime, None, exact)
    rng = np.random.default_rng(seed)
    worst = Parity(0.0, 0.0, next(iter(model.outputs)))
    try:
        for _ in range(trials):
            inputs = {name: _input(given, rng) for name, given in shapes.items()}
            for one in differences(module, model, inputs, path.name).values():
                worst = max(worst, one, key=lambda p: p.relative)
    finally:
        model.close()
    return worst


def differences(
    module: torch.nn.Module, model: Model, inputs: Mapping[str, Array], what: str
) -> dict[str, Parity]:
    """How far each output of an opened model is from its module's on these inputs.

    what: the model's name, for the message. Raises ParityError as `parity` does.
    """
    was_training = module.training
    module.eval()
    try:
        with torch.inference_mode():
            answer = module(*(torch.from_numpy(a) for a in inputs.values()))
    finally:
        module.train(was_training)
    rights = answer if isinstance(answer, tuple) else (answer,)
    found = model.run(inputs)
    if len(found) != len(rights):
        raise ParityError(f"{what} has {len(found)} outputs, torch {len(rights)}")
    return {
        name: compare(f"{what} {name}", name, array, right.numpy())
        for (name, array), right in zip(found.items(), rights, strict=True)
    }


def check_parity(
    module: torch.nn.Module,
    path: Path,
    shapes: Mapping[str, tuple[int, ...]] | Mapping[str, Array],
    most: float = 1e-3,
    runtime: str = "onnxruntime",
    trials: int = 3,
) -> Parity:
    """As `parity`, and raises ParityError where the relative error is more than `most`."""
    found = parity(module, path, shapes, runtime, trials)
    if found.relative > most:
        raise ParityError(
            f"{path.name} {found.output} is {found.relative:.2e} off torch, more than {most:.0e}; "
            "export it again"
        )
    return found


def _input(given: tuple[int, ...] | Array, rng: np.random.Generator) -> Array:
    if isinstance(given, np.ndarray):
        return given
    return rng.standard_normal(given, dtype=np.float32)


def compare(where: str, name: str, array: Array, right: Array) -> Parity:
    """One output beside the right one of that name. Raises ParityError as `parity` does."""
    if array.shape != right.shape or array.dtype != right.dtype:
        raise ParityError(
            f"{where} is {array.dtype}{list(array.shape)}, must be "
            f"{right.dtype}{list(right.shape)}"
        )
    a, b = array.astype(np.float64), right.astype(np.float64)
    if not np.isfinite(a).all():
        raise ParityError(f"{where} has numbers that are not finite")
    off = np.sqrt(np.mean((a - b) ** 2)) / max(float(np.sqrt(np.mean(b**2))), 1e-9)
    return Parity(float(off), float(np.abs(a - b).max()), name)
