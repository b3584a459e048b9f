"""Building and trying all engines of a bundle, with a progress bar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.bundle.load import Bundle
from engine.runtimes.engines.build import Job
from engine.runtimes.engines.build_process import BuildProcess
from engine.runtimes.engines.file import read_header
from engine.runtimes.engines.provide import engine_cache_path, load_cached
from engine.runtimes.engines.trial import try_engine
from engine.runtimes.model import ModelError
from engine.runtimes.open import check_runtime, has_tensorrt, installed_runtimes

_BAR = "{percentage:3.0f}%|{bar}| {desc}"


def build_all(bundle: Bundle, runtime: str, folder: Path) -> list[dict[str, Any]]:
    """Build what a runtime needs, in a process of its own: a row per engine.

    Raises RuntimeMissing, ModelError. Ctrl-C ends it and leaves whole engines.
    """
    from tqdm import tqdm

    check_runtime(runtime)
    specs = bundle.engines(runtime)
    process = BuildProcess(Job(runtime, {runtime: specs}, folder))
    try:
        with tqdm(total=1.0, disable=None, leave=False, bar_format=_BAR) as bar:
            for step in process.steps():
                bar.set_description_str(step.doing)
                bar.update(step.share - bar.n)
    finally:
        process.stop()
    rows = []
    for spec in specs:
        path = engine_cache_path(spec, folder)
        about = read_header(path)["about"]
        rows.append(
            {
                "engine": path.name,
                "for": spec.path.name,
                "built in s": about["build_s"],
                "off its ONNX": about["tried"],
            }
        )
    return rows


def verify_all(bundle: Bundle, folder: Path) -> dict[str, float | str]:
    """Compare every engine of a bundle that is here with its ONNX, and build none.

    File name to how far it is off, or to what is wrong with it.
    """
    found: dict[str, float | str] = {}
    for runtime in (*installed_runtimes(), *(("tensorrt",) if has_tensorrt() else ())):
        for spec in bundle.engines(runtime):
            path = engine_cache_path(spec, folder)
            if not path.exists():
                continue
            try:
                model = load_cached(spec, folder)
                if model is None:
                    found[path.name] = "damaged"
                    continue
                found[path.name] = try_engine(spec, model) or 0.0
                model.close()
            except ModelError as error:
                found[path.name] = str(error)
    return found
