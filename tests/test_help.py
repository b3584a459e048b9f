"""Help teaches on every machine: no library of an extra, nor of the show, is needed to print it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from live import cli

ROOT = Path(__file__).parents[1]

_REFUSE = """
import importlib.util, runpy, sys

REFUSED = set("torch onnx onnxscript onnx_ir diffusers transformers accelerate tensorboard "
              "matplotlib skia safetensors huggingface_hub scipy PyQt6 openvino onnxruntime av "
              "soundfile sounddevice tensorrt cuda pythonosc aiohttp zeroconf mido rtmidi "
              "segno prometheus_client "
              "link webdataset ray".split())

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
find = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name.partition(".")[0] in REFUSED else find(name)
module, *sys.argv[1:] = sys.argv[1:]
sys.argv[0] = module
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""

LIVE = [("live.program", name) for name in cli.COMMANDS]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
    for package in ("training", "export")
    for glob in ("*.py", "*/__main__.py", "papers/*.py")
    for path in sorted((ROOT / package).glob(glob))
    if 'if __name__ == "__main__"' in path.read_text("utf-8")
]


def without_libraries(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module where none of the libraries can be imported."""
    return subprocess.run(
        [sys.executable, "-c", _REFUSE, *arguments],
        capture_output=True, text=True, cwd=ROOT, timeout=110,
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [*LIVE, ("live.program", "export", "turbo"), *((name,) for name in MODULES)],
    ids=" ".join,
)
def test_help_needs_no_library(arguments: tuple[str, ...]) -> None:
    done = without_libraries(*arguments, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: " in done.stdout
    assert "--help" in done.stdout
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    "arguments",
    [
        ("live.program", "export", "turbo", "--diffusion", "a", "-o", "c"),
        ("live.program", "export", "spec.toml", "-o", "c"),
        ("live.program", "export", "paper", "--run", "a", "-o", "c"),
        ("live.program", "describe", "docs", "-o", "c.jsonl", "--ray", "auto"),
        ("training.train_separator", "--steps", "1"),
        ("training.distil", "runs"),
        ("export.sound", "--random", "-o", "out"),
        ("export.turbo", "--diffusion", "a", "-o", "c"),
        ("export.paper", "--run", "a", "-o", "c"),
    ],
    ids=" ".join,
)
def test_what_is_missing_is_said_when_it_is_needed(arguments: tuple[str, ...]) -> None:
    done = without_libraries(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "not installed here" in done.stderr
    assert "pip install -c constraints.txt -e '.[" in done.stderr
