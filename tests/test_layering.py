"""The rules of the house: who may import whom, how fast the command line loads, how long files are.

The rules are read out of the source with `ast`, so imports inside functions count as well.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "live", "training", "export")
STDLIB = frozenset(sys.stdlib_module_names) | {"__future__"}

QT = frozenset({"PyQt6"})
RUNTIMES = frozenset({"onnxruntime", "openvino", "tensorrt", "cuda", "onnx"})

ENGINE = frozenset({"numpy", "soxr", "platformdirs", "msgspec"})
LIVE = frozenset({"numpy", "soxr", "soundfile", "PIL", "av", "platformdirs", "tqdm", "msgspec"})
CONTROL = frozenset({"pythonosc", "aiohttp", "zeroconf", "mido", "rtmidi", "link"})
"""Of extras, and loaded only where a hand asks for them."""
SINKS = frozenset({"cyndilib", "pyvirtualcam"})
"""Of extras, and loaded only in a process that sends."""
CLUSTER = frozenset({"ray"})
"""The same: loaded where somebody asks for a cluster."""
WEB = frozenset({"aiohttp", "segno", "prometheus_client"})
"""The same."""
TRAINING = frozenset(
    {"numpy", "scipy", "soundfile", "soxr", "PIL", "torch", "accelerate", "skia", "tqdm", "onnx"}
    | {"matplotlib"}
)
PAPERS = frozenset(
    {"diffusers", "transformers", "webdataset", "msgspec", "safetensors", "av"}
    | {"huggingface_hub"}
)
"""Of `training/`, the papers' systems alone: public checkpoints, shards, videos."""
EXPORT = frozenset(
    {"numpy", "torch", "onnx", "onnx_ir", "onnxscript", "tqdm", "platformdirs", "PIL", "msgspec"}
    | {"transformers", "diffusers", "huggingface_hub", "safetensors"}
)

LONGEST_FILE = 400
"""Most files stay under 300 lines; none may pass this."""
MOST_FILES = 16
"""Beside one another in a folder."""


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


ALL = [path for package in PACKAGES for path in sources(package)]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every module that a file imports (`engine.sound.ring`, `numpy`) and its line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the layers"
            yield str(node.module), node.lineno


