"""`soundglass export`: make a bundle from trained checkpoints, or from public ones."""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
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
the one it was made from. `soundglass export turbo` makes one from public checkpoints instead,
`soundglass export paper` one that paints as a paper's trained system does."""
EXAMPLES = """
soundglass export export/picturebook.toml -o bundles/mine
soundglass export turbo --help
soundglass export paper --run runs/macs -o bundles/macs
"""
_NEEDED = ("torch", "onnx", "onnxscript")
_NEEDED_TURBO = (*_NEEDED, "diffusers", "safetensors", "transformers")


@dataclass(frozen=True, slots=True)
class _Other:
    """A command of its own behind `export`."""

    module: str
    needed: tuple[str, ...]
    extra: str
    read: tuple[str, ...]
    """Its options that name what it reads; what is not on this disk is on a hub."""


_OTHERS = {
    "turbo": _Other("export.turbo", _NEEDED_TURBO, "export", ("diffusion", "vae", "ears")),
    "paper": _Other("export.paper", (*_NEEDED_TURBO, "webdataset"), "papers", ("run", "ears")),
}


class _ExportParser(OneLineParser):
    """Leaves everything after `turbo` or `paper` to the command of that name."""

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the parsed arguments, or another command with its own."""
        if arguments and arguments[0] in _OTHERS:
            return argparse.Namespace(other=arguments[0], rest=list(arguments[1:]))
        return super().parse(arguments)


def parser() -> OneLineParser:
    """Return the parser of `soundglass export`."""
    made = _ExportParser("export", ABOUT, EXAMPLES)
    made.add_argument(
        "spec", metavar="BUNDLE_SPEC", type=expand_path, help="TOML file; or turbo, paper"
    )
    made.add_argument(
        "-o", "--output", metavar="DIR", type=expand_path, required=True,
        help="folder of the bundle; an older bundle there is replaced",
    )  # fmt: skip
    made.add_argument(
        "--json", action="store_true", help="print what was measured while exporting as JSON too"
    )
    made.set_defaults(other=None)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Export; return the exit code."""
    if parsed.other is not None:
        return _run_other(_OTHERS[parsed.other], parsed.rest)
    check_apart(_named_in(parsed.spec), [Place(parsed.output, "--output", whole=True)])
    _check_installed(_NEEDED, "training")
    code = import_module("export.bundle.build").main(parsed.spec, parsed.output)
    if parsed.json and code == 0:
        facts = json.loads((parsed.output / "bundle.json").read_text(encoding="utf-8"))
        say_json(json.dumps(facts["measured"]))
    return code


def _run_other(other: _Other, rest: Sequence[str]) -> int:
    command = import_module(f"{other.module}.__main__")
    asked = command.parser().parse_args(rest)
    check_apart(_named_for(other, asked), [Place(asked.output, "--output", whole=True)])
    _check_installed(other.needed, other.extra)
    return command.main(rest)


def _check_installed(needed: Sequence[str], extra: str) -> None:
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise UserError(
            f"exporting needs {' and '.join(missing)}, not installed here; "
            f"pip install -c constraints.txt -e '.[{extra}]'"
        )


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


def _named_for(other: _Other, asked: argparse.Namespace) -> list[Place]:
    """Return what lies on this disk of the checkpoints that are asked for; others are on a hub."""
    named = [(name, vars(asked)[name]) for name in other.read]
    return [Place(Path(path), f"--{name}") for name, path in named if path and Path(path).exists()]
