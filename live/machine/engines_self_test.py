"""`soundglass engines --self-test`: the one command that proves the GPU's part on a GPU machine.

For each runtime of the GPU that is installed: opens every model of the bundle (building engines
anew, into a folder of their own), compares each kind of call with ONNX Runtime on the processor,
measures it, and tells whether calls are CUDA graphs.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine.bundle.load import Bundle, load_bundle
from engine.runtimes.engines.trial import FARTHEST, distance
from engine.runtimes.model import Model, ModelError, RuntimeMissing
from engine.runtimes.open import check_runtime, load_engine
from engine.runtimes.spec import EngineSpec
from engine.runtimes.trial_inputs import trial_inputs
from engine.system.terminal import say, say_json
from live.errors import UserError

RUNTIMES = ("tensorrt", "onnxruntime-cuda", "openvino:GPU", "openvino:NPU")
ROUNDS = 50
_NUMBERS = ("open s", "rows", "off", "p50 ms", "p95 ms")


def self_test(bundle_name: str, as_json: bool) -> int:
    """Print a table of every runtime, model and shape; 1 when one is wrong.

    Raises UserError, in one line, where no runtime finds a GPU.
    """
    bundle = load_bundle(bundle_name)
    rows: list[dict[str, Any]] = []
    missing: list[str] = []
    for runtime in RUNTIMES:
        try:
            check_runtime(runtime)
            with tempfile.TemporaryDirectory(prefix="soundglass-engines-") as folder:
                rows += _prove(bundle, runtime, Path(folder))
        except (RuntimeMissing, ImportError) as error:
            missing.append(f"{runtime}: {' '.join(str(error).split())}")
    if not rows:
        raise UserError(f"there is no GPU here that a runtime can use ({'; '.join(missing)}).")
    if as_json:
        say_json(json.dumps({"rows": rows, "missing": missing}, indent=1))
    else:
        _print(rows, missing)
    return int(any(row["verdict"] != "right" for row in rows))


def _prove(bundle: Bundle, runtime: str, folder: Path) -> list[dict[str, Any]]:
    rows = []
    for spec in bundle.specs(runtime):
        if spec.runtime != runtime:
            continue  # It stays on the processor.
        row = {"runtime": runtime, "model": spec.path.stem}
        try:
            began_s = time.monotonic()
            model = load_engine(spec, folder)
            opened_s = time.monotonic() - began_s
        except RuntimeMissing:
            raise
        except ModelError as error:
            rows.append(row | _nothing() | {"verdict": str(error)})
            continue
        reference = load_engine(EngineSpec(spec.path, "onnxruntime"))
        rows += [row | {"open s": opened_s} | call for call in _calls(spec, model, reference)]
        model.close()
        reference.close()
    return rows


def _calls(spec: EngineSpec, model: Model, reference: Model) -> list[dict[str, Any]]:
    rows = []
    for shapes in _shapes(spec):
        inputs = trial_inputs(shapes)
        row: dict[str, Any] = {"rows": next(iter(shapes.values()))[0]}
        try:
            right, found = reference.run(inputs), model.run(inputs)
            off = max(distance(found[name], right[name]) for name in right)
            took_ms = []
            for _ in range(ROUNDS):
                began_s = time.perf_counter()
                model.run(inputs)
                took_ms.append(1e3 * (time.perf_counter() - began_s))
            verdict = "right" if off <= FARTHEST[spec.exact] else "WRONG"
            p50, p95 = np.percentile(took_ms, (50, 95))
            row |= {"off": off, "p50 ms": float(p50), "p95 ms": float(p95)}
            row |= {"graph": getattr(model, "graphs", None), "verdict": verdict}
        except ModelError as error:
            row |= {**_nothing(), **row, "verdict": str(error)}
        rows.append(row)
    return rows


def _shapes(spec: EngineSpec) -> list[dict[str, tuple[int, ...]]]:
    """The usual shapes, the largest, and the second kind of call (panels) for every number."""
    asked = [dict(span.usual) for span in spec.spans] + [dict(spec.spans[-1].most)]
    if len(spec.spans) > 2:
        panels = spec.spans[1]
        most = next(iter(panels.most.values()))[0]
        asked += [
            {name: (rows, *shape[1:]) for name, shape in panels.usual.items()}
            for rows in range(1, most + 1)
        ]
    return [shapes for i, shapes in enumerate(asked) if shapes not in asked[:i]]


def _nothing() -> dict[str, Any]:
    return dict.fromkeys((*_NUMBERS, "graph"))


def _print(rows: list[dict[str, Any]], missing: list[str]) -> None:
    line = "{:<17}{:<14}{:>8}{:>6}{:>10}{:>9}{:>9}  {:<5}  {}"
    say(line.format("runtime", "model", *_NUMBERS, "graph", "verdict"))
    for row in rows:
        numbers = ["-" if row[name] is None else f"{row[name]:.3g}" for name in _NUMBERS]
        graph = {True: "yes", False: "no", None: "-"}[row["graph"]]
        say(line.format(row["runtime"], row["model"], *numbers, graph, row["verdict"]))
    for each in missing:
        say(f"not here: {each}")