def allowed(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the other libraries and the own packages that a file may import."""
    inside = path.relative_to(ROOT)
    match inside.parts[0]:
        case "engine":
            runtime = RUNTIMES if inside.parts[1] == "runtimes" else frozenset()
            return ENGINE | runtime, frozenset({"engine"})
        case "live":
            other = LIVE
            if inside.parts[1] == "window" or inside.stem.startswith("window"):
                other |= QT
            if inside.parts[1] == "control":
                other |= CONTROL
            if inside.parts[1] == "sinks":
                other |= SINKS
            if inside.stem == "cluster":
                other |= CLUSTER
            if inside.parts[1] == "web" or inside.stem in ("chromium", "web_lookers"):
                other |= WEB
            if inside.name == "microphone.py":
                other |= {"sounddevice"}
            return other, frozenset({"engine", "live"})
        case "training":
            # the one command from nothing to a bundle ends with the exporters
            last = {"export"} if inside.parts[1] == "picturebook" else set()
            other = TRAINING | (PAPERS if inside.parts[1] == "papers" else frozenset())
            return other, frozenset({"engine", "training"} | last)
        case _:
            return EXPORT | RUNTIMES, frozenset({"engine", "training", "export"})


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_imports_stay_in_their_layer(path: Path) -> None:
    others, own = allowed(path)
    for module, line in imported(path):
        top = module.split(".")[0]
        where = f"{name_of(path)}:{line}"
        if top in PACKAGES:
            assert top in own, f"{where} imports {module}: {path.parts[-2]}/ may import {set(own)}"
        elif top not in STDLIB:
            assert top in others, f"{where} imports {module}, which does not belong there"


def test_training_takes_little_of_the_engine_and_measuring_all_of_it() -> None:
    shared = {"packets", "atmosphere_choice", "system", "bundle", "sound", "synthesis"}
    for path in sources("training"):
        if path.relative_to(ROOT).parts[1] in ("evaluate", "shipped"):
            continue  # the engine itself is what they measure, or take models from
        for module, line in imported(path):
            if module.startswith("engine."):
                part = module.split(".")[1]
                ok = part in shared or module == "engine.painting.atmosphere"
                assert ok, f"{name_of(path)}:{line} imports {module}"


ROOMS = {
    "engine": "",
    "engine.system": "",
    "engine.sound": "engine",
    "engine.synthesis": "engine",
    "engine.runtimes": "engine.system",
    "engine.bundle": "engine engine.system engine.runtimes",
    "engine.hearing": "engine engine.sound engine.runtimes engine.bundle",
    "engine.weather": "engine",
    "engine.motion": "engine",
    "engine.painting": "engine engine.runtimes engine.bundle engine.hearing engine.weather"
    " engine.motion",
    "live": "",
    "live.paths": "live",
    "live.sounds": "live live.paths",
    "live.clock": "live",
    "live.keep": "live",
    "live.settings": "live live.paths live.clock live.keep",
    "live.input": "live live.paths live.sounds",
    "live.view": "live.input",
    "live.compose": "live.view",
    "live.film": "live live.input live.view live.compose",
    "live.output": "live live.paths live.keep live.settings live.input live.view live.compose"
    " live.film",
    "live.sinks": "live live.input live.view live.film live.output",
    "live.stems": "live live.paths live.output",
    "live.files": "live live.paths live.settings live.sounds live.input live.view live.compose",
    "live.archives": "live live.paths live.settings live.sounds live.files",
    "live.machine": "live live.input",
    "live.show": "live live.paths live.clock live.settings live.sounds live.input live.view"
    " live.film live.output live.sinks live.stems live.files live.machine",
    "live.kiosk": "live live.paths live.settings live.show",
    "live.control": "live live.paths live.clock live.settings live.show",
    "live.web": "live live.paths live.settings live.view live.compose live.film live.output"
    " live.show live.control live.machine",
    "live.window": "live live.settings live.view live.compose live.show live.control",
    "live.bench": "live live.settings live.input live.view live.compose live.output live.show"
    " live.control live.machine live.web live.window",
    "live.soak": "live live.paths live.settings live.input live.machine live.show live.bench",
    "live.tuning": "live live.paths live.settings live.view live.compose live.show live.bench",
    "live.commands": "live live.paths live.settings live.sounds live.input live.compose live.output"
    " live.files live.archives live.show live.kiosk live.control live.machine live.web live.window"
    " live.bench live.soak live.tuning",
    "training": "",
    "training.loop": "",
    "training.sound": "training training.loop",
    "training.world": "training",
    "training.hearing": "training training.loop training.sound",
    "training.painting": "training training.loop training.world",
    "training.shipped": "training training.loop training.hearing training.painting",
    "training.judge": "training training.loop training.painting",
    "training.retrieval": "training.loop training.sound training.hearing training.painting",
    "training.evaluate": "training training.loop training.sound training.hearing"
    " training.painting training.judge",
    "training.picturebook": "training training.loop training.sound training.hearing"
    " training.painting training.retrieval training.evaluate commands",
    "training.papers": "training training.loop training.sound training.world training.judge"
    " training.retrieval",
    "export.graph": "",
    "export.bundle": "export.graph",
    "export.turbo": "export.graph export.bundle",
    "export.paper": "export.graph export.bundle export.turbo",
    "export.bench": "export.graph export.bundle",
}
"""A folder of each package and the folders of the same package that it may know. A package's own
name stands for the words at its top that everyone may use (`engine.packets`, `live.errors`); its
commands, which may know everything, are no room; "commands" is whoever runs them one by one."""
COMMANDS = frozenset({"live.cli", "live.program"})


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in ALL}


def room_of(module: str) -> str:
    """Return the room of one of our modules; "commands" is that of a package's commands."""
    path = MODULES[module]
    parts = path.relative_to(ROOT).parts
    if len(parts) > 2:
        return ".".join(parts[:2])
    is_command = module in COMMANDS or 'if __name__ == "__main__"' in path.read_text("utf-8")
    return "commands" if is_command else parts[0]


def ours(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules of this project that a file imports, `from live.window import app` too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [str(node.module)]
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from ((name, node.lineno) for name in found if name in MODULES)


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_a_room_knows_only_the_rooms_that_it_may(path: Path) -> None:
    room = room_of(module_of(path))
    if room == "commands" or path.name == "__init__.py":
        return
    assert room in ROOMS, f"{room} is a new room: say in ROOMS what it may know"
    known = {room, *ROOMS[room].split()}
    for module, line in ours(path):
        if MODULES[module].name == "__init__.py" or module.split(".")[0] != room.split(".")[0]:
            continue
        other = room_of(module)
        assert other in known, f"{name_of(path)}:{line} imports {module}: {room} may not know it"


def test_the_rooms_stand_in_an_order() -> None:
    above: set[str] = set()
    for room, known in ROOMS.items():
        after = set(known.split()) - above - {"commands"}
        assert not after, f"{room} knows {after}, which stand after it"
        above.add(room)


def test_no_imports_go_in_circles() -> None:
    imports = {
        module: {name for name, _ in ours(path) if MODULES[name].name != "__init__.py"} - {module}
        for module, path in MODULES.items()
    }
    while True:  # whatever imports nothing that is left cannot be part of a circle
        free = {module for module, others in imports.items() if not others & imports.keys()}
        if not free:
            break
        imports = {module: others for module, others in imports.items() if module not in free}
    assert not imports, f"these import one another, or what does: {sorted(imports)}"


def test_a_folder_is_seen_on_one_screen() -> None:
    for folder in sorted({path.parent for path in ALL}):
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(files) <= MOST_FILES, f"{name_of(folder)} has {len(files)} files: make a room"
        for path in files:
            room = folder.name.removesuffix("s")
            assert path.stem.removesuffix("s") != room, f"{name_of(path)} repeats its room"
            assert not path.stem.startswith(f"{room}_"), f"{name_of(path)} repeats its room"


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_files_are_small_and_named_after_one_thing(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{name_of(path)} has {lines} lines: split it by idea"
    assert path.stem not in ("utils", "util", "common", "helpers", "misc"), name_of(path)


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_public_thing_says_what_it_is(path: Path) -> None:
    tree = tree_of(path)
    if tree.body:
        assert ast.get_docstring(tree), f"{name_of(path)} has no docstring"
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and node.name != "main":  # the module tells about main
            assert ast.get_docstring(node), (
                f"{name_of(path)}:{node.lineno} {node.name} says nothing"
            )


def test_no_pickle_anywhere() -> None:
    for path in ALL:
        for module, line in imported(path):
            assert module.split(".")[0] not in ("pickle", "dill", "joblib"), f"{path}:{line}"


_PROBE = """
import json, sys, time
before = time.process_time()  # of the processor: others may have it meanwhile
import live.cli
took = time.process_time() - before
print(json.dumps({"took": took, "modules": sorted({name.split(".")[0] for name in sys.modules})}))
"""


def test_the_command_line_loads_at_once_and_without_the_heavy_libraries() -> None:
    def probe() -> dict:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    runs = [probe() for _ in range(3)]
    heavy = {"torch", "transformers", "diffusers", "PyQt6", "sounddevice", "onnxruntime"}
    heavy |= {"openvino", "numpy", "scipy", "av", *CONTROL, *SINKS, *WEB, *CLUSTER}
    assert not heavy & set(runs[0]["modules"])
    best = min(run["took"] for run in runs)  # the best of three: other work on the machine adds
    assert best < 0.3, f"import live.cli took {best:.3f} s"


_WITHOUT = """
import builtins, sys
real = builtins.__import__
def guarded(name, *rest, **more):
    if name.split(".")[0] in ("torch", "transformers", "diffusers", "onnx", "training", "export"):
        raise ImportError("not on this machine: " + name)
    return real(name, *rest, **more)
builtins.__import__ = guarded
import importlib
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def test_every_live_and_engine_module_loads_without_torch() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("engine", "live")
        for path in sources(package)
        if path.name != "openvino.py"
    ]
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
