"""Measures our engines against a plain diffusers loop and a compiled one, on the same weights.

    python -m export.bench_peers                     # SD-Turbo's architecture and the bundled one
    python -m export.bench_peers --work turbo-512x512-b1 --frames 5 -o peers.json

Weights are random (see `export.peer_turbo`), so nothing is downloaded. All contenders of a piece
of work take turns at every frame, each in a process of its own; the pictures of one frame are
compared, so that equal work is proved. Ratios are of median times in the same run; "cpu" is their
ratio in processor time, which a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from engine.bundle_fields import BundleError
from engine.runtimes.cache import write_whole
from engine.runtimes.choose import installed_runtimes
from engine.runtimes.cores import processor, usable_cores
from export.peer_process import EXPORT, EXPORT_EIGHT_BITS
from export.peer_race import CACHE, WARM_UP, Entry, Process, Result, race
from export.peer_turbo import ARCHITECTURES, Architecture, parameters
from export.peer_work import COMPILED, EIGHT_BITS, PEERS, PLAIN, Work
from export.room import check_disk, check_memory

WORKS = (
    Work("turbo", 512, 512, 1),
    Work("turbo", 512, 512, 5),
    Work("turbo", 256, 256, 1),
    Work("turbo", 256, 256, 5),
    Work("bundled", 288, 512, 1),
    Work("bundled", 256, 256, 4),
)
"""The scene at 512 px, the scene with four panels, both at half the size; the bundled generator's
scene, and its four panels."""
SCENE = WORKS[4]
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
                        exporter.hear()
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


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns the exit code."""
    known = {work.name: work for work in WORKS}
    ours = installed_runtimes()
    contenders = (PLAIN, COMPILED, *ours, *([EIGHT_BITS] if "openvino" in ours else []))
    parser = argparse.ArgumentParser(
        prog="python -m export.bench_peers", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--frames", type=int, default=50, help="frames measured (default 50)")
    parser.add_argument(
        "--work", nargs="+", choices=known, default=list(known), help="default: all"
    )
    parser.add_argument(
        "--contenders", nargs="+", choices=contenders, default=list(contenders),
        help="default: all that are installed",
    )  # fmt: skip
    parser.add_argument(
        "--size", choices=ARCHITECTURES, default="full",
        help="of SD-Turbo's architecture; reduced has a fifth of the width (default full)",
    )  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="JSON to write")
    asked = parser.parse_args(arguments)
    if asked.frames < 1:
        parser.error("--frames must be at least 1")
    works = [known[name] for name in asked.work]
    try:
        with tempfile.TemporaryDirectory(prefix="soundglass-peers-") as folder:
            size = ARCHITECTURES[asked.size]
            results = bench(works, asked.contenders, size, asked.frames, Path(folder))
    except BundleError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped.", file=sys.stderr)
        return 130
    print(table(results))
    if not torch.cuda.is_available():
        print("no GPU here: CUDA and TensorRT were not measured")
    if asked.output:
        told = as_json(results, asked.size, asked.frames)
        write_whole(asked.output, (json.dumps(told, indent=1) + "\n").encode())
    return 1 if any(one.failed for one in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
