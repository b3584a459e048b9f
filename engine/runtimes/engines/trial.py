"""Whether an engine computes what its ONNX file says: the same inputs through both.

The other side is ONNX Runtime on the processor; where it cannot run a model (it has no bfloat16
for most operators), OpenVINO on the processor stands in for it, in float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.runtimes.dequantise import is_quantised
from engine.runtimes.model import Array, Model, ModelError
from engine.runtimes.spec import EngineSpec, Span
from engine.runtimes.trial_inputs import trial_inputs

FARTHEST = {True: 2e-3, False: 0.15}
"""Exact or not, to the largest error that is taken for rounding. See `distance`. A graph in eight
bits is never exact: where two libraries round a number to different neighbours, all that follows
differs, as far as each differs from single precision."""
_SHOWS = 8.0
"""Levels of 255 that pictures must vary by to be compared by how they vary."""


def try_engine(spec: EngineSpec, model: Model) -> float | None:
    """Run every kind of call through the engine and the reference: the largest error.

    None if there are no spans to try with. Raises ModelError, in one line, when the engine fails,
    gives other shapes, numbers that are not finite, or is further off than rounding explains.
    """
    calls = [span for i, span in enumerate(spec.spans) if not _is_repeated(span, spec.spans[:i])]
    if not calls:
        return None
    right = _reference_outputs(spec, calls)
    worst = 0.0
    for span, wanted in zip(calls, right, strict=True):
        given = model.run(trial_inputs(span.usual))
        for name, expected in wanted.items():
            found = given.get(name)
            if found is None or found.shape != expected.shape or found.dtype != expected.dtype:
                raise ModelError(f"the engine of {spec.name} gives another {name} than its ONNX")
            worst = max(worst, distance(found, expected))
    limit = FARTHEST[spec.exact and not is_quantised(spec.path)]
    if not worst <= limit:
        raise ModelError(
            f"the engine of {spec.name} is {worst:.3g} off its ONNX ({limit:g} is allowed) and "
            "is not used; choose another runtime"
        )
    return worst


def _is_repeated(span: Span, before: Sequence[Span]) -> bool:
    return any(span.usual == other.usual for other in before)


def distance(found: Array, expected: Array) -> float:
    """Root mean square error over the spread of what is expected; infinite if not finite.

    Two outputs that have nothing in common are about 1.4 apart.
    """
    a, b = found.astype(np.float64), expected.astype(np.float64)
    if not np.isfinite(a).all():
        return float("inf")
    # What hardly varies is compared with what shows: a picture of one colour is no failure.
    least = _SHOWS if expected.dtype == np.uint8 else 1e-2 * float(np.abs(b).max(initial=1e-6))
    spread = max(float(b.std()), least)
    return float(np.sqrt(np.mean((a - b) ** 2))) / spread


def _reference_outputs(spec: EngineSpec, calls: list[Span]) -> list[dict[str, Array]]:
    faults: list[str] = []
    for open_reference in (_onnxruntime, _openvino):
        try:
            model = open_reference(spec.path)
        except (ModelError, ImportError) as error:
            faults.append(str(error))
            continue
        try:
            return [model.run(trial_inputs(span.usual)) for span in calls]
        except ModelError as error:
            faults.append(str(error))
        finally:
            model.close()
    raise ModelError(f"{spec.name} cannot be tried: nothing here runs its ONNX ({faults[0]})")


def _onnxruntime(path: Path) -> Model:
    from engine.runtimes.onnxruntime import load

    return load(path)


def _openvino(path: Path) -> Model:
    from engine.runtimes.openvino import open_onnx

    return open_onnx(path, exact=True)
