"""`soundglass engines`: the compiled engines of this machine."""

from __future__ import annotations

import argparse
import json
from typing import Any

from engine.system.terminal import say, say_json
from live.errors import UserError
from live.settings.options import OneLineParser, add_settings, gather_settings

ABOUT = """\
List the engines that were compiled for this machine; build, verify or prune them. A show builds
what it needs by itself, beside the pictures: this is for having it done before."""
EXAMPLES = """
soundglass engines
soundglass engines --build --runtime openvino
soundglass engines --build --runtime tensorrt --bundle my-bundle
soundglass engines --verify
soundglass engines --prune
soundglass engines --self-test
"""


def parser() -> OneLineParser:
    """Return the parser of `soundglass engines`."""
    made = OneLineParser("engines", ABOUT, EXAMPLES)
    what = made.add_mutually_exclusive_group()
    what.add_argument(
        "--build", action="store_true", help="build and try what a runtime needs for the bundle"
    )
    what.add_argument(
        "--verify",
        action="store_true",
        help="read every engine to its end, and compare those of the bundle with their ONNX",
    )
    what.add_argument(
        "--prune",
        action="store_true",
        help="remove engines of other versions, drivers and models, and damaged ones",
    )
    what.add_argument(
        "--self-test",
        action="store_true",
        help="prove the GPU's part: build for it, compare with the processor, measure",
    )
    made.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_settings(made, ("bundle", "runtime"), save=False)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Do it; return the exit code: 1 when an engine is not right."""
    settings = gather_settings(parsed)
    if parsed.self_test:
        from live.machine.engines_self_test import self_test

        return self_test(settings.bundle, parsed.json)
    from engine.bundle.load import load_bundle
    from engine.runtimes.cache import engine_folder

    if parsed.build:
        from live.machine.engines_build import build_all

        bundle = load_bundle(settings.bundle)
        runtime = bundle.choice().runtime if settings.runtime == "auto" else settings.runtime
        return _print(build_all(bundle, runtime, engine_folder()), parsed.json)
    if parsed.prune:
        from engine.runtimes.engines.shelf import prune

        try:
            gone = prune(engine_folder())
        except OSError as error:
            raise UserError(f"{error.filename} cannot be removed ({error.strerror}).") from error
        rows = [{"removed": name, "because": why} for name, why in gone.items()]
        return _print(rows, parsed.json)
    from engine.runtimes.engines.shelf import list_engines

    found = [
        {
            "engine": item.name,
            "MB": round(item.size / 2**20, 1),
            "for": item.model,
            "off its ONNX": item.tried,
            "state": item.state,
        }
        for item in list_engines(engine_folder(), whole=parsed.verify)
    ]
    if parsed.verify:
        from live.machine.engines_build import verify_all

        compared = verify_all(load_bundle(settings.bundle), engine_folder())
        for row in found:
            now = compared.get(str(row["engine"]))
            row["compared now"] = now
            row["fault"] = isinstance(now, str) or str(row["state"]).startswith("damaged")
    return _print(found, parsed.json)


def _print(rows: list[dict[str, Any]], as_json: bool) -> int:
    """Print rows with the same keys; 1 when one of them has a fault."""
    if as_json:
        say_json(json.dumps(rows, indent=1))
    elif not rows:
        say("nothing")
    else:
        names = list(rows[0])
        table = [names, *([_text(row[name]) for name in names] for row in rows)]
        widths = [max(len(line[i]) for line in table) for i in range(len(names))]
        for line in table:
            cells = zip(line, widths, strict=True)
            say("  ".join(cell.ljust(width) for cell, width in cells).rstrip())
    return int(any(row.get("fault") for row in rows))


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
