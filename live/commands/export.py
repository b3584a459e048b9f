"""`soundglass export`: make a bundle from trained checkpoints, or from public ones."""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from engine.system.terminal import say_json
from live.errors import UserError
from live.paths.apart import Place, check_apart
from live.paths.names import expand_path
from live.settings.options import OneLineParser

ABOUT = """\
Make a bundle from the checkpoints that a spec (a small TOML file) names, each model compared with
the one it was made from. `soundglass export turbo` makes one from public checkpoints instead."""
EXAMPLES = """
soundglass export export/picturebook.toml -o bundles/mine
soundglass export turbo --help
"""
_NEEDED = ("torch", "onnx", "onnxscript")
_NEEDED_TURBO = (*_NEEDED, "diffusers", "safetensors", "transformers")


class _ExportParser(OneLineParser):
    """Leaves everything after `turbo` to the command of that name."""

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the parsed arguments, or `turbo` with its own."""
        if list(arguments[:1]) == ["turbo"]:
            return argparse.Namespace(turbo=list(arguments[1:]))
        return super().parse(arguments)


def parser() -> OneLineParser:
    """Return the parser of `soundglass export`."""
    made = _ExportParser("export", ABOUT, EXAMPLES)
    made.add_argument("spec", metavar="BUNDLE_SPEC", type=expand_path, help="TOML file; or turbo")
    made.add_argument(
        "-o", "--output", metavar="DIR", type=expand_path, required=True,
        help="folder of the bundle; an older bundle there is replaced",
    )  # fmt: skip
    made.add_argument(
        "--json", action="store_true", help="print what was measured while exporting as JSON too"
    )
    made.set_defaults(turbo=None)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Export; return the exit code."""
    needed, extra = (_NEEDED, "training") if parsed.turbo is None else (_NEEDED_TURBO, "export")
    if parsed.turbo is None:
        read, output = _named_in(parsed.spec), parsed.output
    else:
        asked = import_module("export.turbo.__main__").parser().parse_args(parsed.turbo)
        read, output = _named_for_turbo(asked), asked.output
    check_apart(read, [Place(output, "--output", whole=True)])
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise UserError(
            f"exporting needs {' and '.join(missing)}, not installed here; "
            f"pip install -c constraints.txt -e '.[{extra}]'"
        )
    if parsed.turbo is not None:
        return import_module("export.turbo.__main__").main(parsed.turbo)
    code = import_module("export.bundle.build").main(parsed.spec, parsed.output)
    if parsed.json and code == 0:
        facts = json.loads((parsed.output / "bundle.json").read_text(encoding="utf-8"))
        say_json(json.dumps(facts["measured"]))
    return code


def _named_in(spec: Path) -> list[Place]:
    """Return the spec and the checkpoints that it names; what is wrong in it is told later."""
    read = [Place(spec, "BUNDLE_SPEC")]
    try:
        waiting: list[object] = [tomllib.loads(spec.read_text("utf-8"))]
    except (OSError, ValueError, RecursionError):
        return read
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, str) and "\0" not in value and (spec.parent / value).is_file():
            read.append(Place(spec.parent / value, "a checkpoint"))
    return read


def _named_for_turbo(asked: argparse.Namespace) -> list[Place]:
    """Return what lies on this disk of the checkpoints that are asked for; others are on a hub."""
    names = ("diffusion", "vae", "ears")
    named = [(name, vars(asked)[name]) for name in names]
    return [Place(Path(path), f"--{name}") for name, path in named if path and Path(path).exists()]
