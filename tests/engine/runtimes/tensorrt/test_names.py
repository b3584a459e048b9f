"""Every name and keyword that our code uses of TensorRT and cuda-core is one that they have.

TensorRT cannot be run here, but its bindings can be asked. The wheels are looked for in the folder
that SOUNDGLASS_GPU_WHEELS names, else among the installed packages; without either, this is
skipped. The types of our variables are those that they are annotated with.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import zipfile
from pathlib import Path

import pytest

from tests.engine.runtimes.wheel_types import StubTypes, TensorRtTypes, tensorrt_from_wheel

ROOT = Path(__file__).parents[4]
FILES = [
    ROOT / "engine" / "runtimes" / "tensorrt" / name
    for name in ("model.py", "call.py", "engine.py", "log.py")
]


def wheel(pattern: str) -> Path | None:
    folder = os.environ.get("SOUNDGLASS_GPU_WHEELS")
    return next(iter(sorted(Path(folder).glob(pattern))), None) if folder else None


@pytest.fixture(scope="module")
def trt(tmp_path_factory: pytest.TempPathFactory) -> TensorRtTypes:
    found = wheel("tensorrt_cu1*_bindings*.whl")
    if found is not None:
        return TensorRtTypes(tensorrt_from_wheel(found, tmp_path_factory.mktemp("trt")))
    if importlib.util.find_spec("tensorrt") is None:
        pytest.skip("neither a wheel of tensorrt (SOUNDGLASS_GPU_WHEELS) nor tensorrt is here")
    return TensorRtTypes(importlib.import_module("tensorrt"))


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> StubTypes:
    found = wheel("cuda_core*.whl")
    if found is not None:
        folder = tmp_path_factory.mktemp("core")
        with zipfile.ZipFile(found) as archive:
            archive.extractall(folder)
        place = folder / "cuda" / "core"
    else:
        if importlib.util.find_spec("cuda") is None or not importlib.util.find_spec("cuda.core"):
            pytest.skip("neither a wheel of cuda-core (SOUNDGLASS_GPU_WHEELS) nor cuda-core here")
        place = Path(str(importlib.import_module("cuda.core").__file__)).parent
    return StubTypes(place / "cu13" if (place / "cu13").is_dir() else place)


class Uses(ast.NodeVisitor):
    """Walks a file and checks every use of the two libraries; `seen` are the uses found."""

    def __init__(self, trt: TensorRtTypes, core: StubTypes) -> None:
        self._trt, self._core = trt, core
        self._types: dict[str, tuple[str, str]] = {}
        """Variable, or self's attribute, to library and class."""
        self._parts: dict[str, tuple[str, str]] = {}
        """The same of what is in a mapping."""
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation is not None:
            self._note(node.arg, node.annotation)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._note(ast.unparse(node.target), node.annotation)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        kind = self._kind(node.value)
        if kind is not None and len(node.targets) == 1:
            self._types[ast.unparse(node.targets[0])] = kind
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        # What a function gives is annotated as well.
        if node.returns is not None and (found := self._class(node.returns)) is not None:
            self._types[f"{node.name}()"] = found
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        text = ast.unparse(node)
        if isinstance(node.value, ast.Name) and node.value.id == "trt":
            self._check(self._trt.has_name(node.attr), text)
        else:
            kind = self._kind(node.value)
            if kind is not None:
                library = self._trt if kind[0] == "trt" else self._core
                self._check(library.has(kind[1], node.attr), f"{kind[1]}.{node.attr}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        keywords = {k.arg for k in node.keywords if k.arg}
        if isinstance(node.func, ast.Attribute):
            kind = self._kind(node.func.value)
            if kind is not None:
                library = self._trt if kind[0] == "trt" else self._core
                ways = library.signatures(kind[1], node.func.attr)
                ok = any(way.takes(len(node.args), keywords) for way in ways)
                self._check(ok, f"{kind[1]}.{node.func.attr}({len(node.args)}, {keywords})")
        self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if (node.module or "").startswith("cuda.core"):
            for alias in node.names:
                self._check(
                    alias.name == "system" or self._core.has_name(alias.name), alias.name
                )
                if self._core.is_class(alias.name):
                    self._types[alias.name] = ("core", alias.name)

    def _note(self, name: str, annotation: ast.expr) -> None:
        found = self._class(annotation)
        if found is not None:
            whole = isinstance(annotation, ast.Subscript)
            (self._parts if whole else self._types)[name] = found

    def _class(self, annotation: ast.expr) -> tuple[str, str] | None:
        """The library's class in an annotation: of `trt.X`, `X`, `X | None`, `dict[str, X]`."""
        for node in ast.walk(annotation):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "trt":
                return "trt", node.attr
            if isinstance(node, ast.Name) and self._core.is_class(node.id) and node.id != "Call":
                return "core", node.id
        return None

    def _kind(self, node: ast.expr) -> tuple[str, str] | None:
        """Library and class of an expression; None where it is neither library's."""
        if isinstance(node, ast.Subscript):
            return self._parts.get(ast.unparse(node.value))
        text = ast.unparse(node)
        if text in self._types:
            return self._types[text]
        if text == "system":
            return None
        if isinstance(node, ast.Attribute):
            if ast.unparse(node.value) == "trt":
                return ("trt", node.attr) if self._trt.is_class(node.attr) else None
            owner = self._kind(node.value)
            if owner is None:
                # Another object's attribute of ours, by the name it has everywhere.
                return self._types.get(f"self.{node.attr}")
            return self._owned(owner, self._library(owner).attribute(owner[1], node.attr))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                owner = self._kind(node.func.value)
                if owner is not None:
                    ways = self._library(owner).signatures(owner[1], node.func.attr)
                    return self._owned(owner, ways[0].gives) if ways else None
            called = self._types.get(f"{ast.unparse(node.func)}()")
            return called or self._kind(node.func)
        return None

    def _owned(self, owner: tuple[str, str], name: str) -> tuple[str, str] | None:
        name = name.strip("'\"")
        if name == "cuda.core.system.Device":
            return "core", "system.Device"
        if owner[1].startswith("system.") and self._core.is_class(f"system.{name}"):
            return "core", f"system.{name}"
        return (owner[0], name) if self._library(owner).is_class(name) else None

    def _library(self, owner: tuple[str, str]) -> TensorRtTypes | StubTypes:
        return self._trt if owner[0] == "trt" else self._core

    def _check(self, ok: bool, what: str) -> None:
        self.seen.add(what)
        if not ok:
            self.faults.append(what)


def uses(trt: TensorRtTypes, core: StubTypes, text: str) -> Uses:
    found = Uses(trt, core)
    found.visit(ast.parse(text))
    return found


def test_every_use_is_of_something_that_is_there(trt: TensorRtTypes, core: StubTypes):
    seen: set[str] = set()
    for path in FILES:
        found = uses(trt, core, path.read_text("utf-8"))
        assert found.faults == [], f"{path.name} uses what is not there"
        seen |= found.seen
    # The check has eyes: these are used, in these ways.
    for expected in (
        "Builder.build_serialized_network", "IExecutionContext.execute_async_v3",
        "IOptimizationProfile.set_shape", "ICudaEngine.device_memory_size_v2",
        "Runtime.deserialize_cuda_engine", "Buffer.copy_to", "Graph.launch",
        "GraphBuilder.begin_building", "Device.create_stream", "Stream.create_graph_builder",
        "system.MemoryInfo.free", "Buffer.from_handle",
    ):  # fmt: skip
        assert any(expected in use for use in seen), f"{expected} was not looked at: {sorted(seen)}"


@pytest.mark.parametrize(
    "wrong",
    [
        "def f(builder: trt.Builder): builder.build_cuda_engine(1)",
        "def f(builder: trt.Builder): builder.create_network(explicit=1)",
        "def f(c: trt.IExecutionContext): c.execute_async_v2(0)",
        "def f(c: trt.IExecutionContext): c.set_input_shape('a')",
        "trt.BuilderFlag.FP16",
        "def f(b: Buffer): b.copy_to(b)",
        "def f(b: Buffer, s: Stream): b.copy_into(b, stream=s)",
        "def f(s: Stream): s.create_graph_builder(mode='x')",
        "def f(d: Device): d.to_system_device().memory_info.unused",
        "from cuda.core import PinnedMemory",
    ],
)
def test_a_wrong_use_is_found(trt: TensorRtTypes, core: StubTypes, wrong: str):
    assert uses(trt, core, wrong).faults


def test_the_functions_of_the_system_are_there(core: StubTypes):
    for name in (
        "get_num_devices", "get_user_mode_driver_version", "get_kernel_mode_driver_version"
    ):  # fmt: skip
        assert core.function(f"system.{name}").names == ()


def test_tensorrt_is_of_the_version_that_the_code_is_written_for(trt: TensorRtTypes):
    assert trt.has("BuilderFlag", "TF32")
    assert not trt.has("BuilderFlag", "FP16"), "precision is the ONNX file's"
