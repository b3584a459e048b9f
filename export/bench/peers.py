"""Measures peers and engines at the same work, side by side."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from engine.system.cores import processor, usable_cores
from export.bench.configurations import (
    EIGHT_BITS,
    PEERS,
    PLAIN,
    SCENE,
    Architecture,
    Work,
)
from export.bench.process import EXPORT, EXPORT_EIGHT_BITS
from export.bench.race import CACHE, WARM_UP, Entry, Process, Result, race
from export.bench.turbo import parameters
from export.bundle.space import check_disk, check_memory

LIBRARIES = ("torch", "diffusers", "onnx", "onnxruntime", "openvino", "numpy")
_EXPORTING, _STARTING, _PEER, _ENGINE = 12, 4, 2, 5
"""Bytes for each weight: while a graph is written (module, graph, file buffer); while a contender
starts, above what it holds then; a peer's in bfloat16; an engine's, with what it keeps of the
file."""


def bench(
    works: Sequence[Work],
    names: Sequence[str],
    size: Architecture,
    frames: int,
    folder: Path,
) -> list[Result]:
    """Export and race every piece of work; `folder` holds the graphs meanwhile.

    Raises BundleError when there is too little memory or room on the disk.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    turbo = any(work.model == "turbo" for work in works)
    held = parameters(size) if turbo else 20_000_000
    holding = sum(_PEER if name in PEERS else _ENGINE for name in names)
    needed = held * max(_EXPORTING, _STARTING + holding)
    check_memory(needed, "take fewer --contenders, or --size reduced")
    graphs = 2 if EIGHT_BITS in names and turbo else 1
    check_disk(folder, 8 * held * graphs)
    results: list[Result] = []
    for work in works:
        turbo_here = work.model == "turbo"
        entries = [
            Entry(n, work, device, _graph(folder, work, n))
            for n in names if turbo_here or n != EIGHT_BITS
        ]  # fmt: skip
        extra: list[Entry] = []
        if turbo_here and work.batch == 1 and work.height >= 512:
            # the goal that spans architectures is measured in the same run
            extra = [
                Entry(n, SCENE, device, _graph(folder, SCENE, n))
                for n in names if n not in (*PEERS, EIGHT_BITS)
            ]  # fmt: skip
        total = (len(entries) + len(extra)) * (frames + 1) + 1
        with tqdm(total=total, desc=work.name, unit="frame", disable=None) as bar:

            def tell(what: str, bar: Any = bar) -> None:
                bar.update()
                bar.set_postfix_str(what)

            for each in {entry.path: entry for entry in (*entries, *extra)}.values():
                if not each.path.exists() and any(name not in PEERS for name in names):
                    export = EXPORT_EIGHT_BITS if each.name == EIGHT_BITS else EXPORT
                    with Process(replace(each, name=export), size) as exporter:
                        exporter.read_answer()
            tell("exported")
            results += race([*entries, *extra], size, frames, folder, tell)
        for file in folder.glob(f"{work.name}.*"):
            file.unlink()  # gigabytes each, and what engines built of them
        shutil.rmtree(folder / CACHE, ignore_errors=True)
    return results


def _graph(folder: Path, work: Work, name: str) -> Path:
    """The file of what a contender runs."""
    return folder / f"{work.name}{'.int8' if name == EIGHT_BITS else ''}.onnx"


def table(results: Sequence[Result]) -> str:
    """All results, each with its speed relative to the plain diffusers loop of the same race."""
    lines = [
        f"{'work':<22}{'contender':<20}{'p50 ms':>9}{'p95 ms':>9}{'x plain':>9}{'x cpu':>8}"
        f"{'peak MB':>9}  difference"
    ]
    plain: Result | None = None
    for one in results:
        plain = one if one.name == PLAIN else plain
        if one.failed:
            lines.append(f"{one.work:<22}{one.name:<20}failed: {one.failed}")
            continue
        told = "" if one.difference is None else f"{one.difference:.1%}"
        ratio, cpu = ratios(one, plain)
        lines.append(
            f"{one.work:<22}{one.name:<20}{one.at(50):>9.1f}{one.at(95):>9.1f}{ratio:>9.2f}"
            f"{cpu:>8.2f}{one.peak_mb:>9.0f}  {told}"
        )
    return "\n".join(lines)


def ratios(one: Result, plain: Result | None) -> tuple[float, float]:
    """How many times faster than the plain loop, by the clock and in processor time."""
    if plain is None or not plain.ms or not one.ms:
        return float("nan"), float("nan")
    cpu = float(np.median(plain.cpu_ms) / max(np.median(one.cpu_ms), 1e-6))
    return plain.at(50) / one.at(50), cpu


def as_json(results: Sequence[Result], size: str, frames: int) -> dict[str, Any]:
    """Everything measured, with the machine and the versions."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {
        "machine": {
            "processor": processor(), "cores": usable_cores(), "gpu": device,
            "load_1_min": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            "system": platform.platform(), "python": platform.python_version(),
            "libraries": {name: metadata.version(name) for name in LIBRARIES},
        },
        "architecture": size, "frames": frames, "warm_up": WARM_UP,
        "results": [
            {key: None if value != value else value for key, value in asdict(one).items()}
            for one in results
        ],
    }  # fmt: skip
