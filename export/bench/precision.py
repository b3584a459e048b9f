"""Measures a generator in every precision and runtime."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from tqdm import tqdm

from engine.runtimes.dequantise import dequantise_model
from engine.runtimes.model import Model, ModelError
from engine.runtimes.open import installed_runtimes, load_model
from export.bundle.picture import at_precision
from export.graph.precision import PRECISIONS

Array = np.ndarray
SIXTEEN = ("fp16", "bf16")
"""What cannot be made single again."""


@dataclass(slots=True)
class PrecisionResult:
    """One precision in one runtime."""

    precision: str
    runtime: str
    megabytes: float
    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    """Mean absolute difference of each picture from the fp32 graph's in ONNX Runtime."""
    squares: list[float] = field(default_factory=list)
    failed: str = ""

    def psnr(self) -> float:
        """In dB; infinite where no pixel differs."""
        mean = float(np.mean(self.squares)) if self.squares else float("nan")
        return float("inf") if mean == 0 else float(10 * np.log10(255**2 / mean))


def graphs_of(generator: Path, names: Array, folder: Path) -> dict[str, Path]:
    """A generator's graph in every precision, each one file. names: see `show_inputs`."""
    single = onnx.load(str(generator))
    dequantise_model(single)
    files = {}
    for precision in tqdm(PRECISIONS, desc="graphs", unit="graph", disable=None):
        model = onnx.ModelProto.FromString(single.SerializeToString())
        files[precision] = folder / f"{precision}.onnx"
        onnx.save(at_precision(model, precision, names), str(files[precision]))
    return files


def measure(
    files: Mapping[str, Path], frames: list[dict[str, Array]]
) -> list[PrecisionResult]:
    """Every file in every runtime, taking turns at each frame."""
    rows: list[PrecisionResult] = []
    models: list[Model | None] = []
    for precision, path in files.items():
        for runtime in installed_runtimes():
            rows.append(PrecisionResult(precision, runtime, path.stat().st_size / 1e6))
            model = None
            try:
                model = load_model(path, runtime)
                model.run(frames[0])
            except ModelError as error:
                model, rows[-1].failed = None, str(error)
            models.append(model)
    for given in tqdm(frames, desc="frames", unit="frame", disable=None):
        right: Array | None = None
        for row, model in zip(rows, models, strict=True):
            if model is None:
                continue
            began, busy = time.perf_counter(), time.process_time()
            made = model.run(given)["picture"].astype(np.float64)
            row.ms.append(1e3 * (time.perf_counter() - began))
            row.cpu_ms.append(1e3 * (time.process_time() - busy))
            right = made if right is None else right
            row.levels.append(float(np.abs(made - right).mean()))
            row.squares.append(float(np.square(made - right).mean()))
    return rows


def table(rows: list[PrecisionResult]) -> str:
    """All rows; the first must have run."""
    lines = [
        f"{'precision':<14}{'runtime':<14}{'MB':>7}{'ms p50':>9}{'x time':>8}{'x cpu':>8}"
        f"{'levels':>8}{'PSNR dB':>9}"
    ]
    first = rows[0]
    for row in rows:
        start = f"{row.precision:<14}{row.runtime:<14}{row.megabytes:>7.1f}"
        if row.failed:
            lines.append(f"{start}  does not run: {row.failed[:80]}")
            continue
        ratio = np.median(row.ms) / np.median(first.ms)
        cpu = np.median(row.cpu_ms) / max(np.median(first.cpu_ms), 1e-6)
        lines.append(
            f"{start}{np.median(row.ms):>9.1f}{ratio:>8.2f}{cpu:>8.2f}"
            f"{np.mean(row.levels):>8.2f}{row.psnr():>9.1f}"
        )
    return "\n".join(lines)
